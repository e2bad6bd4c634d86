using System.Globalization;
using System.Text.Json;
using MlSql.Cli.Output;
using MlSql.Columnar;

namespace MlSql.CliTests;

public class ValueTests
{
    [TestCaseSource(typeof(ValueCases), nameof(ValueCases.All))]
    public void Every_type_is_printed_in_every_format(Column column, string box, string csv, string json)
    {
        RecordBatch batch = Batches.Of(("c", column));
        Assert.Multiple(() =>
        {
            Assert.That(Written.Csv(batch), Is.EqualTo($"c\n{csv}\n"));
            Assert.That(Written.Json(batch), Is.EqualTo($"[\n{{\"c\":{json}}}\n]\n"));
            Assert.That(Written.Box(batch, width: 200).Split('\n')[3].Trim('│', ' '), Is.EqualTo(box));
        });
    }

    [TestCaseSource(typeof(ValueCases), nameof(ValueCases.All))]
    public void What_json_prints_is_json(Column column, string box, string csv, string json)
    {
        using var document = JsonDocument.Parse(Written.Json(Batches.Of((box, column), (csv, column))));
        Assert.That(document.RootElement[0].EnumerateObject().First().Value.GetRawText(), Is.EqualTo(json));
    }

    [Test]
    public void Numbers_in_files_read_back_to_the_same_bits()
    {
        Random random = new(11);
        double[] values = [.. Enumerable.Range(0, 2000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite), 0.0, -0.0, double.Epsilon, double.MaxValue];
        string[] lines = Written.Csv(Batches.Of(("c", Batches.Fixed(new FloatType(64), [.. values.Select(v => (double?)v)])))).Split('\n');
        for (int i = 0; i < values.Length; i++)
            Assert.That(BitConverter.DoubleToInt64Bits(double.Parse(lines[i + 1], CultureInfo.InvariantCulture)), Is.EqualTo(BitConverter.DoubleToInt64Bits(values[i])), lines[i + 1]);
    }

    [TestCase(0.123456789012, "0.1234568")]
    [TestCase(1234567.891234, "1234567.9")]
    [TestCase(123456789012.345, "123456789012.3")]
    [TestCase(0.000001234567891, "1.234568e-06")]
    [TestCase(-1.0 / 3, "-0.3333333")]
    [TestCase(2.9999999999999996, "3.0")]
    [TestCase(1e15 / 3, "333333333333333.3")]
    [TestCase(1e22 / 3, "3.333333e+21")]
    public void Numbers_for_eyes_have_seven_digits(double value, string text)
    {
        Utf8Buffer into = new();
        NumberText.AppendReadable(into, value);
        Assert.That(into.ToString(), Is.EqualTo(text));
    }
}
