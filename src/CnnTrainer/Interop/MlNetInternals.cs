using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CnnMlNet.Interop;

/// <summary>
/// Every access to what ML.NET keeps internal, and nothing else: an outside trainer can neither be described nor saved without it.
/// Written for Microsoft.ML 5.0.0; a member that another version lacks ends in one message that names it.
/// </summary>
internal static class MlNetInternals
{
    private const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Core = typeof(ModelSaveContext).Assembly;

    /// <summary>What a context was made with: the seed of <c>new MLContext(seed)</c> and its GPU settings.</summary>
    public readonly record struct EnvironmentSettings(int? Seed, int? GpuDeviceId, bool FallbackToCpu);

    /// <summary>Describes an output column in <c>GetOutputSchema(SchemaShape)</c>.</summary>
    public static SchemaShape.Column Column(string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey = false, SchemaShape? annotations = null)
    {
        try
        {
            return NewColumn(name, kind, itemType, isKey, annotations);
        }
        catch (MissingMemberException missing)
        {
            throw Missing("constructor SchemaShape.Column(string, VectorKind, DataViewType, bool, SchemaShape)", missing);
        }
    }

    /// <summary>What a trainer tells about itself in <c>ITrainerEstimator.Info</c>.</summary>
    public static TrainerInfo TrainerInfo(bool normalization, bool caching, bool supportValid)
    {
        try
        {
            return NewTrainerInfo(normalization, false, caching, supportValid, false, false);
        }
        catch (MissingMemberException missing)
        {
            throw Missing("constructor TrainerInfo(bool, bool, bool, bool, bool, bool)", missing);
        }
    }

    /// <summary>The environment behind a catalog such as <c>ml.Transforms</c> or <c>ml.MulticlassClassification.Trainers</c>.</summary>
    public static IHostEnvironment EnvironmentOf(object catalog) =>
        Property<IHostEnvironment>(Interface(catalog, "IInternalCatalog"), "Environment", catalog)!;

    /// <summary>The settings of an environment, whether it is the MLContext or what stands behind its catalogs.</summary>
    public static EnvironmentSettings SettingsOf(IHostEnvironment environment)
    {
        var type = Interface(environment, "IHostEnvironmentInternal");
        return new EnvironmentSettings(
            Property<int?>(type, "Seed", environment), Property<int?>(type, "GpuDeviceId", environment), Property<bool>(type, "FallbackToCpu", environment));
    }

    /// <summary>Writes the header by which <c>Model.Load</c> finds the loader again, and returns the writer of the model's own bytes.</summary>
    /// <param name="context">The context that ML.NET passes to <c>ICanSaveModel.Save</c>.</param>
    /// <param name="signature">8 characters.</param>
    /// <param name="loaderName">The name given to <see cref="RegisterLoader"/>.</param>
    public static BinaryWriter BeginSave(ModelSaveContext context, string signature, string loaderName)
    {
        const uint Version = 0x00010001;   // of ML.NET's header only; the model's bytes carry their own
        var version = Create("Microsoft.ML.VersionInfo", signature, Version, Version, Version, typeof(MlNetInternals).Assembly.FullName, loaderName, null);
        var set = typeof(ModelSaveContext).GetMethod("SetVersionInfo", AnyInstance) ?? throw Missing("method ModelSaveContext.SetVersionInfo(VersionInfo)");
        set.Invoke(context, [version]);
        try
        {
            return WriterOf(context);
        }
        catch (MissingMemberException missing)
        {
            throw Missing("field ModelSaveContext.Writer", missing);
        }
    }

    /// <summary>The reader of the model's own bytes.</summary>
    /// <param name="context">ML.NET's internal ModelLoadContext, as it comes to <c>Create(IHostEnvironment, object)</c>.</param>
    public static BinaryReader BeginLoad(object context) =>
        context.GetType().GetField("Reader", AnyInstance)?.GetValue(context) as BinaryReader ?? throw Missing("field ModelLoadContext.Reader");

    /// <summary>
    /// Makes <c>Model.Load</c> of this environment find <c>static T Create(IHostEnvironment, object)</c> of <paramref name="type"/> by name.
    /// Doing it again changes nothing.
    /// </summary>
    public static void RegisterLoader(IHostEnvironment environment, Type type, string loaderName)
    {
        var signature = Core.GetType("Microsoft.ML.Runtime.SignatureLoadModel") ?? Named("SignatureLoadModel");
        var attribute = (Attribute)Create("Microsoft.ML.LoadableClassAttribute", "", type, type, null, signature, loaderName, new[] { loaderName });
        environment.ComponentCatalog.RegisterAssembly(new LoaderAssembly(loaderName, attribute));
    }

    private static object Create(string typeName, params object?[] arguments)
    {
        var type = Core.GetType(typeName) ?? Named(typeName[(typeName.LastIndexOf('.') + 1)..]);
        try
        {
            return Activator.CreateInstance(type, AnyInstance, null, arguments, null)!;
        }
        catch (MissingMethodException missing)
        {
            throw Missing($"constructor of {typeName} with {arguments.Length} arguments", missing);
        }
    }

    private static Type Named(string name) => Array.Find(Core.GetTypes(), type => type.Name == name) ?? throw Missing($"type {name}");

    private static Type Interface(object instance, string name) =>
        Array.Find(instance.GetType().GetInterfaces(), type => type.Name == name) ?? throw Missing($"interface {name} of {instance.GetType().Name}");

    private static T? Property<T>(Type type, string name, object instance) =>
        (T?)(type.GetProperty(name, AnyInstance) ?? throw Missing($"property {type.Name}.{name}")).GetValue(instance);

    private static NotSupportedException Missing(string member, Exception? cause = null) => new(
        $"CnnMlNet needs the internal {member} of Microsoft.ML, which {Core.GetName().Name} {Core.GetName().Version} lacks. " +
        "It was written for Microsoft.ML 5.0.0: reference that version.", cause);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column NewColumn(string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern TrainerInfo NewTrainerInfo(bool normalization, bool calibration, bool caching, bool supportValid, bool supportIncrementalTrain, bool supportTest);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Writer")]
    private static extern ref BinaryWriter WriterOf(ModelSaveContext context);

    /// <summary>ML.NET's catalog asks an assembly only for its name, types and loader attributes; this one answers with the single attribute.</summary>
    private sealed class LoaderAssembly(string loaderName, Attribute loader) : Assembly
    {
        public override string FullName => "CnnMlNet." + loaderName;

        public override IEnumerable<TypeInfo> DefinedTypes => [];

        public override Type[] GetTypes() => [];

        public override object[] GetCustomAttributes(Type attributeType, bool inherit)
        {
            var found = Array.CreateInstance(attributeType, attributeType.IsInstanceOfType(loader) ? 1 : 0);
            if (found.Length == 1) found.SetValue(loader, 0);
            return (object[])found;
        }
    }
}
