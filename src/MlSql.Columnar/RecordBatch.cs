using System.Runtime.InteropServices;

namespace MlSql.Columnar;

/// <summary>Rows of a result, column by column.</summary>
public sealed class RecordBatch(Schema schema, IReadOnlyList<Column> columns, int rows)
{
    /// <summary>Names and types.</summary>
    public Schema Schema { get; } = schema;

    /// <summary>The columns, in the order of the schema.</summary>
    public IReadOnlyList<Column> Columns { get; } = columns;

    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>The column of that name (exactly, else by case). Throws <see cref="CodedException"/> MLS6010 when there is none.</summary>
    public Column Column(string name)
    {
        int index = Schema.IndexOf(name);
        if (index < 0)
            throw new CodedException("MLS6010", $"The result has no column of this name: {name}", $"its columns are {string.Join(", ", Schema.Fields.Take(20).Select(f => f.Name))}");
        return Columns[index];
    }

    /// <summary>
    /// The values of a column of fixed width; <typeparamref name="T"/> must be its exact value type (bool for BOOLEAN, days as int for DATE, units as long for timestamps). Slots of NULL rows hold anything.
    /// Throws <see cref="CodedException"/> MLS6010 or MLS6011.
    /// </summary>
    public ReadOnlySpan<T> Column<T>(string name) where T : unmanaged => Column(name) switch
    {
        FixedColumn<byte> { Type: BooleanType } booleans when typeof(T) == typeof(bool) => MemoryMarshal.Cast<byte, T>(booleans.Values),
        FixedColumn<T> column => column.Values,
        var other => throw new CodedException("MLS6011", $"Column {name} is {other.Type}, not {typeof(T).Name}", "read it with Column(name) and its own class"),
    };
}
