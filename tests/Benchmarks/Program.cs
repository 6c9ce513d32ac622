using CnnMlNet.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- training|scoring|scaler
switch (args)
{
    case ["training"]:
        return Comparison.Run("training S1's network", "images", "peer_training.py", new Training().ImagesPerSecond);
    case ["scoring"]:
        using (var scoring = new Scoring())
        {
            int result = Comparison.Run("scoring with S1's network", "images", "peer_scoring.py", scoring.ImagesPerSecond);
            double calls = Comparison.Median([.. Enumerable.Range(0, 5).Select(_ => scoring.PredictionsPerSecond())]);
            Console.WriteLine($"PredictionEngine: {calls:N0} calls per second (median of 5)");
            return result;
        }

    case ["scaler"]:
        return Comparison.Run("StandardScale, fit and transform", "rows", "peer_scaler.py", new Scaling().RowsPerSecond);
    default:
        Console.Error.WriteLine("One of: training, scoring, scaler.");
        return 1;
}
