using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CnnMlNet.Interop;

/// <summary>
/// Every call of what ML.NET keeps internal: an outside trainer can neither be described nor saved without it. Written for Microsoft.ML 5.0.0;
/// a member that another version lacks ends in one message that names it.
/// </summary>
/// <remarks>
/// The whole list (Publicize.targets opens these types to the compiler):
/// <list type="bullet">
/// <item>SchemaShape.Column(string, VectorKind, DataViewType, bool, SchemaShape) and TrainerInfo(bool, bool, bool, bool, bool, bool)</item>
/// <item>DataOperationsCatalog.TrainTestData(IDataView, IDataView)</item>
/// <item>IInternalCatalog.Environment; IHostEnvironmentInternal.Seed, GpuDeviceId and FallbackToCpu; ICancelable.IsCanceled</item>
/// <item>ModelSaveContext.SetVersionInfo and Writer, VersionInfo; ModelLoadContext.Reader</item>
/// <item>beside the transformers' class declarations: LoadableClassAttribute with SignatureLoadModel, by which Model.Load finds them</item>
/// <item>in <see cref="INotForOnnx"/>: ITransformCanSaveOnnx, by which ConvertToOnnx walks through a pipeline</item>
/// </list>
/// The last two stand in declarations, which no method can guard: there the runtime's own TypeLoadException names the type.
/// </remarks>
internal static class MlNetInternals
{
    /// <summary>What a context was made with: the seed of <c>new MLContext(seed)</c> and its GPU settings.</summary>
    public readonly record struct EnvironmentSettings(int? Seed, int? GpuDeviceId, bool FallbackToCpu);

    /// <summary>Describes an output column in <c>GetOutputSchema(SchemaShape)</c>.</summary>
    public static SchemaShape.Column Column(string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey = false, SchemaShape? annotations = null) =>
        Reach("the constructor of SchemaShape.Column", () => new SchemaShape.Column(name, kind, itemType, isKey, annotations));

    /// <summary>What a trainer tells about itself in <c>ITrainerEstimator.Info</c>.</summary>
    public static TrainerInfo TrainerInfo(bool normalization, bool caching, bool supportValid) =>
        Reach("the constructor of TrainerInfo", () => new TrainerInfo(normalization, caching: caching, supportValid: supportValid));

    /// <summary>The pair that ML.NET's own splits return: its fields are public, its constructor is not.</summary>
    public static DataOperationsCatalog.TrainTestData TrainTestData(IDataView trainSet, IDataView testSet) =>
        Reach("the constructor of DataOperationsCatalog.TrainTestData", () => new DataOperationsCatalog.TrainTestData(trainSet, testSet));

    /// <summary>The environment behind a catalog such as <c>ml.Transforms</c> or <c>ml.MulticlassClassification.Trainers</c>.</summary>
    public static IHostEnvironment EnvironmentOf(object catalog) =>
        Reach("IInternalCatalog.Environment", () => ((IInternalCatalog)catalog).Environment);

    /// <summary>The settings of an environment, whether it is the MLContext or what stands behind its catalogs.</summary>
    public static EnvironmentSettings SettingsOf(IHostEnvironment environment) =>
        Reach("IHostEnvironmentInternal.Seed, GpuDeviceId or FallbackToCpu", () =>
        {
            var settings = (IHostEnvironmentInternal)environment;
            return new EnvironmentSettings(settings.Seed, settings.GpuDeviceId, settings.FallbackToCpu);
        });

    /// <summary>Whether <c>MLContext.CancelExecution</c> was called since, or before, this host was registered.</summary>
    public static bool IsCancelled(IHost host) => Reach("ICancelable.IsCanceled", () => ((ICancelable)host).IsCanceled);

    /// <summary>Writes the header by which <c>Model.Load</c> finds the loader again, and returns the writer of the model's own bytes.</summary>
    /// <param name="context">The context that ML.NET passes to <c>ICanSaveModel.Save</c>.</param>
    /// <param name="signature">8 characters.</param>
    /// <param name="loader">The type that an assembly-level LoadableClass names.</param>
    /// <param name="loaderName">The name there.</param>
    public static BinaryWriter BeginSave(ModelSaveContext context, string signature, Type loader, string loaderName) =>
        Reach("ModelSaveContext.SetVersionInfo, ModelSaveContext.Writer or VersionInfo", () =>
        {
            const uint Version = 0x00010001;   // of ML.NET's header only; the model's bytes carry their own
            // Without a version: ML.NET loads the assembly by this name, and a name with one is refused by each assembly older than the file.
            context.SetVersionInfo(new VersionInfo(signature, Version, Version, Version, loader.Assembly.GetName().Name!, loaderName));
            return context.Writer;
        });

    /// <summary>The reader of the model's own bytes.</summary>
    public static BinaryReader BeginLoad(ModelLoadContext context) => Reach("ModelLoadContext.Reader", () => context.Reader);

    /// <summary>A member that is not there shows when the runtime compiles the method that uses it: <paramref name="use"/>, and not its caller.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static T Reach<T>(string member, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (e is MemberAccessException or TypeLoadException or InvalidCastException)
        {
            var core = typeof(ModelSaveContext).Assembly;
            var version = core.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version;   // ML.NET's assembly version is always 1.0.0.0
            throw new NotSupportedException(
                $"CnnMlNet needs {member}, an internal of Microsoft.ML, which {core.GetName().Name} {version} lacks. " +
                "It was written for Microsoft.ML 5.0.0: reference that version.", e);
        }
    }
}
