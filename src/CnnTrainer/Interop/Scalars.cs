using TorchSharp;

namespace CnnMlNet.Interop;

/// <summary>Numbers that live as long as the process: TorchSharp hands a temporary Scalar to native code without keeping it alive.</summary>
internal static class Scalars
{
    public static Scalar One { get; } = 1L;

    public static Scalar MinusOne { get; } = -1L;
}
