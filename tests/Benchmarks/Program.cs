using CnnMlNet.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- training|scoring|scaler|images DIR|precision [FOLDER]|models [NAME ...]|--model NAME|--cost NAME
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
    case ["images", var folder]:
        return Images.Compare(Path.GetFullPath(folder));
    case ["precision", .. var folders]:
        return PrecisionAccuracy.Print(folders);
    case ["--model", ..]:
        return Models.Measure(args);
    case ["models", .. var names]:
        return WholeRun.Start(names);
    case ["--cost", var cost, .. var asked]:
        return Cost.Run(cost, asked);
    case ["--busy"]:
        return BusyProcess.Spin();
    case ["--libtorch"]:
        return WholeRun.PrintLibTorch();
    default:
        Console.Error.WriteLine("One of: training, scoring, scaler, images DIR (class folders of photographs), precision [FOLDER] (with the files of Fashion-MNIST), models [--rounds N] [--out FILE] [NAME ...], --model NAME [option value ...], --cost NAME [argument ...].");
        return 1;
}
