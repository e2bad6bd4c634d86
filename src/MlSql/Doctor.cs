namespace MlSql;

/// <summary>How one check of the doctor ended.</summary>
public enum DoctorState
{
    /// <summary>In order.</summary>
    Ok,

    /// <summary>Works, but something is slower or less than it could be.</summary>
    Warn,

    /// <summary>Statements will fail until this is put right.</summary>
    Fail,
}

/// <summary>One check: what was looked at, how it ended, what was found, and the way out or null.</summary>
public sealed record DoctorLine(string Name, DoctorState State, string Value, string? Hint = null);

/// <summary>What the doctor found, in the order in which it is printed.</summary>
public sealed record DoctorReport(IReadOnlyList<DoctorLine> Lines);
