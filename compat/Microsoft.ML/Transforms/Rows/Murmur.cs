using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>MurmurHash3 (x86, 32 bits), as far as grouping rows by a column's value needs it.</summary>
internal static class Murmur
{
    internal static uint Round(uint hash, uint chunk)
    {
        chunk = BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;
        return (BitOperations.RotateLeft(hash ^ chunk, 13) * 5) + 0xE6546B64;
    }

    internal static uint Finish(uint hash, int bytes)
    {
        hash ^= (uint)bytes;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    /// <summary>
    /// The hash of a text as UTF-8, characters outside the basic plane as two surrogates. Bytes are packed as the published library
    /// packs them, which swaps some bytes after a character beyond ASCII.
    /// </summary>
    internal static uint Text(uint hash, ReadOnlySpan<char> text)
    {
        ulong pending = 0;
        int bits = 0, bytes = 0;
        foreach (uint c in text)
        {
            if (c <= 0x7F)
            {
                pending |= (ulong)c << bits;
                bits += 8;
            }
            else if (c <= 0x7FF)
            {
                pending |= (ulong)((c & 0x3F) | ((c << 2) & 0x1F00) | 0xC080) << bits;
                pending = ((pending & 0xFF) << 8) | (pending >> 8);
                bits += 16;
            }
            else
            {
                pending |= (ulong)((c & 0x3F) | ((c << 2) & 0x3F00) | ((c << 4) & 0x0F0000) | 0xE08080) << bits;
                pending = ((pending & 0xFF) << 16) | (((pending >> 8) & 0xFF) << 8) | (pending >> 16);
                bits += 24;
            }
            if (bits < 32) continue;
            hash = Round(hash, (uint)pending);
            pending >>= 32;
            bits -= 32;
            bytes += 4;
        }
        bytes += bits / 8;
        uint tail = (uint)(pending & ((1ul << (8 * (bytes & 3))) - 1));
        if ((bytes & 3) != 0) hash ^= BitOperations.RotateLeft(tail * 0xCC9E2D51, 15) * 0x1B873593;
        return Finish(hash, bytes);
    }
}
