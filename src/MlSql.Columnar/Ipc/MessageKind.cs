namespace MlSql.Columnar.Ipc;

/// <summary>The kinds of messages by their numbers in the metadata.</summary>
internal enum MessageKind : byte
{
    None = 0,
    Schema = 1,
    Dictionary = 2,
    Batch = 3,
}
