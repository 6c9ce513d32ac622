namespace CnnMlNet.Training;

/// <summary>Shows one training while it runs; disposed when it ends, however it ends. Called on the training thread, before the user's callbacks.</summary>
internal interface ITrainingDisplay : IDisposable
{
    /// <summary>After a batch that is reported.</summary>
    void OnBatchEnd(BatchReport report);

    /// <summary>After an epoch.</summary>
    /// <param name="report">What it came to.</param>
    /// <param name="epochs">Epochs asked for.</param>
    void OnEpochEnd(EpochReport report, int epochs);
}
