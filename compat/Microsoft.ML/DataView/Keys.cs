namespace Microsoft.ML.Data;

internal static class Keys
{
    /// <summary>The index of a key, from 0; a missing key's is the largest number.</summary>
    internal static Func<TKey, ulong> ToIndex<TKey>() => (Func<TKey, ulong>)(Delegate)(default(TKey) switch
    {
        byte => (Func<byte, ulong>)(key => unchecked((ulong)key - 1)),
        ushort => (Func<ushort, ulong>)(key => unchecked((ulong)key - 1)),
        uint => (Func<uint, ulong>)(key => unchecked((ulong)key - 1)),
        ulong => (Func<ulong, ulong>)(key => unchecked(key - 1)),
        _ => throw new InvalidOperationException($"A {typeof(TKey)} is no key"),
    });
}
