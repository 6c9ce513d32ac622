using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The C interface of compat/native/shim.cpp.</summary>
internal static unsafe partial class Native
{
    private const string Library = "torchshim";

    static Native()
    {
        try
        {
            NativeLibrary.Load(Library, typeof(Native).Assembly, DllImportSearchPath.AssemblyDirectory);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NotSupportedException(
                "LibTorch could not be loaded. It comes from the system here: install the Debian packages libtorch-dev and "
                + "libopenblas0-pthread (apt-get install libtorch-dev libopenblas0-pthread). The loader said: " + e.Message, e);
        }
    }

    /// <summary>Throws LibTorch's last error of this thread when a call answered with less than zero.</summary>
    internal static long Check(long result) => result >= 0 ? result : throw LastError();

    internal static ExternalException LastError() => new(Marshal.PtrToStringUTF8(ts_last_error()));

    [LibraryImport(Library)] private static partial nint ts_last_error();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint ts_op(string name, string overload);
    [LibraryImport(Library)]
    internal static partial long ts_call(nint op, NativeValue* args, long argCount, NativeValue* results, long capacity);

    [LibraryImport(Library)] internal static partial void ts_free(nint tensor);
    [LibraryImport(Library)] internal static partial nint ts_data(nint tensor);
    [LibraryImport(Library)] internal static partial long ts_set_requires_grad(nint tensor, long value);
    [LibraryImport(Library)] internal static partial nint ts_grad(nint tensor);
    [LibraryImport(Library)] internal static partial long ts_set_grad(nint tensor, nint grad);

    // Field reads of a few nanoseconds: no need to tell the garbage collector.
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long ts_ndim(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long ts_numel(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long ts_dtype(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long ts_element_size(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long ts_is_contiguous(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long ts_device(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long* ts_sizes(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long* ts_strides(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long ts_requires_grad(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial long ts_grad_enabled();
    [LibraryImport(Library)][SuppressGCTransition] internal static partial void ts_set_grad_enabled(long on);

    [LibraryImport(Library)] internal static partial nint ts_inference_enter(long on);
    [LibraryImport(Library)] internal static partial void ts_inference_leave(nint mode);

    [LibraryImport(Library)] internal static partial nint ts_version();
    [LibraryImport(Library)] internal static partial long ts_get_num_threads();
    [LibraryImport(Library)] internal static partial long ts_set_num_threads(long n);

    [LibraryImport(Library)] internal static partial long ts_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial nint ts_generator_default();
    [LibraryImport(Library)] internal static partial nint ts_generator_new(ulong seed, long device);
    [LibraryImport(Library)] internal static partial long ts_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial nint ts_generator_get(nint generator);
    [LibraryImport(Library)] internal static partial long ts_generator_set(nint generator, nint state);
    [LibraryImport(Library)] internal static partial void ts_generator_free(nint generator);

    [LibraryImport(Library)] internal static partial long ts_cuda_device_count();
}

internal enum Tag : long
{
    None, Bool, Int, Double, Tensor, IntList, TensorList, String, Generator, Device,
}

/// <summary>The same 24 bytes as Value in shim.cpp: a tag, eight bytes of value or address, and a count.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal Tag Tag;
    internal long Bits;
    internal long Count;
}
