using Microsoft.ML;
using TorchSharp;

namespace CnnMlNet.Tests.Scoring;

/// <summary>Heat maps of networks with users' modules, and what cannot be explained.</summary>
[TestClass]
public sealed class ExplainedModuleTests
{
    private const string Module = "ExplainedModuleTests";

    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void GradCam_OwnModuleLast_IsThatModules()
    {
        CnnModules.Register(Module + ".Block", input => new OwnNetworks.Block(input.Channels));
        using var model = Trained(Layer.Module(Module + ".Block"), Layer.MaxPool(2));
        using var same = model.With([ExtraColumn.GradCam(layer: "1")]);
        Assert.IsTrue(Maps(model).Any(value => value == 1));
        CollectionAssert.AreEqual(Maps(same), Maps(model));
    }

    [TestMethod]
    public void GradCam_ModuleThatChangesItsInputInPlace_ExplainsWhatCameBefore()
    {
        using Scalar half = 0.5;
        CnnModules.Register(Module + ".InPlace", _ => new OwnNetworks.Does(x => x.mul_(half)));
        CnnModules.Register(Module + ".Plain", _ => new OwnNetworks.Does(x => x.mul(half)));
        using var model = Trained(Layer.Module(Module + ".InPlace"));
        using var plain = Trained(Layer.Module(Module + ".Plain"));
        using var before = model.With([ExtraColumn.GradCam(layer: "0")]);
        using var expected = plain.With([ExtraColumn.GradCam(layer: "0")]);
        CollectionAssert.AreEqual(Maps(expected), Maps(before));
    }

    [TestMethod]
    public void GradCam_ModuleWithoutGradients_SaysWhy()
    {
        CnnModules.Register(Module + ".Detached", _ => new OwnNetworks.Does(x => x.detach()));
        using var model = Trained(Layer.Module(Module + ".Detached"));
        using var before = model.With([ExtraColumn.GradCam(layer: "0")]);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Maps(before));
        StringAssert.StartsWith(error.Message, "Grad-CAM: no gradient comes back from the outputs to the layer '0'.");
        Assert.IsTrue(Maps(model).Any(value => value == 1), "the module itself can be explained");
    }

    [EachCulture]
    public void Columns_OutOfRange_AreErrors()
    {
        var options = Some.Options with
        {
            ExtraColumns =
            [
                ExtraColumn.GradCam(layer: "conv"), ExtraColumn.Calibrated(0), ExtraColumn.Calibrated(double.NaN, "B"), ExtraColumn.Reject(1.5, -0.5), ExtraColumn.Reject(double.NaN, name: "C"),
            ],
        };
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, options)).Message;
        foreach (var text in new[]
        {
            "ExtraColumns[0].Layer is 'conv', which is no layer's path. There are: 0, 1, 2, 3, 4.", "ExtraColumns[1].Temperature is 0; it must be greater than 0 and finite.",
            "ExtraColumns[2].Temperature is NaN; it must be greater than 0 and finite.", "ExtraColumns[3].Threshold is 1.5; it must be 0 to 1.",
            "ExtraColumns[3].Temperature is -0.5; it must be greater than 0 and finite.", "ExtraColumns[4].Threshold is NaN; it must be 0 to 1.",
        }) StringAssert.Contains(error, text);
        error = Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(_ml, Some.Options with
        {
            Head = Head.Regression(), ExtraColumns = [ExtraColumn.GradCam(), ExtraColumn.Calibrated(2), ExtraColumn.Reject(0.5)],
        })).Message;
        foreach (var text in new[] { "ExtraColumns[0] is a GradCamColumn", "ExtraColumns[1] is a CalibratedColumn", "ExtraColumns[2] is a RejectColumn" })
            StringAssert.Contains(error, text + ", which needs a classifier: Head.Multiclass() or Head.Binary().");
    }

    [TestMethod]
    public void GradCam_LayerWithoutAnImage_IsAnErrorBeforeTraining()
    {
        using var model = Some.Trained(_ml);
        Assert.AreEqual(
            "The model cannot score so:" + Environment.NewLine + "- ExtraColumns[0].Layer is '3', which gives [64]: a heat map needs an image of more than one pixel.",
            Assert.ThrowsExactly<ArgumentException>(() => model.With([ExtraColumn.GradCam(layer: "3")])).Message);
        var options = Some.Options with { Architecture = CnnArchitecture.Mlp([8]), ExtraColumns = [ExtraColumn.GradCam()] };
        Assert.AreEqual(
            "ExtraColumns[0].Layer is not said, and no convolution gives an image of more than one pixel: a heat map has nothing to show.",
            Assert.ThrowsExactly<ArgumentException>(() => Some.Trained(_ml, options)).Message);
        var deep = new CnnArchitecture(Layer.Conv(2, 3).Named("early"), Layer.Conv(3, 6).Named("point"), Layer.Relu(), Layer.Flatten(), Layer.Output());
        using var pointed = Some.Trained(_ml, Some.Options with { Architecture = deep, Epochs = 1, ExtraColumns = [ExtraColumn.GradCam()] });
        using var early = pointed.With([ExtraColumn.GradCam(layer: "early")]);
        CollectionAssert.AreEqual(Maps(early), Maps(pointed), "a convolution to one pixel shows no place");
    }

    private CnnTransformer Trained(params Layer[] layers) => Some.Trained(_ml, Some.Options with
    {
        Architecture = new CnnArchitecture([Layer.Conv(2, 3, padding: 1), .. layers, Layer.Flatten(), Layer.Output()]), ExtraColumns = [ExtraColumn.GradCam()],
    });

    private float[] Maps(CnnTransformer model) => Some.FlatScores(model.Transform(Some.Images(_ml)), "GradCam");
}
