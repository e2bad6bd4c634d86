namespace MlSql.Language;

/// <summary>The ledger of syntax messages. Numbers are never reused.</summary>
internal static class Diagnostics
{
    public const string MLS1001 = "MLS1001";
    public const string MLS1002 = "MLS1002";
    public const string MLS1003 = "MLS1003";
    public const string MLS1004 = "MLS1004";
    public const string MLS1005 = "MLS1005";
    public const string MLS1006 = "MLS1006";
    public const string MLS1007 = "MLS1007";
    public const string MLS1008 = "MLS1008";
    public const string MLS1009 = "MLS1009";
    public const string MLS1010 = "MLS1010";
    public const string MLS1011 = "MLS1011";
    public const string MLS1012 = "MLS1012";

    /// <summary>A word or sign that cannot stand here.</summary>
    public static Diagnostic Unexpected(Span at, string found, string expected, string? hint) =>
        new(MLS1001, at, expected.Length == 0 ? $"Not understood here: {found}" : $"Expected {expected}, found: {found}", hint);

    /// <summary>The statement ends too early.</summary>
    public static Diagnostic EndsEarly(Span at, string expected, string? hint) =>
        new(MLS1002, at, expected.Length == 0 ? "The statement ends too early" : $"The statement ends too early, expected {expected}", hint);

    /// <summary>A quote, dollar quote or comment without an end.</summary>
    public static Diagnostic NeverClosed(Span at, string what, string closing) =>
        new(MLS1003, at, $"This {what} is never closed", Hint.Text($"it ends with {closing}"));

    /// <summary>A bracket without a partner.</summary>
    public static Diagnostic BracketWithoutPartner(Span at, string bracket, bool opens) =>
        new(MLS1004, at, opens ? $"This bracket is never closed: {bracket}" : $"This bracket was never opened: {bracket}");

    /// <summary>Brackets nested too deeply.</summary>
    public static Diagnostic TooDeep(Span at, int limit) =>
        new(MLS1005, at, $"The statement is nested deeper than {limit} brackets", Hint.Text("split it into views or tables"));

    /// <summary>A statement verb that is nearly ours.</summary>
    public static Diagnostic UnknownStatement(Span at, string verb, string near) =>
        new(MLS1006, at, $"No statement begins with: {verb}", Hint.DidYouMean(near));

    /// <summary>A clause that stands twice.</summary>
    public static Diagnostic DuplicateClause(Span at, string clause, string firstPlace) =>
        new(MLS1007, at, $"{clause} stands twice; the first is at {firstPlace}", Hint.Text("keep one of them"));

    /// <summary>An argument that a call of ours does not take.</summary>
    public static Diagnostic UnknownArgument(Span at, string function) =>
        new(MLS1008, at, $"This argument is not understood by {function}", Hint.Text("it takes MODEL m, TABLE t or (query), and STRUCT(value AS option)"));

    /// <summary>Arguments before USING that nobody reads.</summary>
    public static Diagnostic ArgumentsBeforeUsing(Span at) =>
        new(MLS1009, at, "Columns stand either in order or behind USING, not both", Hint.Text("PREDICT(m, a, b) or PREDICT(m USING a, b)"));

    /// <summary>EXPLAIN of an EXPLAIN.</summary>
    public static Diagnostic ExplainOfExplain(Span at) =>
        new(MLS1010, at, "EXPLAIN cannot explain another EXPLAIN");

    /// <summary>A text without a statement.</summary>
    public static Diagnostic NoStatement(Span at) =>
        new(MLS1011, at, "There is no statement here");

    /// <summary>A second statement where one was asked for.</summary>
    public static Diagnostic SecondStatement(Span at) =>
        new(MLS1012, at, "Only one statement can stand here");
}
