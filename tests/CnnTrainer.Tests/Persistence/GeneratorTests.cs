using Microsoft.ML;
using TorchSharp;

namespace CnnMlNet.Tests.Persistence;

/// <summary>Nothing that runs beside a training draws from what it draws from.</summary>
[TestClass]
public sealed class GeneratorTests
{
    private static readonly CnnTrainerOptions Options = Some.Options with { Architecture = Some.AllLayers, Epochs = 20 };

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_WhileAnotherThreadLoads_GivesTheSameBytes()
    {
        using var alone = Some.Trained(_ml, Options);
        var expected = ModelStream.Write(alone);
        using var stop = new CancellationTokenSource();
        int loads = 0;
        var loading = Task.Run(() =>
        {
            torch.set_num_threads(1);
            for (; !stop.IsCancellationRequested; loads++) ModelStream.Read(expected).Dispose();
        });
        for (int run = 0; run < 3 || loads < 20; run++)
        {
            using var beside = Some.Trained(Some.Context(), Options);
            CollectionAssert.AreEqual(Weights.Of(alone), Weights.Of(beside), $"run {run}, {loads} loads");
        }

        stop.Cancel();
        loading.Wait();
    }

    [TestMethod]
    public void FitLoadSummarizeScore_LibTorchsGenerator_IsLeftAsItWas()
    {
        using var scope = torch.NewDisposeScope();
        var before = State();
        using var model = Some.Trained(_ml, Options with { Epochs = 2, ValidationFraction = 0.2 });
        CollectionAssert.AreEqual(before, State(), "Fit");
        var zip = ModelZip.Save(_ml, model);
        CollectionAssert.AreEqual(before, State(), "Save");
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, zip);
        CollectionAssert.AreEqual(before, State(), "Load");
        Some.FlatScores(loaded.Transform(Some.Images(_ml)));
        CollectionAssert.AreEqual(before, State(), "Transform");
        Options.Architecture.Summarize(Some.Shape, 3);
        CollectionAssert.AreEqual(before, State(), "Summarize");
        Assert.Throws<Exception>(() => new CnnTrainer(_ml, Options with { OnEpochEnd = _ => throw new InvalidOperationException("stop") }).Fit(Some.Keyed(_ml)));
        CollectionAssert.AreEqual(before, State(), "a Fit that fails");
        torch.rand(1).Dispose();
        CollectionAssert.AreNotEqual(before, State(), "who draws from it changes it");
    }

    [TestMethod]
    public void FitLoadSummarizeScore_NetworkWithAModule_LeavesTheGeneratorToo()
    {
        CnnModules.Register("GeneratorTests", input => torch.nn.Conv2d(input.Channels, 2, 3L));
        using var scope = torch.NewDisposeScope();
        var architecture = new CnnArchitecture(Layer.Module("GeneratorTests").Named("own"), Layer.Relu(), Layer.Flatten(), Layer.Output());
        var before = State();
        using var model = Some.Trained(_ml, Options with { Architecture = architecture, Epochs = 2 });
        using var same = Some.Trained(_ml, Options with { Architecture = architecture, Epochs = 2 });
        CollectionAssert.AreEqual(Weights.Of(model), Weights.Of(same));
        using var loaded = (CnnTransformer)ModelZip.Load(_ml, ModelZip.Save(_ml, model));
        CollectionAssert.AreEqual(ModelStream.Write(model), ModelStream.Write(loaded));
        Some.FlatScores(loaded.Transform(Some.Images(_ml)));
        architecture.Summarize(Some.Shape, 3);
        CollectionAssert.AreEqual(before, State());
    }

    private static byte[] State()
    {
        using var state = torch.Generator.Default.get_state();
        return state.bytes.ToArray();
    }
}
