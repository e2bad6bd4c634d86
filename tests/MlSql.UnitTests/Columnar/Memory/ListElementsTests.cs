using System.Runtime.InteropServices;
using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.UnitTests.Columnar.Memory;

/// <summary>Column i of a list's elements has the i-th element of each row.</summary>
public class ListElementsTests
{
    private static readonly DataType[] s_types = [new FloatType(32), new FloatType(64), new IntegerType(32, true), new IntegerType(64, true)];

    [Test]
    public void Each_element_becomes_a_row_of_its_column([ValueSource(nameof(s_types))] DataType type, [Values(1, 7, 28)] int width, [Values(0, 1, 127, 128, 129, 1000)] int rows, [Values] bool nulls, [Values(0, 5)] int first)
    {
        int elements = first + rows * width + 3, size = type is FloatType { Bits: 32 } or IntegerType { Bits: 32 } ? 4 : 8;
        Random random = new(width + rows);
        byte[] values = GC.AllocateArray<byte>(elements * size, pinned: true);
        random.NextBytes(values);
        ulong[] valid = GC.AllocateArray<ulong>((elements + 63) / 64, pinned: true);
        for (int i = 0; i < valid.Length; i++) valid[i] = (ulong)random.NextInt64();
        ListElements splitter = new(type, width);
        // The second batch reuses the memory of the first.
        for (int batch = 0; batch < 2; batch++)
        {
            var columns = splitter.Split(View(type, elements, values, nulls ? valid : null), first, rows);
            Assert.That(columns.Length, Is.EqualTo(width));
            for (int c = 0; c < width; c++)
            {
                Assert.That((columns[c].Type, columns[c].Length, columns[c].AllValid), Is.EqualTo((type, rows, !nulls)));
                for (int r = 0; r < rows; r++)
                {
                    int at = first + r * width + c;
                    bool equal = size == 4
                        ? columns[c].Values<int>()[r] == MemoryMarshal.Cast<byte, int>(values)[at]
                        : columns[c].Values<long>()[r] == MemoryMarshal.Cast<byte, long>(values)[at];
                    if (!equal || columns[c].IsValid(r) != (!nulls || (valid[at >> 6] >> (at & 63) & 1) != 0)) Assert.Fail($"column {c}, row {r}");
                }
            }
            random.NextBytes(values);
        }
    }

    [Test]
    public void A_list_that_is_too_short_is_refused()
    {
        byte[] values = GC.AllocateArray<byte>(80, pinned: true);
        ListElements splitter = new(new FloatType(32), 4);
        Assert.That(() => { splitter.Split(View(new FloatType(32), 20, values, null), 1, 5); }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => { splitter.Split(View(new FloatType(32), 20, values, null), -1, 1); }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Only_numbers_of_four_and_eight_bytes()
    {
        Assert.That(s_types, Has.All.Matches<DataType>(ListElements.Takes));
        foreach (DataType other in (DataType[])[new StringType(), new BooleanType(), new IntegerType(8, true), new IntegerType(128, true), new DecimalType(18, 2), new NullType(), new ListType(new FloatType(32))])
        {
            Assert.That(ListElements.Takes(other), Is.False, other.ToString());
            Assert.That(() => new ListElements(other, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    private static unsafe ColumnView View(DataType type, int length, byte[] values, ulong[]? valid) => new(
        type,
        ColumnLayout.Fixed,
        length,
        (void*)Marshal.UnsafeAddrOfPinnedArrayElement(values, 0),
        valid is null ? null : (ulong*)Marshal.UnsafeAddrOfPinnedArrayElement(valid, 0));
}
