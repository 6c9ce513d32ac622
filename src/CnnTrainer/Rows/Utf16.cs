namespace CnnMlNet.Rows;

/// <summary>What text must be to survive a file.</summary>
internal static class Utf16
{
    /// <summary>Whether half of a surrogate pair stands alone, which UTF-8 cannot say.</summary>
    public static bool ContainsLoneSurrogate(this ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(text[i])) return true;
        }

        return false;
    }
}
