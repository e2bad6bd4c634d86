namespace MlSql.SpecTests;

/// <summary>What a record expects of its statement.</summary>
internal enum RecordKind
{
    /// <summary>It works; the summary holds the text, if one is given.</summary>
    Ok,

    /// <summary>It fails with a code and a text.</summary>
    Error,

    /// <summary>It changes so many rows.</summary>
    Count,

    /// <summary>It gives rows.</summary>
    Query,

    /// <summary>Its result has these columns.</summary>
    Columns,

    /// <summary>A stage of it prints so.</summary>
    Explain,

    /// <summary>A column of its only row lies on one side of a bound.</summary>
    Metric,

    /// <summary>The statement before gave this notice.</summary>
    Notice,

    /// <summary>The session is closed and opened again.</summary>
    Reopen,
}

/// <summary>
/// One record of a spec script. <paramref name="Words"/> are those behind its kind; <paramref name="ExpectedAt"/> is the index of the line after "----", -1 where there is none;
/// <paramref name="End"/> that of the line after the record.
/// </summary>
internal sealed record SpecRecord(RecordKind Kind, int Line, string[] Words, string Sql, int ExpectedAt, int End, string[] Expected)
{
    /// <summary>The only engine that the record is for, or null.</summary>
    public string? OnlyOn { get; init; }

    /// <summary>The engine that the record is not for, or null.</summary>
    public string? NotOn { get; init; }

    /// <summary>Why not on every engine; null where it is for all.</summary>
    public string? Reason { get; init; }

    /// <summary>The word behind this one, or null: "tolerance 1e-6", "same-as label".</summary>
    public string? After(string word) => Array.IndexOf(Words, word) is >= 0 and var i && i + 1 < Words.Length ? Words[i + 1] : null;

    /// <summary>True when the record runs on the engine.</summary>
    public bool RunsOn(string engine) => (OnlyOn is null || OnlyOn == engine) && NotOn != engine;
}
