using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>An operator of LibTorch by its name ("conv2d", "add.Tensor"), looked up once at its first call.</summary>
internal sealed unsafe class Op(string name)
{
    private const int StackWords = 128;
    private nint _handle;

    /// <summary>Calls the operator; its one result is a tensor.</summary>
    internal Tensor Call(params ReadOnlySpan<Arg> args)
    {
        NativeValue result;
        Invoke(args, &result, 1);
        return new Tensor((nint)result.Bits);
    }

    /// <summary>Calls the operator and drops its result, as in-place operators do.</summary>
    internal void Run(params ReadOnlySpan<Arg> args) => Invoke(args, null, 0);

    /// <summary>Calls the operator; its one result is a bool.</summary>
    internal bool Ask(params ReadOnlySpan<Arg> args)
    {
        NativeValue result;
        Invoke(args, &result, 1);
        return result.Bits != 0;
    }

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Arg> args, NativeValue* results, long capacity)
    {
        var handle = _handle != 0 ? _handle : Resolve();
        long words = 0;
        foreach (ref readonly var arg in args) words += arg.Words;
        if (words > StackWords)
        {
            InvokeLarge(handle, args, results, capacity, words);
            return;
        }
        var buffer = stackalloc long[StackWords];
        Send(handle, args, results, capacity, buffer);
    }

    private static void InvokeLarge(nint handle, ReadOnlySpan<Arg> args, NativeValue* results, long capacity, long words)
    {
        var buffer = (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        try { Send(handle, args, results, capacity, buffer); }
        finally { NativeMemory.Free(buffer); }
    }

    [SkipLocalsInit]
    private static void Send(nint handle, ReadOnlySpan<Arg> args, NativeValue* results, long capacity, long* words)
    {
        var values = stackalloc NativeValue[args.Length];
        for (int i = 0; i < args.Length; i++) words = args[i].Write(values + i, words);
        Native.Check(Native.ts_call(handle, values, args.Length, results, capacity));
    }

    private nint Resolve()
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var found = dot < 0 ? Native.ts_op("aten::" + name, "") : Native.ts_op("aten::" + name[..dot], name[(dot + 1)..]);
        return _handle = found != 0 ? found : throw Native.LastError();
    }
}
