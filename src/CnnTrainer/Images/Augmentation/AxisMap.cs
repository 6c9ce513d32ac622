namespace CnnMlNet.Images;

/// <summary>Where each place of an axis takes its values from, after some flips and shifts by whole pixels: nothing is lost by them.</summary>
internal sealed class AxisMap(int length)
{
    private int[] _from = new int[length];
    private int[] _before = new int[length];

    /// <summary>The index in the image as it came; -1 for none of it.</summary>
    public ReadOnlySpan<int> From => _from;

    /// <summary>Whether all is as it came.</summary>
    public bool IsIdentity { get; private set; }

    public void Reset()
    {
        IsIdentity = true;
        for (int i = 0; i < _from.Length; i++) _from[i] = i;
    }

    public void Flip()
    {
        IsIdentity = false;
        Array.Reverse(_from);
    }

    /// <summary>Moves all by some places towards the end.</summary>
    public void Shift(int by, PaddingMode padding)
    {
        if (by == 0) return;
        IsIdentity = false;
        (_from, _before) = (_before, _from);
        for (int i = 0; i < _from.Length; i++)
        {
            int at = PaddedIndex.Of(padding, i - by, _from.Length);
            _from[i] = at < 0 ? -1 : _before[at];
        }
    }
}
