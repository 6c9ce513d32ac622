using Microsoft.ML.Data;

namespace Microsoft.ML.Model.OnnxConverter;

// There is no converter here. These are what a view answers the published one with: it asks each view, from the last to the first.

/// <summary>An ONNX file in the making.</summary>
internal abstract class OnnxContext;

/// <summary>Says whether it can be converted.</summary>
internal interface ICanSaveOnnx
{
    bool CanSaveOnnx(OnnxContext ctx);
}

/// <summary>Writes itself into an ONNX file.</summary>
internal interface ISaveAsOnnx : ICanSaveOnnx
{
    void SaveAsOnnx(OnnxContext ctx);
}

/// <summary>A view that may be converted.</summary>
internal interface ITransformCanSaveOnnx : ISaveAsOnnx, IDataTransform;
