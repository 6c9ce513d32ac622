using CnnMlNet.Training;
using static TorchSharp.torch;

namespace CnnMlNet.Scoring;

/// <summary>Finds out by a measurement in which precision a network scores faster on this machine.</summary>
internal static class ScoringPrecisionChoice
{
    private const double MostProducts = 4e9;   // of a batch: some 20 milliseconds of a processor

    /// <summary>Times a batch of images, all of ones.</summary>
    /// <param name="model">A model that can score in both.</param>
    /// <returns>The model with its choice, and what the log says of it.</returns>
    public static (ScoringModel Model, string Reason) Measure(ScoringModel model)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var shape = model.Format.Shape;
        int rows = (int)Math.Clamp(MostProducts / Math.Max(model.MultiplyAdds, 1), 1, Scorer.RowsWithin(model.ValuesPerRow([])));
        var images = ones([rows, shape.Height, shape.Width, shape.Channels]).permute(0, 3, 1, 2).to(model.Network.Device);
        var (choice, half, single) = PrecisionChoice.Faster(Score);
        return (model with { Precision = choice }, FormattableString.Invariant(
            $"Scoring precision: {(choice == Precision.Full ? "float32" : "bfloat16")}, because a batch of {rows} takes {half:G3} ms in bfloat16, {single:G3} ms in float32."));

        void Score(bool isBFloat16)
        {
            using var inner = NewDisposeScope();
            var seen = images.clone();   // a user's module may change it in place
            _ = (isBFloat16 ? model.Network.ForwardInBFloat16(seen) : model.Network.call(seen)).sum().item<float>();   // on a GPU this waits
        }
    }
}
