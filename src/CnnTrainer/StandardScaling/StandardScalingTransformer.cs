using CnnMlNet;
using CnnMlNet.Interop;
using CnnMlNet.Rows;
using CnnMlNet.StandardScaling;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    "", typeof(StandardScalingTransformer), typeof(StandardScalingTransformer), null, typeof(SignatureLoadModel),
    StandardScalingTransformer.LoaderName, StandardScalingTransformer.LoaderName)]

namespace CnnMlNet;

/// <summary>(x - mean) / scale of a vector column, slot by slot. Immutable; thread safe; saved with the pipeline.</summary>
public sealed class StandardScalingTransformer : ITransformer
{
    internal const string LoaderName = "CnnStandardScaler";

    private readonly double[] _means;
    private readonly double[] _scales;
    private readonly int _slots;

    internal StandardScalingTransformer(string outputColumnName, string inputColumnName, int slots, double[] means, double[] scales) =>
        (OutputColumnName, InputColumnName, _slots, _means, _scales) = (outputColumnName, inputColumnName, slots, means, scales);

    /// <summary>Name of the column made.</summary>
    public string OutputColumnName { get; }

    /// <summary>Name of the column read.</summary>
    public string InputColumnName { get; }

    /// <summary>What is subtracted: one for each feature, one for each channel, or a single one.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>What is divided by: the population standard deviations, 1 where the values are constant. As many as <see cref="Means"/>.</summary>
    public IReadOnlyList<double> Scales => _scales;

    /// <summary>True: each row is scaled on its own.</summary>
    public bool IsRowToRowMapper => true;


    /// <summary>The input's columns and the scaled one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or does not fit.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    /// <summary>The mapper that PredictionEngine uses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or does not fit.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Map(inputSchema);

    /// <summary>A lazy view with the scaled column added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or does not fit.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Map(input.Schema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var writer = MlNetInternals.BeginSave(ctx, "CNNSCALE", typeof(StandardScalingTransformer), LoaderName);
        ScalerFile.Write(writer, new ScalerData
        {
            OutputColumn = OutputColumnName,
            InputColumn = InputColumnName,
            Slots = _slots,
            Means = _means,
            Scales = _scales,
        });
    }

    // Called by ML.NET through reflection.
    private static StandardScalingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var data = ScalerFile.Read(MlNetInternals.BeginLoad(ctx));
        return new StandardScalingTransformer(data.OutputColumn, data.InputColumn, data.Slots, data.Means, data.Scales);
    }

    private Mapper Map(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var (column, type) = Columns.Vector(schema, InputColumnName);
        return type.Size == _slots ? new Mapper(this, schema, column, type) : throw Columns.Mismatch(
            $"The column '{InputColumnName}' has {type.Size} values a row, but the scaler was fitted on {_slots}.");
    }

    private sealed class Mapper(StandardScalingTransformer scaler, DataViewSchema input, DataViewSchema.Column column, VectorDataViewType type)
        : RowMapper(input, column, new DataViewSchema.DetachedColumn(scaler.OutputColumnName, type, Annotations(column)))
    {
        public override (Delegate[] Getters, IDisposable? Resources) Getters(DataViewRow row, IReadOnlyList<DataViewSchema.Column> active)
        {
            var reader = new VectorRow<float>(row, Reads, type.Size);
            var (means, scales) = (scaler._means, scaler._scales);
            int group = type.Size / means.Length;
            ValueGetter<VBuffer<float>> scaled = (ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, type.Size);
                reader.CopyTo(editor.Values);
                for (int g = 0; g < means.Length; g++)
                {
                    foreach (ref float x in editor.Values.Slice(g * group, group)) x = (float)((x - means[g]) / scales[g]);
                }

                value = editor.Commit();
            };
            return ([scaled], null);
        }

        private static DataViewSchema.Annotations Annotations(DataViewSchema.Column column)
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add(column.Annotations, kind => kind == "SlotNames");
            builder.Add("IsNormalized", BooleanDataViewType.Instance, (ValueGetter<bool>)((ref bool value) => value = true));
            return builder.ToAnnotations();
        }
    }
}
