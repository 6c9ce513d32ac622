using CnnMlNet;

namespace FashionMnist;

/// <summary>Training on the console: a progress bar that is redrawn after each batch, and one line an epoch.</summary>
internal sealed class TrainingView
{
    private const int BarWidth = 24;

    private int _epochs;
    private double _imagesPerSecond;

    public void OnBatchEnd(BatchReport report)
    {
        (_epochs, _imagesPerSecond) = (report.Epochs, report.ImagesPerSecond);
        if (Console.IsOutputRedirected) return;   // a bar is for a terminal; a log keeps the lines
        int done = BarWidth * report.Batch / report.Batches;
        Console.Write(
            $"\r[{new string('=', done)}{new string(' ', BarWidth - done)}] epoch {report.Epoch}/{report.Epochs}  loss {report.EpochLoss:F4}  " +
            $"accuracy {report.EpochAccuracy:P1}  {report.ImagesPerSecond:N0} images/s  {report.Remaining:m\\:ss} left ");
    }

    public void OnEpochEnd(EpochReport report)
    {
        if (!Console.IsOutputRedirected) Console.Write("\r" + new string(' ', BarWidth + 80) + "\r");
        Console.WriteLine(
            $"epoch {report.Epoch,2}/{_epochs}  loss {report.Loss:F4}  accuracy {report.Accuracy:P1}  validation loss {report.ValidationLoss:F4}  " +
            $"validation accuracy {report.ValidationAccuracy:P1}  {_imagesPerSecond:N0} images/s  {report.Seconds:F1} s");
    }
}
