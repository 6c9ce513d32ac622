using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CnnMlNet;
using Microsoft.ML;

namespace Examples.Tests.Docs;

/// <summary>The C# of README.md and docs/ is code that the examples and the snippets here compile and run, and it shows every feature.</summary>
[TestClass]
public sealed class DocsTests
{
    private static readonly string Sources = Path.Combine(AppContext.BaseDirectory, "sources");

    [TestMethod]
    public void Docs_EveryBlockOfCSharp_IsCompiledCode()
    {
        var code = Files("*.cs").Select(File.ReadAllLines).ToList();
        CollectionAssert.AreEquivalent(new[] { "README.md", "training.md" }, Blocks().Select(block => Path.GetFileName(block.File)).Distinct().ToArray());
        foreach (var (file, block) in Blocks())
            Assert.IsTrue(code.Any(lines => HoldsParts(lines, block)), $"{Path.GetFileName(file)}: these lines stand in no example and no snippet:\n{string.Join('\n', block)}");
    }

    [TestMethod]
    public void Docs_EverySnippet_IsShown()
    {
        var shown = Blocks().ToList();
        foreach (var file in Directory.GetFiles(Path.Combine(Sources, "snippets"), "*Snippets.cs"))
        {
            foreach (Match method in Regex.Matches(File.ReadAllText(file), @"\[TestMethod\]\n    public void (\w+)\(\)\n    \{\n(.*?)\n    \}\n", RegexOptions.Singleline))
                Assert.IsTrue(shown.Any(block => Holds(method.Groups[2].Value.Split('\n'), block.Lines)), $"{Path.GetFileName(file)}: {method.Groups[1].Value} is shown nowhere.");
        }
    }

    [TestMethod]
    public void Docs_EveryOption_IsShown()
    {
        var text = Shown();
        var missing = typeof(CnnTrainerOptions).GetProperties().Select(property => property.Name).Where(name => !Regex.IsMatch(text, $@"\b{name} = "));
        Assert.AreEqual("", string.Join(", ", missing), "no document and no example sets these options");
    }

    /// <summary>Layer.Conv, Optimizer.Adam, and all else that stands on the type it makes; and what hangs on the MLContext.</summary>
    [TestMethod]
    public void Docs_EveryFactory_IsShown()
    {
        var text = Shown();
        var types = typeof(CnnTrainer).Assembly.GetExportedTypes().Concat(typeof(CnnCatalog).Assembly.GetExportedTypes()).ToList();
        var made = types.SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member => Made(member) == type && type != typeof(ActivationShape) && type != typeof(MetricCollection)).Select(member => $"{type.Name}.{member.Name}"));
        var extensions = types.SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(ExtensionAttribute))).Select(method => "." + method.Name);
        var missing = made.Concat(extensions).Distinct().Where(name => !Regex.IsMatch(text, $@"{Regex.Escape(name)}\b")).ToList();
        Assert.IsGreaterThan(80, made.Count());
        Assert.AreEqual("", string.Join(", ", missing), "no document and no example shows these");
    }

    private static Type? Made(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: false } method => method.ReturnType,
        PropertyInfo property => property.PropertyType,
        _ => null,
    };

    /// <summary>All C# that a user may read.</summary>
    private static string Shown() => string.Join('\n', Blocks().SelectMany(block => block.Lines)
        .Concat(Directory.GetFiles(Path.Combine(Sources, "examples"), "*.cs", SearchOption.AllDirectories).SelectMany(File.ReadAllLines)));

    private static IEnumerable<(string File, string[] Lines)> Blocks() =>
        from file in Files("*.md")
        from Match block in Regex.Matches(File.ReadAllText(file), @"^```csharp\n(.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)
        select (file, block.Groups[1].Value.Split('\n'));

    private static string[] Files(string pattern) => Directory.GetFiles(Sources, pattern, SearchOption.AllDirectories);

    /// <summary>Whether all parts of a block stand in a file, each as it is; between two a document may leave out what it likes.</summary>
    private static bool HoldsParts(string[] lines, string[] block) => string.Join('\n', block).Split("\n\n").All(part => Holds(lines, part.Split('\n')));

    /// <summary>Whether the lines stand there one after the other, all indented alike.</summary>
    private static bool Holds(string[] lines, string[] block) => Enumerable.Range(0, lines.Length - Math.Min(lines.Length, block.Length - 1)).Any(first =>
    {
        if (!lines[first].EndsWith(block[0], StringComparison.Ordinal)) return false;
        var indent = lines[first][..^block[0].Length];
        return string.IsNullOrWhiteSpace(indent) && block.Index().All(line => lines[first + line.Index] == (line.Item == "" ? "" : indent + line.Item));
    });
}
