using System.Globalization;

namespace CnnMlNet.Tests;

/// <summary>That tests for every culture really meet them; without ICU all cultures would be the invariant one.</summary>
[TestClass]
public sealed class EachCultureTests
{
    private static readonly List<string> Seen = [];

    [EachCulture]
    public void EachCulture_WritesNumbersItsOwnWay() =>
        Seen.Add(Task.Run(() => $"{CultureInfo.CurrentCulture.Name} {1234.5:N1} {"i".ToUpper(CultureInfo.CurrentCulture)}").Result);

    [ClassCleanup]
    public static void AllWereSeen() => CollectionAssert.AreEqual(new[] { " 1,234.5 I", "de-DE 1.234,5 I", "tr-TR 1.234,5 İ" }, Seen);
}
