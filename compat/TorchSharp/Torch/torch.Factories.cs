namespace TorchSharp;

public static partial class torch
{
    public static Tensor zeros(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Zeros.Call(size, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor zeros(ReadOnlySpan<long> size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Zeros.Call(size.ToArray(), dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor zeros(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Zeros.Call((long[])[size], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor zeros(long rows, long columns,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Zeros.Call((long[])[rows, columns], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor zeros(long dim0, long dim1, long dim2,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Zeros.Call((long[])[dim0, dim1, dim2], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Zeros.Call((long[])[dim0, dim1, dim2, dim3], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad,
            names);

    public static Tensor ones(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Ones.Call(size, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor ones(ReadOnlySpan<long> size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Ones.Call(size.ToArray(), dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor ones(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Ones.Call((long[])[size], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor ones(long rows, long columns,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Ones.Call((long[])[rows, columns], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor ones(long dim0, long dim1, long dim2,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Ones.Call((long[])[dim0, dim1, dim2], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor ones(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Ones.Call((long[])[dim0, dim1, dim2, dim3], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad,
            names);

    public static Tensor empty(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Empty.Call(size, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor empty(ReadOnlySpan<long> size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Empty.Call(size.ToArray(), dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor empty(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Empty.Call((long[])[size], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor empty(long rows, long columns,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Empty.Call((long[])[rows, columns], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor empty(long dim0, long dim1, long dim2,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Empty.Call((long[])[dim0, dim1, dim2], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Empty.Call((long[])[dim0, dim1, dim2, dim3], dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad,
            names);

    public static Tensor full(long[] size, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Filled(size, value, dtype, device, requires_grad, names);

    public static Tensor full(ReadOnlySpan<long> size, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Filled(size.ToArray(), value, dtype, device, requires_grad, names);

    public static Tensor full(long size, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Filled([size], value, dtype, device, requires_grad, names);

    public static Tensor full(long rows, long columns, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Filled([rows, columns], value, dtype, device, requires_grad, names);

    public static Tensor full(long dim0, long dim1, long dim2, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Filled([dim0, dim1, dim2], value, dtype, device, requires_grad, names);

    public static Tensor full(long dim0, long dim1, long dim2, long dim3, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Filled([dim0, dim1, dim2, dim3], value, dtype, device, requires_grad, names);

    public static Tensor rand(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Rand.Call(size, generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor rand(ReadOnlySpan<long> size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Rand.Call(size.ToArray(), generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor rand(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Rand.Call((long[])[size], generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Made(Aten.Rand.Call((long[])[rows, columns], generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad,
            names);

    public static Tensor rand(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Made(Aten.Rand.Call((long[])[dim0, dim1, dim2], generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)),
            requires_grad, names);

    public static Tensor rand(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Rand.Call((long[])[dim0, dim1, dim2, dim3], generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)),
            requires_grad, names);

    public static Tensor randn(long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Randn.Call(size, generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor randn(ReadOnlySpan<long> size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Randn.Call(size.ToArray(), generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor randn(long size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Randn.Call((long[])[size], generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, names);

    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Made(Aten.Randn.Call((long[])[rows, columns], generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad,
            names);

    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        Generator? generator = null, string[]? names = null) =>
        Made(Aten.Randn.Call((long[])[dim0, dim1, dim2], generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)),
            requires_grad, names);

    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Randn.Call((long[])[dim0, dim1, dim2, dim3], generator, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)),
            requires_grad, names);

    public static Tensor randint(long high, long[] size,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Randint.Call(low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device)), requires_grad,
            names);

    public static Tensor randperm(long n,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Made(Aten.Randperm.Call(n, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device)), requires_grad, null);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0L, stop, 1L, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1L, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var whole = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        var type = dtype ?? (whole ? ScalarType.Int64 : s_defaultType);
        return Made(Aten.Arange.Call(start, stop, step, type, Arg.None, InitializeDevice(device)), requires_grad, null);
    }

    public static Tensor linspace(double start, double end, long steps,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Linspace.Call(start, end, steps, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad, null);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) =>
        Made(Aten.Eye.Call(rows, columns == -1 ? rows : columns, dtype ?? s_defaultType, Arg.None, InitializeDevice(device)), requires_grad,
            names);

    public static Tensor zeros_like(Tensor input,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(input.zeros_like(dtype, device), requires_grad, names);

    public static Tensor ones_like(Tensor input,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(input.ones_like(dtype, device), requires_grad, names);

    public static Tensor empty_like(Tensor input,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(input.empty_like(dtype, device), requires_grad, names);

    public static Tensor full_like(Tensor input, Scalar value,
        ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(input.full_like(value, dtype, device), requires_grad, names);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.RandLike.Call(input, dtype, Arg.None, device), requires_grad, null);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.RandnLike.Call(input, dtype, Arg.None, device), requires_grad, null);

    /// <summary>A whole number makes a tensor of Int64, any other the default type.</summary>
    private static Tensor Filled(long[] size, Scalar value, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
    {
        var type = dtype ?? (is_integral(value.Type) ? ScalarType.Int64 : s_defaultType);
        return Made(Aten.Full.Call(size, value, type, Arg.None, InitializeDevice(device)), requiresGrad, names);
    }

    /// <summary>Names of dimensions are not carried: few operators of LibTorch know them.</summary>
    private static Tensor Made(Tensor tensor, bool requiresGrad, string[]? names)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Dimensions with names are not supported here.");
        return requiresGrad ? tensor.with_requires_grad() : tensor;
    }
}
