namespace MlSql.Columnar.Memory;

/// <summary>Reads the indexes of enum columns of any width.</summary>
public static class EnumReader
{
    /// <summary>The index of a row's value in the type's values; a NULL row's is any.</summary>
    public static int Index(ColumnView view, EnumType type, int row) => type.IndexWidth switch
    {
        1 => view.Values<byte>()[row],
        2 => view.Values<ushort>()[row],
        _ => checked((int)view.Values<uint>()[row]),
    };
}
