using System.Text;
using MlSql.Columnar;

namespace MlSql.CliTests;

/// <summary>Builds batches by hand.</summary>
internal static class Batches
{
    public static RecordBatch Of(params (string Name, Column Column)[] columns) =>
        new(new Schema([.. columns.Select(c => new Field(c.Name, c.Column.Type))]), [.. columns.Select(c => c.Column)], columns.Length == 0 ? 0 : columns[0].Column.Length);

    public static FixedColumn<T> Fixed<T>(DataType type, params T?[] values) where T : unmanaged =>
        new(type, [.. values.Select(v => v ?? default)], values.Length, Validity([.. values.Select(v => v is not null)]));

    public static TextColumn Text(DataType type, params byte[]?[] values)
    {
        List<int> offsets = [0];
        List<byte> bytes = [];
        foreach (byte[]? value in values)
        {
            bytes.AddRange(value ?? []);
            offsets.Add(bytes.Count);
        }
        return new(type, [.. offsets], [.. bytes], values.Length, Validity([.. values.Select(v => v is not null)]));
    }

    public static TextColumn Text(params string?[] values) => Text(new StringType(), [.. values.Select(v => v is null ? null : Encoding.UTF8.GetBytes(v))]);

    public static ListColumn Lists(DataType type, Column elements, params int?[] lengths)
    {
        List<int> offsets = [0];
        foreach (int? length in lengths) offsets.Add(offsets[^1] + (length ?? 0));
        return new(type, [.. offsets], elements, lengths.Length, Validity([.. lengths.Select(l => l is not null)]));
    }

    public static StructColumn Struct(bool[] valid, params (string Name, Column Column)[] fields) =>
        new(new StructType([.. fields.Select(f => new Field(f.Name, f.Column.Type))]), [.. fields.Select(f => f.Column)], valid.Length, Validity(valid));

    private static ulong[]? Validity(bool[] valid)
    {
        if (valid.All(v => v)) return null;
        ulong[] mask = new ulong[(valid.Length + 63) / 64];
        for (int i = 0; i < valid.Length; i++)
            if (valid[i]) mask[i / 64] |= 1UL << (i % 64);
        return mask;
    }
}
