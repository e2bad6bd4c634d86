using System.Text;

namespace MlSql.UnitTests.Models.Boosters;

/// <summary>JSON and UBJSON that no XGBoost writes.</summary>
internal sealed class HostileFormTests
{
    [TestCase("[", "]")]
    [TestCase("{\"learner\":", "}")]
    public void Nesting_does_not_overflow_the_stack(string open, string close)
    {
        foreach (int depth in new[] { 33, 100_000 })
        {
            string json = "{\"learner\":" + string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth)) + "}";
            Assert.That(BoosterVerdict.Of(Encoding.UTF8.GetBytes(json), false, "json").End, Is.EqualTo("MLS7202"));
        }
        byte[] level = open == "[" ? "["u8.ToArray() : [(byte)'{', .. XgBoostFile.Length(1), (byte)'a'];
        byte[] ubj = [.. Enumerable.Repeat(level, 100_000).SelectMany(b => b)];
        Assert.That(BoosterVerdict.Of(ubj, false, "ubj").Message, Does.Contain("deeper than 32"));
    }

    [TestCase("[$D#")]
    [TestCase("[$U#")]
    [TestCase("[#")]
    [TestCase("S")]
    [TestCase("H")]
    [TestCase("{")]
    public void Huge_counts_of_the_binary_form_allocate_nothing(string start)
    {
        foreach (long count in new[] { 1L << 20, int.MaxValue, 1L << 40, long.MaxValue, -1 })
        {
            byte[] bytes = [(byte)'{', .. XgBoostFile.Length(1), (byte)'a', .. Encoding.ASCII.GetBytes(start), .. XgBoostFile.Length(count), .. new byte[100]];
            Assert.That(BoosterVerdict.Of(bytes, false, $"{start} {count}").End, Is.EqualTo("MLS7201"));
        }
    }

    [TestCase("[$")]
    [TestCase("[$Z#L")]
    [TestCase("[$i]")]
    [TestCase("{$i#L")]
    [TestCase("[#d")]
    [TestCase("?")]
    [TestCase("NNNN")]
    public void Markers_that_cannot_stand_there_are_refused(string start)
    {
        byte[] bytes = [(byte)'{', .. XgBoostFile.Length(1), (byte)'a', .. Encoding.ASCII.GetBytes(start), .. new byte[16]];
        Assert.That(BoosterVerdict.Of(bytes, false, start).End, Is.AnyOf("MLS7201", "MLS7202"));
    }

    [Test]
    public void Small_things_in_great_number_cost_a_bounded_multiple_of_their_bytes()
    {
        const int Count = 200_000;
        foreach (string unit in new[] { "{}", "[]", "Z", "T", "U\u0001" })
        {
            byte[] ubj = [(byte)'[', .. Enumerable.Repeat(Encoding.ASCII.GetBytes(unit), Count).SelectMany(b => b), (byte)']'];
            Assert.That(BoosterVerdict.Of(ubj, false, $"ubj {unit}").Message, Does.Contain("the model is no object"));
        }
        foreach (string unit in new[] { "{}", "[]", "1", "\"\"", "null", "true", "{\"a\":1}" })
        {
            string json = "{\"learner\":[" + string.Join(',', Enumerable.Repeat(unit, Count)) + "]}";
            Assert.That(BoosterVerdict.Of(Encoding.UTF8.GetBytes(json), false, $"json {unit}").Message, Does.Contain("the model.learner is no object"));
        }
    }

    [TestCase("{\"learner\":{\"a\":1e999}}")]
    [TestCase("{\"learner\":{\"a\":[1e999,-1E+9999]}}")]
    [TestCase("{\"learner\":{\"a\":\"\\ud800\"}}")]
    [TestCase("{\"learner\":{\"a\":\"\u00ff")]
    [TestCase("{\"learner\":{} } {}")]
    [TestCase("{\"learner\":NaN}")]
    [TestCase("{\"learner\":{\"a\":01}}")]
    [TestCase("{ }")]
    [TestCase("{")]
    [TestCase("")]
    public void What_is_no_model_is_refused(string json) =>
        Assert.That(BoosterVerdict.Of(Encoding.UTF8.GetBytes(json), false, json).End, Is.AnyOf("MLS7201", "MLS7202"));

    [Test]
    public void Bytes_behind_the_model_are_refused()
    {
        Assert.That(BoosterVerdict.Of([.. XgBoostFile.Json(XgBoostFile.Small()), (byte)'x'], false, "json").End, Is.EqualTo("MLS7202"));
        Assert.That(BoosterVerdict.Of([.. XgBoostFile.Ubj(XgBoostFile.Small()), 0], false, "ubj").Message, Does.Contain("something follows the model"));
    }
}
