namespace MlSql.Training.Rows;

/// <summary>What a row is for.</summary>
internal enum RowPart : byte
{
    Train,
    Eval,
    Test,

    /// <summary>Its label is NULL.</summary>
    Dropped,
}
