using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass("", typeof(ColumnConcatenatingTransformer), typeof(ColumnConcatenatingTransformer), null,
    typeof(SignatureLoadModel), "Concat", "ConcatTransform")]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingTransformer(string output, string[] inputs) => (_output, _inputs) = (output, inputs);

    private static VersionInfo Version =>
        new("CONCAT F", 0x00010001, 0x00010001, 0x00010001, typeof(ColumnConcatenatingTransformer).Assembly.FullName!, "ConcatTransform");

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckVersion(Version);
        string output = ctx.Reader.ReadString();
        var inputs = new string[ctx.Reader.ReadCount(1)];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = ctx.Reader.ReadString();
        return new(output, inputs);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_output);
        ctx.Writer.Write(_inputs.Length);
        foreach (string input in _inputs) ctx.Writer.Write(input);
    }

    private protected override RowMapper MakeMapper(DataViewSchema schema) => new Mapper(schema, _output, _inputs);

    private sealed class Mapper : RowMapper
    {
        private readonly string _output;
        private readonly DataViewSchema.Column[] _sources;
        private readonly PrimitiveDataViewType _item;
        private readonly int _size;   // 0 when one of the inputs has no known size

        internal Mapper(DataViewSchema schema, string output, string[] inputs) : base(schema)
        {
            _output = output;
            _sources = [.. inputs.Select(name => Check.Find(schema, name))];
            var item = _sources[0].Type.GetItemType();
            foreach (var source in _sources)
                if (!source.Type.GetItemType().Equals(item)) throw Check.Mismatch(source.Name, $"{item}", $"{source.Type}");
            _item = item as PrimitiveDataViewType ?? throw Check.Mismatch(inputs[0], "a type of plain values", $"{item}");
            _size = _sources.Any(s => s.Type.GetValueCount() == 0) ? 0 : _sources.Sum(s => s.Type.GetValueCount());
        }

        // A single vector is passed on as it is.
        private bool IsIdentity => _sources is [{ Type: VectorDataViewType }];

        public override IEnumerable<DataViewSchema.Column> GetDependencies(int added) => _sources;

        public override DataViewSchema.DetachedColumn[] GetOutputColumns()
        {
            if (IsIdentity) return [new(_output, _sources[0].Type, _sources[0].Annotations)];
            var builder = new DataViewSchema.Annotations.Builder();
            if (_size > 0 && _sources.Any(s => s.Type is not VectorDataViewType || s.HasSlotNames()))
                builder.AddVector(AnnotationUtils.Kinds.SlotNames, TextDataViewType.Instance, SlotNames());
            return [new(_output, new VectorDataViewType(_item, _size), builder.ToAnnotations())];
        }

        public override Delegate CreateGetter(DataViewRow input, int added) => IsIdentity
            ? input.GetGetter(_sources[0])
            : (Delegate)ReflectionUtils.Call(typeof(Mapper), nameof(Join), [_item.RawType], input, _sources);

        private ReadOnlyMemory<char>[] SlotNames() => [.. _sources.SelectMany(source =>
        {
            if (source.Type is not VectorDataViewType vector) return [source.Name.AsMemory()];
            VBuffer<ReadOnlyMemory<char>> names = default;
            if (source.HasSlotNames()) source.GetSlotNames(ref names);
            return names.Length == vector.Size
                ? names.DenseValues().Select(name => name.IsEmpty ? name : $"{source.Name}.{name}".AsMemory())
                : new ReadOnlyMemory<char>[vector.Size];
        })];

        private static ValueGetter<VBuffer<T>> Join<T>(DataViewRow input, DataViewSchema.Column[] sources)
        {
            var parts = sources.Select(source => Part<T>(input, source)).ToArray();
            var values = new VBuffer<T>[parts.Length];
            return (ref to) =>
            {
                int length = 0, count = 0;
                for (int i = 0; i < parts.Length; i++)
                {
                    parts[i](ref values[i]);
                    length = checked(length + values[i].Length);
                    count += values[i].GetValues().Length;
                }
                to = count <= length / 2 ? Sparse(values, to, length, count) : Dense(values, to, length);
            };
        }

        private static ValueGetter<VBuffer<T>> Part<T>(DataViewRow input, DataViewSchema.Column source)
        {
            if (source.Type is not VectorDataViewType vector)
            {
                var get = input.GetGetter<T>(source);
                return (ref to) =>
                {
                    var editor = VBufferEditor.Create(ref to, 1);
                    get(ref editor.Values[0]);
                    to = editor.Commit();
                };
            }
            var getVector = input.GetGetter<VBuffer<T>>(source);
            return (ref to) =>
            {
                getVector(ref to);
                Check.State(!vector.IsKnownSize || vector.Size == to.Length,
                    $"Column '{source.Name}' is {vector}, but gave a row of {to.Length} values.");
            };
        }

        private static VBuffer<T> Dense<T>(VBuffer<T>[] parts, VBuffer<T> to, int length)
        {
            var editor = VBufferEditor.Create(ref to, length);
            int offset = 0;
            foreach (var part in parts)
            {
                part.CopyTo(editor.Values, offset);
                offset += part.Length;
            }
            return editor.Commit();
        }

        private static VBuffer<T> Sparse<T>(VBuffer<T>[] parts, VBuffer<T> to, int length, int count)
        {
            var editor = VBufferEditor.Create(ref to, length, count);
            int offset = 0, filled = 0;
            foreach (var part in parts)
            {
                var values = part.GetValues();
                var indices = part.GetIndices();
                for (int i = 0; i < values.Length; i++)
                {
                    editor.Values[filled] = values[i];
                    editor.Indices[filled++] = offset + (part.IsDense ? i : indices[i]);
                }
                offset += part.Length;
            }
            return editor.Commit();
        }
    }
}
