using CnnMlNet;
using CnnMlNet.Tests;

/// <summary>Ways to leave a process while other threads are in the middle of native work.</summary>
internal static class Exits
{
    private const int Busy = 2;   // threads of each kind

    /// <param name="how">return, exit, batch, epoch, pool, or late: what leaves.</param>
    /// <param name="milliseconds">How long work goes on before.</param>
    public static int Leave(string how, int milliseconds)
    {
        using var begun = new CountdownEvent(3 * Busy);
        var ml = Some.Context();
        var model = Some.Trained(ml);
        ThreadPool.SetMinThreads(4 * Busy, 1);   // the pool makes no new threads while the processor is busy
        for (int i = 0; i < Busy; i++)
        {
            Start(how, () => Fit(begun, how, milliseconds));
            Start(how, () => Score(begun, model));
            Start(how, () => SaveAndLoad(begun, model));
        }

        begun.Wait();
        if (how is "batch" or "epoch") Thread.Sleep(Timeout.Infinite);
        if (how == "late") AppDomain.CurrentDomain.ProcessExit += (_, _) => Some.FlatScores(model.Transform(Some.Images(ml)));
        Thread.Sleep(milliseconds);
        if (how is "exit" or "late") Environment.Exit(0);
        return 0;
    }

    private static void Start(string how, Action work)
    {
        if (how == "pool") Task.Run(work);
        else new Thread(() => work()) { IsBackground = true }.Start();
    }

    private static void Fit(CountdownEvent begun, string how, int milliseconds)
    {
        long leaveAt = Environment.TickCount64 + milliseconds;
        bool first = true;
        var options = Some.Options with
        {
            Epochs = int.MaxValue,
            Threads = null,
            OnBatchEnd = _ =>
            {
                if (first) begun.Signal();
                first = false;
                if (how == "batch" && begun.IsSet && Environment.TickCount64 > leaveAt) Environment.Exit(0);
            },
            OnEpochEnd = _ =>
            {
                if (how == "epoch" && begun.IsSet && Environment.TickCount64 > leaveAt) Environment.Exit(0);
            },
        };
        Some.Trained(Some.Context(), options with { Epochs = 1, OnBatchEnd = null, OnEpochEnd = null }).Dispose();
        Some.Trained(Some.Context(), options);
    }

    private static void Score(CountdownEvent begun, CnnTransformer model)
    {
        var ml = Some.Context();
        var engine = ml.Model.CreatePredictionEngine<ImageRow, Prediction>(model, inputSchemaDefinition: Some.Definition<ImageRow>());
        var row = Some.Rows(1).First();
        for (bool first = true; ; first = false)
        {
            engine.Predict(row);
            Some.FlatScores(model.Transform(Some.Images(ml)));
            if (first) begun.Signal();
        }
    }

    private static void SaveAndLoad(CountdownEvent begun, CnnTransformer model)
    {
        var ml = Some.Context();
        for (bool first = true; ; first = false)
        {
            (ModelZip.Load(ml, ModelZip.Save(ml, model)) as IDisposable)?.Dispose();
            if (first) begun.Signal();
        }
    }
}
