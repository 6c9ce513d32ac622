using Microsoft.ML;
using static TorchSharp.torch;

namespace CnnMlNet.Tests;

/// <summary>A user's own TorchSharp module as a layer.</summary>
[TestClass]
public sealed class OwnModuleTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void Fit_OwnModule_TrainsEveryParameterAndLearns()
    {
        var options = Options("Trains", input => new OwnNetworks.Block(input.Channels)) with { Epochs = 20 };
        var first = Weights(options with { Optimizer = Optimizer.Sgd(1e-30), Epochs = 1 });
        using var model = Some.Trained(_ml, options);
        var trained = model.Model.Network.Weights;
        CollectionAssert.AreEqual(
            new[] { "0.conv.weight", "0.conv.bias", "0.norm.weight", "0.norm.bias", "0.norm.running_mean", "0.norm.running_var", "0.norm.num_batches_tracked", "3.weight", "3.bias" },
            trained.Keys.ToArray());
        foreach (var (path, values) in first.Where(pair => !pair.Key.Contains("num_batches"))) CollectionAssert.AreNotEqual(values, Values(trained[path]), path);
        Assert.AreEqual(80L, trained["0.norm.num_batches_tracked"].item<long>(), "4 batches of 20 epochs");
        Assert.IsGreaterThan(0.9, _ml.MulticlassClassification.Evaluate(model.Transform(Some.Keyed(_ml, seed: 2))).MicroAccuracy);
    }

    [TestMethod]
    public void Score_OwnDropoutAndBatchNorm_AreInEvalMode()
    {
        using var model = Some.Trained(_ml, Options("Evaluates", input => new OwnNetworks.Block(input.Channels)));
        var all = Some.Scores(model.Transform(Some.Images(_ml)));
        CollectionAssert.AreEqual(all.SelectMany(row => row).ToArray(), Some.FlatScores(model.Transform(Some.Images(_ml))), "no dropout");
        var alone = Some.Scores(model.Transform(_ml.Data.TakeRows(Some.Images(_ml), 1)));
        foreach (var (expected, actual) in all[0].Zip(alone[0])) Assert.AreEqual(expected, actual, 1e-6f, "a row does not depend on its neighbours");
    }

    [TestMethod]
    public void Fit_SameSeed_GivesTheSameBytes()
    {
        var options = Options("Repeats", input => new OwnNetworks.Block(input.Channels));
        CollectionAssert.AreEqual(Bytes(options), Bytes(options));
        manual_seed(3);
        CollectionAssert.AreEqual(Bytes(options), Bytes(options));
        CollectionAssert.AreNotEqual(Bytes(options), Bytes(options with { Seed = 8 }));
    }

    [TestMethod]
    public void Fit_TwoModulesOfOneFactory_StartWithOtherWeights()
    {
        CnnModules.Register("OwnModuleTests.Twice", input => new OwnNetworks.Block(input.Channels));
        var architecture = new CnnArchitecture(
            Layer.Conv(4, 1), Layer.Module("OwnModuleTests.Twice"), Layer.Module("OwnModuleTests.Twice"), Layer.Flatten(), Layer.Output());
        var weights = Weights(Some.Options with { Architecture = architecture, Optimizer = Optimizer.Sgd(1e-30), Epochs = 1 });
        CollectionAssert.AreNotEqual(weights["1.conv.weight"], weights["2.conv.weight"]);
    }

    [TestMethod]
    public void Fit_TwoModulesWithoutWeights_Works()
    {
        CnnModules.Register("OwnModuleTests.Weightless", _ => new OwnNetworks.Draws());
        var architecture = new CnnArchitecture(
            Layer.Module("OwnModuleTests.Weightless"), Layer.Sequence(Layer.Module("OwnModuleTests.Weightless")).Named("s"), Layer.Flatten(), Layer.Output());
        using var model = Some.Trained(_ml, Some.Options with { Architecture = architecture });
        Assert.AreEqual(StopReason.Completed, model.Model.History.StopReason);
    }

    [TestMethod]
    public void Register_FieldsThatTheConstructorDidNotRegister_AreFound()
    {
        var weights = Weights(Options("Unregistered", input => new OwnNetworks.Block(input.Channels, register: false)));
        CollectionAssert.Contains(weights.Keys.ToArray(), "0.conv.weight");
    }

    [TestMethod]
    public void Save_OwnModule_LoadsWhereTheFactoryIsRegistered()
    {
        var options = Options("Loads", input => new OwnNetworks.Block(input.Channels));
        using var model = Some.Trained(_ml, options);
        var zip = ModelZip.Save(_ml, model);
        manual_seed(77);   // what the factory draws is no part of the model
        using var loaded = (CnnTransformer)ModelZip.Load(new MLContext(), zip);
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Some.Images(_ml))), Some.FlatScores(loaded.Transform(Some.Images(_ml))));
        CollectionAssert.AreEqual(ModelZip.Envelope(zip), ModelZip.Envelope(ModelZip.Save(_ml, loaded)));
    }

    [TestMethod]
    public void Save_OwnModule_LoadsInAnotherProcessThatRegistersIt()
    {
        using var folder = new TempFolder();
        CnnModules.Register("Probe.Block", input => new OwnNetworks.Block(input.Channels));
        var options = Some.Options with { Architecture = new CnnArchitecture(Layer.Module("Probe.Block"), Layer.Relu(), Layer.Flatten(), Layer.Output()) };
        using var model = Some.Trained(_ml, options);
        File.WriteAllBytes(folder.File("model.zip"), ModelZip.Save(_ml, model));
        var (code, _, errors) = ProbeProcess.Run("score-own", folder.File("model.zip"), folder.File("scores.bin"));
        Assert.AreEqual(0, code, errors);
        var scores = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder.File("scores.bin"))).ToArray();
        CollectionAssert.AreEqual(Some.FlatScores(model.Transform(Some.Images(_ml))), scores);

        var (failed, _, message) = ProbeProcess.Run("score", folder.File("model.zip"), folder.File("none.bin"));
        Assert.AreNotEqual(0, failed);
        StringAssert.Contains(message, "No factory is registered under 'Probe.Block': call CnnModules.Register(\"Probe.Block\", input => ...) before the model is made or loaded.");
    }

    [TestMethod]
    public void Fit_NameThatNobodyRegistered_NamesTheOnesThereAre()
    {
        CnnModules.Register("OwnModuleTests.Known", _ => new OwnNetworks.Draws());
        var options = Some.Options with { Architecture = new CnnArchitecture(Layer.Module("OwnModuleTests.Unknown"), Layer.Flatten(), Layer.Output()) };
        var error = Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, options));
        StringAssert.StartsWith(error.Message, "No factory is registered under 'OwnModuleTests.Unknown': call CnnModules.Register(");
        StringAssert.Contains(error.Message, "OwnModuleTests.Known");
        Assert.ThrowsExactly<ArgumentException>(() => CnnModules.Register(" ", _ => new OwnNetworks.Draws()));
        Assert.ThrowsExactly<ArgumentNullException>(() => CnnModules.Register("x", null!));
    }

    [TestMethod]
    public void Fit_FactoryThatFails_IsToldWithItsCause()
    {
        var cause = new FormatException("mine");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, Options("Throws", _ => throw cause)));
        Assert.AreEqual("The factory 'OwnModuleTests.Throws' failed for an input [1, 8, 8]: mine", error.Message);
        Assert.AreSame(cause, error.InnerException);
        error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, Options("Null", _ => null!)));
        Assert.AreEqual("The factory 'OwnModuleTests.Null' gave null instead of a module.", error.Message);
    }

    [TestMethod]
    public void Fit_ModuleThatDoesNotFit_IsToldWithItsLayer()
    {
        AssertMisfit("Flat", x => x.flatten(), "its module gives [128] for two images; [2, F] or [2, C, H, W] is needed");
        AssertMisfit("Nothing", _ => null!, "its module gives null");
        AssertMisfit("Fails", _ => throw new FormatException("mine"), "its module failed on [2, 1, 8, 8]: mine");
        AssertMisfit("Compares", x => x.eq(x), "its module gives Bool; Float32 is needed");
        AssertMisfit("Half", x => x, "its weight 'scale' is Float16; Float32 and Int64 can be saved", ScalarType.Float16);
        AssertMisfit("Double", x => x, "its weight 'scale' is Float64; Float32 and Int64 can be saved", ScalarType.Float64);

        void AssertMisfit(string name, Func<Tensor, Tensor> forward, string reason, ScalarType type = ScalarType.Float32)
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, Options(name, _ => new OwnNetworks.Does(forward, type))));
            Assert.AreEqual($"Layer 1 (Module OwnModuleTests.{name}) does not fit its input [1, 8, 8]: {reason}.", error.Message);
        }
    }

    [TestMethod]
    public void Fit_ModuleThatChangesItsMind_IsToldWithItsLayer()
    {
        var options = Options("Moody", _ => new OwnNetworks.Does(x => x.shape[0] > 2 ? throw new FormatException("mine") : x));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, options));
        Assert.AreEqual("Layer 1 (Module OwnModuleTests.Moody) failed on Float32 [16, 1, 8, 8]: mine", error.Message);

        options = Options("Shrinks", _ => new OwnNetworks.Does(x => x.narrow(0, 0, 2)));
        error = Assert.ThrowsExactly<InvalidOperationException>(() => Some.Trained(_ml, options));
        Assert.AreEqual("Layer 1 (Module OwnModuleTests.Shrinks) gives Float32 [2, 1, 8, 8] for Float32 [16, 1, 8, 8]; Float32 [16, 1, 8, 8] is needed.", error.Message);

        int made = 1;
        options = Options("Grows", input => new OwnNetworks.Block(input.Channels + made++));
        var misfit = Assert.Throws<Exception>(() => Some.Trained(_ml, options));
        StringAssert.Contains(misfit.Message, "OwnModuleTests.Grows");
    }

    private static CnnTrainerOptions Options(string name, Func<ActivationShape, nn.Module<Tensor, Tensor>> factory)
    {
        CnnModules.Register("OwnModuleTests." + name, factory);
        return Some.Options with { Architecture = new CnnArchitecture(Layer.Module("OwnModuleTests." + name), Layer.Relu(), Layer.Flatten(), Layer.Output()) };
    }

    private static Dictionary<string, float[]> Weights(CnnTrainerOptions options)
    {
        using var model = Some.Trained(Some.Context(), options);
        return model.Model.Network.Weights.Where(pair => pair.Value.dtype == ScalarType.Float32).ToDictionary(pair => pair.Key, pair => Values(pair.Value));
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    private static byte[] Bytes(CnnTrainerOptions options)
    {
        var ml = Some.Context();
        using var model = Some.Trained(ml, options);
        return ModelZip.Trained(ModelZip.Save(ml, model));
    }
}
