using System.Diagnostics;
using CnnMlNet.Heads;
using CnnMlNet.Images;
using CnnMlNet.Interop;
using static TorchSharp.torch;

namespace CnnMlNet.Training;

/// <summary>Finds out by a measurement which precision is the faster: whether a processor computes in bfloat16 cannot be asked for.</summary>
internal static class PrecisionChoice
{
    private const int Rounds = 3;
    private const double LeastGain = 1.1;   // less is noise, and not worth the digits

    /// <summary>Times forward and backward of a batch.</summary>
    /// <param name="network">A network to throw away, on the device that is to be used.</param>
    /// <param name="criterion">The loss.</param>
    /// <param name="batch">A full batch.</param>
    /// <param name="seed">Of what the layers draw.</param>
    /// <returns>The choice, and why.</returns>
    public static (Precision Choice, string Reason) Measure(Network network, Criterion criterion, LoadedBatch batch, int seed)
    {
        using var random = TorchRuntime.BorrowGenerator(seed, network.Device);
        using var dropout = new Generator((ulong)seed, network.Device);
        network.Random = dropout;
        network.train();
        var (choice, half, single) = Faster(Step);
        return (choice, FormattableString.Invariant(
            $"a batch of {batch.Images.shape[0]} takes {half:G3} ms forward and back in bfloat16, {single:G3} ms in float32"));

        void Step(bool isBFloat16)
        {
            using var scope = NewDisposeScope();
            network.TrainsInBFloat16 = isBFloat16;
            var loss = criterion.Loss(network.call(batch.Images), batch);
            loss.backward();
            _ = loss.item<float>();   // on a GPU this waits
            foreach (var (_, parameter) in network.Trained) parameter.grad = null;
        }
    }

    /// <summary>Which precision is faster by enough, and the milliseconds of each.</summary>
    /// <param name="work">What is timed, in bfloat16 or not; it waits for the device.</param>
    public static (Precision Choice, double Half, double Single) Faster(Action<bool> work)
    {
        var (single, half) = (double.MaxValue, double.MaxValue);
        for (int round = -1; round < Rounds; round++)   // taking turns: a busy moment hits both. The first round only warms up
        {
            var (first, second) = (Time(isBFloat16: false), Time(isBFloat16: true));
            if (round >= 0) (single, half) = (Math.Min(single, first), Math.Min(half, second));
        }

        return (single >= LeastGain * half ? Precision.BFloat16 : Precision.Full, half, single);

        double Time(bool isBFloat16)
        {
            long began = Stopwatch.GetTimestamp();
            work(isBFloat16);
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
    }
}
