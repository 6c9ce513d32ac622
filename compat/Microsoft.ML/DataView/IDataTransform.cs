namespace Microsoft.ML.Data;

/// <summary>A view made of another view.</summary>
internal interface IDataTransform : IDataView, ICanSaveModel
{
    IDataView Source { get; }
}
