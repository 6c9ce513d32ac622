using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace CnnMlNet.Tests;

/// <summary>The public members of both libraries against tests/recorded/PublicApi.txt, so that none changes unnoticed.</summary>
[TestClass]
public sealed class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [TestMethod]
    public void PublicApi_OfBothLibraries_IsTheApprovedOne()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "recorded"), received = Path.Combine(folder, "PublicApi.received.txt");
        var approved = File.ReadAllLines(Path.Combine(folder, "PublicApi.txt"));
        string[] actual = [.. new[] { typeof(CnnTrainer), typeof(CnnCatalog) }
            .SelectMany(type => type.Assembly.GetExportedTypes()).SelectMany(Lines).Order(StringComparer.Ordinal)];
        File.WriteAllLines(received, actual);

        var differences = approved.Except(actual).Select(line => "- " + line).Concat(actual.Except(approved).Select(line => "+ " + line));
        var report = string.Join(Environment.NewLine, differences);

        if (report != "") Assert.Fail($"The public API changed. Where it should, copy '{received}' to tests/recorded/PublicApi.txt.{Environment.NewLine}{report}");
    }

    [TestMethod]
    public void Extensions_MethodsOnTheMLContext_AreShownByUsingMicrosoftMlAlone()
    {
        var types = typeof(StandardScalingEstimator).Assembly.GetExportedTypes();

        var methods = types.Where(type => type.IsDefined(typeof(ExtensionAttribute))).ToLookup(type => type.Namespace);

        Assert.IsGreaterThanOrEqualTo(4, methods["Microsoft.ML"].Count());
        Assert.HasCount(1, methods, "in no other namespace");
        Assert.AreEqual("CnnMlNet", types.Except(methods["Microsoft.ML"]).Select(type => type.Namespace).Distinct().Single());
    }

    private static IEnumerable<string> Lines(Type type) =>
        type.GetMembers(Declared).Where(IsVisible).Select(member => $"{type}: {Text(member)}").Prepend($"{type}: {Kind(type)}");

    private static string Kind(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : "class";
        var modifier = (type.IsClass, type.IsAbstract, type.IsSealed) switch { (true, true, false) => "abstract ", (true, false, true) => "sealed ", _ => "" };
        return modifier + kind + string.Concat(type.GetInterfaces().Where(i => i.IsVisible).Select(i => " " + i).Order().Where(_ => !type.IsEnum));
    }

    // What the compiler adds to a record says nothing new.
    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily) && (!method.IsSpecialName || method.IsConstructor)
            && !method.IsDefined(typeof(CompilerGeneratedAttribute)),
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        PropertyInfo property => property.GetMethod is { } get && (get.IsPublic || get.IsFamily) && property.Name != "EqualityContract",
        _ => false,
    };

    private static string Text(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => "new" + Parameters(constructor),
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{method.ReturnType} {method.Name}{Parameters(method)}",
        PropertyInfo property => $"{(property.GetMethod!.IsStatic ? "static " : "")}{property} {{ get;{(property.SetMethod is { IsPublic: true } ? " init/set;" : "")} }}",
        FieldInfo { IsLiteral: true } constant => $"{constant} = {Convert.ToString(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        _ => member.ToString()!,
    };

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter) =>
        (parameter is { Position: 0 } && parameter.Member.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") +
        (parameter.IsDefined(typeof(ParamCollectionAttribute)) || parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "") +
        $"{parameter.ParameterType} {parameter.Name}" +
        (parameter.HasDefaultValue ? $" = {Convert.ToString(parameter.DefaultValue ?? "null", CultureInfo.InvariantCulture)}" : "");
}
