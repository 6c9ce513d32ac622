namespace TorchSharp;

public static partial class torch
{
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Made(Aten.Empty.Call(size, dtype ?? ScalarType.Float32, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Made(Aten.EmptyLike.Call(input, dtype, Arg.None, device), requires_grad, names);

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Made(Aten.Zeros.Call(size, dtype ?? ScalarType.Float32, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Made(Aten.Ones.Call(size, dtype ?? ScalarType.Float32, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Made(Aten.ZerosLike.Call(input, dtype, Arg.None, device), requires_grad, names);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Made(Aten.OnesLike.Call(input, dtype, Arg.None, device), requires_grad, names);

    /// <summary>Random numbers in 0 to 1.</summary>
    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Made(Aten.Rand.Call((long[])[size], generator, dtype ?? ScalarType.Float32, Arg.None, InitializeDevice(device)),
            requires_grad, names);

    /// <summary>0, 1, 2 and so on below the stop; Int64 when that is a whole number.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var type = dtype ?? (stop.Type == ScalarType.Int64 ? ScalarType.Int64 : ScalarType.Float32);
        return Made(Aten.Arange.Call(0L, stop, 1L, type, Arg.None, InitializeDevice(device)), requires_grad, null);
    }

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray, [rawArray.Length], dtype, device, requires_grad, names);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        FromArray(rawArray, dimensions.ToArray(), dtype, device, requires_grad, names);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(dataArray, [dataArray.Length], dtype, device, requires_grad, names);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Aten.Stack.Call((Tensor[])[.. tensors], dim);

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Aten.Cat.Call((Tensor[])[.. tensors], dim);

    /// <summary>Copies the numbers.</summary>
    private static unsafe Tensor FromArray<T>(T[] values, long[] shape, ScalarType? dtype, Device? device, bool requiresGrad,
        string[]? names) where T : unmanaged
    {
        long count = 1;
        foreach (var size in shape) count *= size;
        if (count > values.Length)
            throw new ArgumentException($"A tensor of {count} elements cannot be made of an array of {values.Length}.");
        device = InitializeDevice(device);
        var tensor = empty(shape, TypeOf<T>(), CPU);
        values.AsSpan(0, (int)count).CopyTo(new Span<T>(tensor.Data, (int)count));
        if (dtype is { } type && type != TypeOf<T>() || device.type != DeviceType.CPU)
            tensor = tensor.Convert(dtype ?? TypeOf<T>(), device, disposeAfter: true);
        return Made(tensor, requiresGrad, names);
    }

    /// <summary>Names of dimensions are not carried: few operators of LibTorch know them.</summary>
    private static Tensor Made(Tensor tensor, bool requiresGrad, string[]? names)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Dimensions with names are not supported here.");
        return requiresGrad ? tensor.with_requires_grad() : tensor;
    }

    internal static ScalarType TypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : typeof(T) == typeof(long) ? ScalarType.Int64
        : typeof(T) == typeof(int) ? ScalarType.Int32
        : typeof(T) == typeof(byte) ? ScalarType.Byte
        : typeof(T) == typeof(bool) ? ScalarType.Bool
        : typeof(T) == typeof(short) ? ScalarType.Int16
        : typeof(T) == typeof(sbyte) ? ScalarType.Int8
        : typeof(T) == typeof(Half) ? ScalarType.Float16
        : throw new NotSupportedException($"{typeof(T).Name} is no element type");
}
