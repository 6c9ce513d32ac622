using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace CnnMlNet.Tests.Interop;

/// <summary>ConvertToOnnx goes from the last view to the first and takes one that is no IDataTransform for the data that came in.</summary>
[TestClass]
public sealed class NotForOnnxTests
{
    private readonly MLContext _ml = Some.Context();

    [TestMethod]
    public void ConvertToOnnx_NetworkLast_IsRefusedByName()
    {
        using var model = Some.Trained(_ml);
        AssertRefused(model, Some.Images(_ml));
    }

    [TestMethod]
    public void ConvertToOnnx_ScalerLast_IsRefusedByName() => AssertRefused(_ml.Transforms.StandardScale("Features").Fit(Some.Images(_ml)), Some.Images(_ml));

    private static void AssertRefused(ITransformer transformer, IDataView input)
    {
        var view = transformer.Transform(input) as IDataTransform;
        Assert.IsNotNull(view, "ConvertToOnnx would leave it out silently");
        Assert.AreSame(input, view.Source);
        var error = Assert.ThrowsExactly<NotSupportedException>(() => (view as ITransformCanSaveOnnx)?.CanSaveOnnx(null!));
        Assert.Contains("ConvertToOnnx cannot convert", error.Message);
        Assert.Contains("mlContext.Model.Save", error.Message);
    }
}
