using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.UnitTests.Scoring;
using MlSql.UnitTests.Scoring.Memory;

namespace MlSql.UnitTests.Columnar;

internal sealed class NumberReaderTests
{
    public static IEnumerable<DataType> Types => RandomCases.Numbers();

    [TestCaseSource(nameof(Types))]
    public void Every_number_is_the_double_nearest_to_its_decimal_text(DataType type)
    {
        var column = RandomCases.Column(type, 1_000, seed: 1);
        double[] read = Read(column, 0, 1_000);
        for (int row = 0; row < read.Length; row++)
        {
            double expected = ReferenceScorer.Number(type, column.Values[row]);
            // A large unscaled value is rounded, and its quotient again.
            double unit = type is DecimalType { Precision: > 15 } ? Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected) : 0;
            Assert.That(read[row], Is.EqualTo(expected).Within(unit), $"{column.Values[row]}");
        }
    }

    [TestCaseSource(nameof(Types))]
    public void Any_slice_gives_the_same_bits(DataType type)
    {
        var column = RandomCases.Column(type, 200, seed: 2);
        double[] whole = Read(column, 0, 200);
        for (int start = 0; start < 70; start++)
            foreach (int length in (int[])[0, 1, 7, 8, 9, 130])
                Assert.That(Read(column, start, length), Is.EqualTo(whole[start..(start + length)]), $"{length} rows from {start}");
    }

    [Test]
    public void Extreme_whole_numbers_round_to_the_nearest_double()
    {
        Assert.That(Read(new(new IntegerType(64, true), [(Int128)long.MaxValue, (Int128)long.MinValue, (Int128)((1L << 53) + 1), (Int128)((1L << 53) + 3), (Int128)(-(1L << 53) - 1), Int128.Zero, Int128.One, (Int128)(-1), (Int128)long.MaxValue]), 0, 9),
            Is.EqualTo([9223372036854775807.0, -9223372036854775808.0, 9007199254740992.0, 9007199254740996.0, -9007199254740992.0, 0, 1, -1, 9223372036854775807.0]));
        Assert.That(Read(new(new IntegerType(64, false), [.. Enumerable.Repeat<object?>((Int128)ulong.MaxValue, 9)]), 0, 9), Is.All.EqualTo(18446744073709551615.0));
        Assert.That(Read(new(new IntegerType(128, false), [UInt128.MaxValue]), 0, 1), Is.EqualTo([340282366920938463463374607431768211455.0]));
        Assert.That(Read(new(new IntegerType(128, true), [Int128.MinValue]), 0, 1), Is.EqualTo([-170141183460469231731687303715884105728.0]));
    }

    [Test]
    public void A_decimal_of_one_tenth_is_the_double_of_one_tenth() =>
        Assert.That(Read(new(new DecimalType(18, 3), [(Int128)100, (Int128)(-123_456), null]), 0, 3), Is.EqualTo([0.1, -123.456, double.NaN]));

    [Test]
    public void Only_numbers_booleans_and_decimals_can_be_read()
    {
        Assert.That(Types.All(NumberReader.CanRead));
        Assert.That(NumberReader.CanRead(new StringType()), Is.False);
        Assert.That(NumberReader.CanRead(new DateType()), Is.False);
    }

    private static double[] Read(TestColumn column, int start, int rows)
    {
        using var views = new ScoringViews(ViewStyle.Views);
        double[] into = new double[rows];
        NumberReader.Read(views.Make(column.Type, column.Values), start, into);
        return into;
    }
}
