using System.Globalization;
using MlSql.Columnar;

namespace MlSql.UnitTests.Worker;

/// <summary>All values of a column in one text, NULLs and nested ones included.</summary>
internal static class ColumnText
{
    public static string Of(Column column) => "[" + string.Join(", ", Enumerable.Range(0, column.Length).Select(row => Of(column, row))) + "]";

    private static string Of(Column column, int row) => column.IsNull(row) ? "NULL" : column switch
    {
        TextColumn texts => Convert.ToHexString(texts.Utf8(row)),
        ListColumn lists => "[" + string.Join(", ", Enumerable.Range(lists.Range(row).Start, lists.Range(row).Length).Select(i => Of(lists.Elements, i))) + "]",
        StructColumn fields => "(" + string.Join(", ", fields.Fields.Select(f => Of(f, row))) + ")",
        FixedColumn<byte> values => Number(values, row),
        FixedColumn<sbyte> values => Number(values, row),
        FixedColumn<short> values => Number(values, row),
        FixedColumn<int> values => Number(values, row),
        FixedColumn<long> values => Number(values, row),
        FixedColumn<float> values => Number(values, row),
        FixedColumn<double> values => Number(values, row),
        FixedColumn<Int128> values => Number(values, row),
        FixedColumn<Interval> values => values.Values[row].ToString()!,
        _ => throw new System.Diagnostics.UnreachableException(column.GetType().Name),
    };

    private static string Number<T>(FixedColumn<T> values, int row) where T : unmanaged, IFormattable => values.Values[row].ToString(null, CultureInfo.InvariantCulture);
}
