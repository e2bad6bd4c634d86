using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Training.Rows;

/// <summary>Reads the indexes of enum columns of any width.</summary>
internal static class EnumReader
{
    public static int Index(ColumnView view, EnumType type, int row) => type.IndexWidth switch
    {
        1 => view.Values<byte>()[row],
        2 => view.Values<ushort>()[row],
        _ => (int)view.Values<uint>()[row],
    };
}
