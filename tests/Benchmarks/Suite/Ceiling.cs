namespace CnnMlNet.Benchmarks;

/// <summary>A network's convolutions and matrices alone, each in the layout in which LibTorch is fastest.</summary>
/// <param name="Train">Images per second, forward and backward.</param>
/// <param name="Infer">Images per second.</param>
/// <param name="TrainGflops">Rate of training, in 10^9 floating-point operations per second.</param>
/// <param name="InferGflops">Rate of scoring.</param>
internal sealed record Ceiling(double Train, double Infer, double TrainGflops, double InferGflops)
{
    public static Ceiling Measure(BenchmarkModel model)
    {
        var numbers = Child.Numbers(Child.Python("peer_ceilings.py", Machine.Threads, model.Name));
        return new(numbers["train"], numbers["infer"], numbers["train_gflops"], numbers["infer_gflops"]);
    }
}
