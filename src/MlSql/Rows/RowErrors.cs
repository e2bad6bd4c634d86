using System.Collections.Immutable;
using MlSql.Language;

namespace MlSql.Rows;

/// <summary>Every error of models in the process. Numbers are never reused.</summary>
internal static class RowErrors
{
    /// <summary>The errors of binding a row, which has no place to point at.</summary>
    public static MlSqlException Of(ImmutableArray<Diagnostic> diagnostics) => new(
        diagnostics[0].Code, diagnostics[0].Message, diagnostics[0].Hint, string.Join("\n", diagnostics.Select(d => Failures.Text(d.Code, d.Message, d.Hint))), FailureKind.Statement);

    public static MlSqlException OtherType(object? value, Type wanted) => Of(
        "MLS7603", $"The prediction is {(value is null ? "NULL" : $"a {value.GetType().Name}")}, which is no {(Nullable.GetUnderlyingType(wanted) ?? wanted).Name}",
        value is null ? "ask for a type that has null" : $"read it as As<{value.GetType().Name}>(), or take Value as it is");

    private static MlSqlException Of(string code, string message, string hint) => new(code, message, hint, Failures.Text(code, message, hint), FailureKind.Statement);
}
