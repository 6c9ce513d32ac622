using System.Globalization;
using System.Runtime.CompilerServices;

namespace CnnMlNet.Tests;

/// <summary>
/// A test that holds whatever the user's language: it runs in the invariant culture, in German (a comma for the decimal point, a point between
/// thousands) and in Turkish (an i without a dot, and a percent sign in front).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EachCultureAttribute([CallerFilePath] string file = "", [CallerLineNumber] int line = -1) : TestMethodAttribute(file, line)
{
    public override async Task<TestResult[]> ExecuteAsync(ITestMethod testMethod)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture);
        var results = new List<TestResult>();
        try
        {
            foreach (var name in new[] { "", "de-DE", "tr-TR" })
            {
                var culture = CultureInfo.GetCultureInfo(name);
                (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
                (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (culture, culture);
                var result = await testMethod.InvokeAsync(null);
                result.DisplayName = $"{testMethod.TestMethodName} ({(name == "" ? "invariant" : name)})";
                results.Add(result);
            }
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = before;
        }

        return [.. results];
    }
}
