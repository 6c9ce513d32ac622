using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Microsoft.ML;

/// <summary>Checks of arguments and columns, with the published exception types.</summary>
internal static class Check
{
    private const string OursKey = "Microsoft.ML";

    /// <summary>Marks an exception as thrown by this library, which a failed model load tells from those of other loaders.</summary>
    public static T Ours<T>(T exception) where T : Exception
    {
        exception.Data[OursKey] = true;
        return exception;
    }

    public static bool IsOurs(Exception? exception) => exception?.Data.Contains(OursKey) == true;

    public static T NotNull<T>([NotNull] T? value, [CallerArgumentExpression(nameof(value))] string? name = null) where T : class =>
        value ?? throw Ours(new ArgumentNullException(name));

    public static string NotEmpty([NotNull] string? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        string.IsNullOrEmpty(value) ? throw Ours(new ArgumentOutOfRangeException(name, $"{name} needs a text, but is {(value is null ? "null" : "empty")}.")) : value;

    /// <summary>A parameter's value is out of range.</summary>
    public static void Parameter([DoesNotReturnIf(false)] bool holds, string name, string? message = null)
    {
        if (!holds)
            throw Ours(message is null ? new ArgumentOutOfRangeException(name) : new ArgumentOutOfRangeException(name, message));
    }

    public static void Parameter([DoesNotReturnIf(false)] bool holds, string name, [InterpolatedStringHandlerArgument(nameof(holds))] ref Problem message)
    {
        if (!holds)
            Parameter(false, name, message.ToString());
    }

    /// <summary>The object is in no state for this call.</summary>
    public static void State([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds)
            throw Ours(new InvalidOperationException(message));
    }

    public static void State([DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Problem message)
    {
        if (!holds)
            State(false, message.ToString());
    }

    /// <summary>The bytes that are being read are not what they should be.</summary>
    public static void Decode([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds)
            throw Ours(new FormatException(message));
    }

    /// <summary>The published library can do it; this subset, which holds what the product uses, cannot.</summary>
    public static void InSubset(bool holds, string what)
    {
        if (!holds)
            throw new NotSupportedException($"compat/, the subset of ML.NET that CnnMlNet is built on here, has no {what}. " +
                "Do without it, or build on the published packages: -p:Dependencies=published.");
    }

    public static Exception Missing(string column, IEnumerable<string> present, string role = "input", string parameter = "inputSchema") =>
        Ours(new ArgumentOutOfRangeException(parameter, NoColumn(column, present, role)));

    public static string NoColumn(string column, IEnumerable<string> present, string role) =>
        $"There is no {role} column '{column}'. The columns are: {string.Join(", ", present.Distinct())}.";

    public static Exception Mismatch(string column, string expected, string actual, string role = "input",
        string parameter = "inputSchema") =>
        Ours(new ArgumentOutOfRangeException(parameter,
            $"The {role} column '{column}' is {actual}, but it must be {expected}."));

    /// <summary>Says that a getter was asked for a column that its cursor or row does not compute.</summary>
    public static string NotAskedFor(DataViewSchema.Column column) =>
        $"Column '{column.Name}' was not among the columns that the cursor or row was opened for.";

    /// <summary>The column of that name, or the published exception.</summary>
    public static SchemaShape.Column Find(SchemaShape schema, string column, string parameter = "inputSchema") =>
        NotNull(schema, parameter).TryFindColumn(column, out var found) ? found : throw Missing(column, schema.Select(c => c.Name), parameter: parameter);

    /// <summary>The visible column of that name, or the published exception.</summary>
    public static DataViewSchema.Column Find(DataViewSchema schema, string column, string parameter = "inputSchema") =>
        NotNull(schema, parameter).GetColumnOrNull(column) ?? throw Missing(column, schema.Select(c => c.Name), parameter: parameter);

    /// <summary>The message of a check, which costs nothing while the check holds: some are made for every row.</summary>
    [InterpolatedStringHandler]
    public ref struct Problem
    {
        private DefaultInterpolatedStringHandler _text;

        public Problem(int literalLength, int formattedCount, bool holds, out bool isWanted)
        {
            isWanted = !holds;
            if (isWanted)
                _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
