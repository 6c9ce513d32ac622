namespace Microsoft.ML.Data;

/// <summary>Mappers applied in order to each row. Disposes them.</summary>
internal sealed class CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers) : IRowToRowMapper, IDisposable
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = mappers.Length == 0 ? inputSchema : mappers[^1].OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Check.Parameter(Check.NotNull(input).Schema == inputSchema, nameof(input), "The row has another schema than the one that the mapper was made for.");
        var wanted = OutputSchema.Mark(activeColumns);
        if (mappers.Length == 0)
        {
            foreach (var column in inputSchema.Where(c => wanted[c.Index] && !input.IsColumnActive(c)))
                throw new ArgumentOutOfRangeException(nameof(input), Check.NotAskedFor(column));
            return input;
        }
        var active = new IEnumerable<DataViewSchema.Column>[mappers.Length];
        active[^1] = OutputSchema.Where(c => wanted[c.Index]);
        for (int i = mappers.Length - 1; i > 0; i--)
            active[i - 1] = mappers[i].GetDependencies(active[i]);
        var row = input;
        for (int i = 0; i < mappers.Length; i++)
            row = mappers[i].GetRow(row, active[i]);
        return row;
    }

    public void Dispose()
    {
        foreach (var mapper in mappers)
            (mapper as IDisposable)?.Dispose();
    }
}
