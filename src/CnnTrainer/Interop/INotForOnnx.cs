using Microsoft.ML;
using Microsoft.ML.Model.OnnxConverter;

namespace CnnMlNet.Interop;

/// <summary>
/// A view that <c>Model.ConvertToOnnx</c> must refuse. It walks from the last view to the first through this interface, takes a view without
/// it for the data that came in, and writes the rest: a file without the network, or a trainer without the scaling before it. One that
/// answers <c>CanSaveOnnx</c> with false is left out just as silently where its output has its input's name. So the answer is an exception.
/// </summary>
internal interface INotForOnnx : ITransformCanSaveOnnx
{
    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw Refusal();

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw Refusal();

    // ML.NET asks views for this in its command line only; transformers are what is saved.
    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException("A view cannot be saved; save the transformer that made it.");

    private static NotSupportedException Refusal() => new(
        "ConvertToOnnx cannot convert a pipeline with a transformer of CnnMlNet (Cnn, StandardScale): the file would lack it without saying so. " +
        "Save the pipeline with mlContext.Model.Save, or convert only the transformers before it.");
}
