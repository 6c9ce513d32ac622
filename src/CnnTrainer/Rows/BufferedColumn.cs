using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnMlNet.Rows;

/// <summary>
/// Values of one column for the rows that a cursor has read ahead. What a row's own getter threw is thrown again by that row alone.
/// </summary>
internal abstract class BufferedColumn
{
    /// <summary>Whether values of a type stay what they are when their row has passed: all but images and other things with a life of their own.</summary>
    public static bool CanHold(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType { ItemType: PrimitiveDataViewType };

    /// <summary>Reads of the place given; the delegate asks for it at every call.</summary>
    public abstract Delegate Getter(Func<int> place);

    /// <summary>Takes over the value of the row that the source is at. One place more than there are makes room.</summary>
    public abstract void Read(int place);

    /// <summary>Lets go of the source: what was read stays, no more is.</summary>
    public abstract void Detach();

    /// <param name="source">The cursor that is read.</param>
    /// <param name="column">A column of it that is active, of a type that <see cref="CanHold"/> allows.</param>
    /// <param name="places">Rows to hold.</param>
    public static BufferedColumn Of(DataViewRow source, DataViewSchema.Column column, int places)
    {
        var (buffer, item) = column.Type is VectorDataViewType vector ? (typeof(Vectors<>), vector.ItemType.RawType) : (typeof(Scalars<>), column.Type.RawType);
        return (BufferedColumn)Activator.CreateInstance(buffer.MakeGenericType(item), source, column, places)!;
    }

    private sealed class Scalars<T>(DataViewRow source, DataViewSchema.Column column, int places) : Typed<T>(source, column, places)
    {
        protected override void Copy(ref T from, ref T to) => to = from;
    }

    private sealed class Vectors<T>(DataViewRow source, DataViewSchema.Column column, int places) : Typed<VBuffer<T>>(source, column, places)
    {
        protected override void Copy(ref VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to);
    }

    private abstract class Typed<TValue>(DataViewRow source, DataViewSchema.Column column, int places) : BufferedColumn
    {
        private ValueGetter<TValue>? _source = source.GetGetter<TValue>(column);
        private TValue[] _values = new TValue[places];
        private ExceptionDispatchInfo?[] _errors = new ExceptionDispatchInfo?[places];

        public override void Read(int place)
        {
            if (place == _values.Length)
            {
                Array.Resize(ref _values, 2 * place);
                Array.Resize(ref _errors, 2 * place);
            }

            _errors[place] = null;
            try
            {
                _source!(ref _values[place]);
            }
            catch (Exception e)
            {
                _errors[place] = ExceptionDispatchInfo.Capture(e);
            }
        }

        public override void Detach() => _source = null;

        public override Delegate Getter(Func<int> place) => (ValueGetter<TValue>)((ref TValue value) =>
        {
            int at = place();
            _errors[at]?.Throw();
            Copy(ref _values[at], ref value);
        });

        protected abstract void Copy(ref TValue from, ref TValue to);
    }
}
