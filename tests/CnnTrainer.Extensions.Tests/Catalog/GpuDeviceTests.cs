using Microsoft.ML;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace CnnMlNet.Tests.Catalog;

/// <summary>What is asked for and not there. Where there is a GPU these say nothing, and are skipped.</summary>
[TestClass]
public sealed class GpuDeviceTests
{
    private readonly MLContext _ml = Some.Context();
    private readonly List<LoggingEventArgs> _warnings = [];

    public GpuDeviceTests() => _ml.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning) _warnings.Add(message);
    };

    [TestInitialize]
    public void SkipWithAGpu()
    {
        if (torch.cuda.is_available()) Assert.Inconclusive("LibTorch sees a CUDA device here.");
    }

    [TestMethod]
    public void Fit_GpuOfTheContextWithFallback_TrainsOnTheCpuAndWarnsOnce()
    {
        (_ml.GpuDeviceId, _ml.FallbackToCpu) = (0, true);

        using var model = Trainer().Fit(Some.Keyed(_ml));

        Assert.AreEqual("cpu", model.Model.History.Device);
        Assert.HasCount(1, _warnings);
        StringAssert.Contains(_warnings[0].Message, "GPU 0 was asked for, but LibTorch sees 0 CUDA devices.");
        StringAssert.Contains(_warnings[0].Message, "TorchSharp-cuda-linux");
        StringAssert.Contains(_warnings[0].Message, "Computing on the CPU instead");
    }

    [TestMethod]
    public void Fit_GpuOfTheContextWithoutFallback_Throws()
    {
        (_ml.GpuDeviceId, _ml.FallbackToCpu) = (1, false);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Trainer().Fit(Some.Keyed(_ml)));

        StringAssert.Contains(error.Message, "GPU 1 was asked for, but LibTorch sees 0 CUDA devices.");
        StringAssert.Contains(error.Message, "or use ComputeDevice.Cpu");
    }

    [TestMethod]
    public void Fit_NegativeGpuOfTheContext_IsNoWayAroundTheFallbackAndTheMessage()
    {
        (_ml.GpuDeviceId, _ml.FallbackToCpu) = (-1, false);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Trainer().Fit(Some.Keyed(_ml)));
        StringAssert.Contains(error.Message, "GPU -1 was asked for, but GPUs count from 0. Leave MLContext.GpuDeviceId unset");

        _ml.FallbackToCpu = true;
        using var model = Trainer().Fit(Some.Keyed(_ml));
        Assert.AreEqual("cpu", model.Model.History.Device);
        StringAssert.Contains(_warnings.Single().Message, "GPU -1 was asked for");
    }

    [TestMethod]
    public void Fit_ExplicitCuda_ThrowsEvenWithFallback()
    {
        _ml.FallbackToCpu = true;

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.MulticlassClassification.Trainers.Cnn(Some.Options with { Device = ComputeDevice.Cuda(0) }).Fit(Some.Keyed(_ml)));

        StringAssert.Contains(error.Message, "GPU 0 was asked for");
    }

    [TestMethod]
    public void Fit_ExplicitCpu_OverridesTheContextSilently()
    {
        (_ml.GpuDeviceId, _ml.FallbackToCpu) = (0, false);

        using var model = _ml.MulticlassClassification.Trainers.Cnn(Some.Options with { Device = ComputeDevice.Cpu, Epochs = 1 }).Fit(Some.Keyed(_ml));

        Assert.AreEqual("cpu", model.Model.History.Device);
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void Fit_NoGpuSet_DoesNotWarn()
    {
        using var model = Trainer().Fit(Some.Keyed(_ml));

        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void Load_GpuOfTheContextWithFallback_ScoresOnTheCpuAndWarnsOnce()
    {
        using var trained = Trainer().Fit(Some.Keyed(_ml));
        var zip = ModelZip.Save(_ml, trained);
        (_ml.GpuDeviceId, _ml.FallbackToCpu) = (0, true);

        var loaded = ModelZip.Load(_ml, zip);

        Assert.HasCount(1, _warnings);
        CollectionAssert.AreEqual(Some.FlatScores(trained.Transform(Some.Keyed(_ml))), Some.FlatScores(loaded.Transform(Some.Keyed(_ml))));
        (loaded as IDisposable)?.Dispose();
    }

    private CnnTrainer Trainer() => _ml.MulticlassClassification.Trainers.Cnn(Some.Options with { Epochs = 1 });
}
