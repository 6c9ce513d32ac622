using TorchSharp;

// Tensor.TotalCount and the number of threads belong to the process.
[assembly: DoNotParallelize]

namespace CnnMlNet.Tests;

[TestClass]
public static class Setup
{
    /// <summary>LibTorch is loaded by a first training; from then on tiny networks score with one thread, which a busy machine cannot stall.</summary>
    [AssemblyInitialize]
    public static void UseOneThread(TestContext context)
    {
        using var model = Some.Trained(Some.Context());
        torch.set_num_threads(1);
    }
}
