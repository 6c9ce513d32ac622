using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Tests;

/// <summary>Rows of typed values, and the values of a column.</summary>
internal static class Rows
{
    public sealed class Vector
    {
        public float[] Image { get; set; } = [];
    }

    /// <summary>A view with the column Image: vectors of the dimensions given, as long as the first row where none are.</summary>
    public static IDataView Vectors(MLContext ml, IEnumerable<float[]> rows, params int[] dimensions)
    {
        var all = rows.Select(row => new Vector { Image = row }).ToList();
        var schema = SchemaDefinition.Create(typeof(Vector));
        schema["Image"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions is [] ? [all[0].Image.Length] : dimensions);
        return ml.Data.LoadFromEnumerable(all, schema);
    }

    /// <summary>The vectors of a column, the first where none is named, in order.</summary>
    public static float[][] Read(IDataView view, string? column = null) => [.. Stream(view, column)];

    /// <summary>As <see cref="Read"/>, row by row.</summary>
    public static IEnumerable<float[]> Stream(IDataView view, string? column = null) => view.GetColumn<float[]>(column ?? view.Schema[0].Name);

    /// <summary>What the first estimator of a chain is told about the columns.</summary>
    public static SchemaShape ShapeOf(IDataView data)
    {
        var seen = new ShapeSeen();
        seen.Append(new ShapeSeen()).Fit(data);
        return seen.Shape!;
    }

    private sealed class ShapeSeen : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public ITransformer Fit(IDataView input) => new MLContext().Transforms.CopyColumns("Copy", input.Schema[0].Name).Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }

    /// <summary>Number of values of any column that a source made, to see what is lazy.</summary>
    public sealed class Counter
    {
        public int Read { get; private set; }

        public IDataView Count(MLContext ml, IEnumerable<float[]> rows)
        {
            var all = rows.ToList();
            var schema = SchemaDefinition.Create(typeof(Vector));
            schema["Image"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, all[0].Length);
            return ml.Data.LoadFromEnumerable(all.Select(Next), schema);
        }

        private Vector Next(float[] row)
        {
            Read++;
            return new Vector { Image = row };
        }
    }
}
