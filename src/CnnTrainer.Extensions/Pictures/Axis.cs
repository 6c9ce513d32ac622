using System.Globalization;

namespace CnnMlNet;

/// <summary>Numbers along an edge of a plot: from a tick to a tick, at 1, 2 or 5 times a power of ten.</summary>
internal sealed class Axis
{
    private const double Largest = 1e300;   // the difference of two of them is still a number
    private readonly double _from, _to, _step;
    private readonly int _count;
    private readonly long _first;

    /// <param name="values">What it is to hold; those that are not drawable do not count.</param>
    /// <param name="from">Pixel of its beginning.</param>
    /// <param name="to">Pixel of its end.</param>
    /// <param name="ticks">About how many parts it has.</param>
    /// <param name="whole">Whether its numbers are whole, as those of steps and epochs.</param>
    public Axis(IEnumerable<double> values, double from, double to, int ticks = 6, bool whole = false)
    {
        (_from, _to) = (from, to);
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (double value in values.Where(IsDrawable)) (min, max) = (Math.Min(min, value), Math.Max(max, value));
        if (min > max) (min, max) = (0, 1);
        double size = Math.Max(Math.Abs(min), Math.Abs(max));
        if (max - min <= Math.Max(size * 1e-9, 1 / Largest))   // nearer values are the same in a picture
        {
            double room = size > 1 / Largest ? size / 10 : 1;
            if (whole) room = Math.Max(1, room);
            (min, max) = (min - room, max + room);
        }

        _step = Nice((max - min) / ticks);
        if (whole) _step = Math.Max(1, _step);
        _first = (long)Math.Floor(min / _step + 1e-9);
        _count = (int)((long)Math.Ceiling(max / _step - 1e-9) - _first);
    }

    public IEnumerable<double> Ticks => Enumerable.Range(0, _count + 1).Select(i => (_first + i) * _step);

    public static bool IsDrawable(double value) => Math.Abs(value) <= Largest;

    public double At(double value) => _from + (value / _step - _first) / _count * (_to - _from);

    /// <summary>The number of a tick, with as many decimals as its neighbours differ in.</summary>
    public string Text(double tick)
    {
        int digits = -(int)Math.Floor(Math.Log10(_step) + 1e-9);
        if (tick == 0 || (digits <= 6 && Math.Abs(tick) < 1e8)) return tick.ToString("N" + Math.Clamp(digits, 0, 6), CultureInfo.InvariantCulture);
        int decimals = (int)Math.Max(0, Math.Ceiling(Math.Log10(Math.Abs(tick) / _step)));
        return tick.ToString($"0.{new string('#', decimals)}e0", CultureInfo.InvariantCulture);
    }

    private static double Nice(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power) switch { <= 1.0001 => 1, <= 2.0001 => 2, <= 5.0001 => 5, _ => 10 };
    }
}
