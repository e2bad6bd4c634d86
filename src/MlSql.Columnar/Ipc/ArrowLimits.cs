namespace MlSql.Columnar.Ipc;

/// <summary>How much one Arrow stream may ask for. Whatever is larger is refused before memory is taken.</summary>
public sealed record ArrowLimits
{
    /// <summary>Bytes of one message's metadata.</summary>
    public int Metadata { get; init; } = 16 << 20;

    /// <summary>Bytes of one batch's body.</summary>
    public int Body { get; init; } = 1 << 30;

    /// <summary>Rows of a column that takes no bytes for them (NULL columns and lists of no elements), so that no length can be claimed for nothing.</summary>
    public int RowsWithoutBytes { get; init; } = 1 << 24;

    /// <summary>How deep lists, structs and maps may nest.</summary>
    public int Depth { get; init; } = 64;
}
