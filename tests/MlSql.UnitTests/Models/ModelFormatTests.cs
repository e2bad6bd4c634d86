using FsCheck;
using FsCheck.Fluent;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx;

namespace MlSql.UnitTests.Models;

[TestFixture]
internal sealed class ModelFormatTests
{
    private static byte[] Sample => ModelFormat.Write(SampleModels.Linear(1));

    [Test]
    public void Any_model_comes_back_with_every_bit() => Prop.ForAll<int>(seed =>
    {
        Model model = new RandomModel(seed).Next();
        byte[] bytes = ModelFormat.Write(model);
        Model read = ModelFormat.Read(bytes);
        // Equal bytes after equal models: doubles are compared by their bits in the bytes, by value in the records.
        return read.Equals(model) && ModelFormat.Write(read).AsSpan().SequenceEqual(bytes);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Every_truncation_is_refused_by_a_typed_error()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            byte[] bytes = ModelFormat.Write(new RandomModel(seed).Next());
            for (int length = 0; length < bytes.Length; length++)
                Assert.That(Assert.Throws<CodedException>(() => ModelFormat.Read(bytes.AsSpan(0, length)), $"seed {seed}, {length} bytes")!.Code, Is.EqualTo("MLS5014"));
        }
    }

    [Test]
    public void Flipped_bytes_give_a_typed_error_or_a_model_with_just_these_bytes() => Prop.ForAll<int>(seed =>
    {
        byte[] bytes = ModelFormat.Write(new RandomModel(seed).Next());
        Random random = new(seed);
        for (int round = 0; round < 50; round++)
        {
            byte[] damaged = [.. bytes];
            for (int flips = 1 + random.Next(3); flips > 0; flips--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (!IsRefusedOrExact(damaged)) return false;
        }
        return true;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Huge_announced_lengths_allocate_nothing_to_speak_of()
    {
        byte[] bytes = Sample;
        for (int at = 8; at + 4 <= bytes.Length; at++)
        {
            byte[] damaged = [.. bytes];
            damaged.AsSpan(at, 4).Fill(0x7F);
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool held = IsRefusedOrExact(damaged);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(held, $"at {at}");
            Assert.That(allocated, Is.LessThan(64 << 10), $"at {at}");
        }
    }

    [Test]
    public void The_bytes_of_a_model_do_not_change_between_versions_and_machines() =>
        Assert.That(ModelFormat.ContentHash(Sample), Is.EqualTo("c6d8b20b9e457035b0da654fc189feda1985b460d6b17aacce6fe46a47e6b42b"));

    [Test]
    public void Bytes_after_the_end_are_refused() =>
        Assert.That(() => ModelFormat.Read([.. Sample, 0]), Throws.InstanceOf<CodedException>().With.Message.Contains("1 bytes too many"));

    [Test]
    public void A_later_format_says_that_a_newer_version_wrote_it()
    {
        byte[] bytes = Sample;
        bytes[8] = 2;
        CodedException error = Assert.Throws<CodedException>(() => ModelFormat.Read(bytes))!;
        Assert.That((error.Code, error.Message), Is.EqualTo(("MLS5015", "A newer MlSql wrote this model: its format is 2, this one knows 1")));
    }

    [Test]
    public void Structs_deeper_than_the_limit_are_refused_and_do_not_overflow_the_stack()
    {
        Model sample = SampleModels.Linear(1);
        Model Nested(int depth)
        {
            FeatureType type = new NumberFeature();
            for (int i = 0; i < depth; i++) type = new StructFeature([new("f", type)]);
            return new(sample.Signature with { Features = [new("deep", type)] }, [], new LinearStructure([], 0, Link.Logistic));
        }
        Assert.That(ModelFormat.Read(ModelFormat.Write(Nested(64))), Is.EqualTo(Nested(64)));
        Assert.That(() => ModelFormat.Write(Nested(65)), Throws.InstanceOf<CodedException>());

        // 100,000 structs of one field each, as bytes: name "", type 7, one field.
        byte[] level = [1, 0, 0, 0, 0, 0, 0, 0, 7];
        byte[] body = [.. Enumerable.Repeat(level, 100_000).SelectMany(bytes => bytes)];
        byte[] hostile = [.. "MlSqlMdl"u8, 1, 0, 0, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(body.Length), .. body];
        Assert.That(() => ModelFormat.Read(hostile), Throws.InstanceOf<CodedException>().With.Message.Contains("deeper than 64"));
    }

    [Test]
    public void A_model_that_contradicts_itself_is_not_written()
    {
        Model sample = SampleModels.Linear(1);
        Model[] wrong =
        [
            sample with { Structure = new LinearStructure([1], 0, Link.Logistic) },
            sample with { Signature = sample.Signature with { Classes = null } },
            sample with { Featurizers = [new NumericFeaturizer(2, [], 0, 1)] },
            sample with { Featurizers = [new NumericFeaturizer(0, [0], 0, 1)] },
            sample with { Featurizers = [new NumericFeaturizer(1, [], 0, 1)] },
            sample with { Featurizers = [sample.Featurizers[0], new OneHotFeaturizer(1, [], ["b", "a"], true)] },
            sample with { Featurizers = [sample.Featurizers[0], new OneHotFeaturizer(1, [], ["a", "a"], true)] },
            sample with { Signature = sample.Signature with { Label = "\uD800" } },
            Graph(new("X", TensorElement.Float, [2], [0])),
            Graph(new("X", TensorElement.Float, [], [1])),
            Graph(new("X", TensorElement.Float, [0], [])),
            Graph(new("X", TensorElement.Float, [1 << 20, 1 << 20], [0])),
        ];
        static Model Graph(GraphInput input) => new(
            new([new("x", new TensorFeature(TensorElement.Float))], "y", ModelTask.Regression, null), [], new GraphStructure([1], [input], [new("y", "y", new FloatType(32), false, 1)], null, true, []));
        foreach (Model model in wrong)
            Assert.That(() => ModelFormat.Write(model), Throws.InstanceOf<CodedException>().With.Property("Code").EqualTo("MLS5016"));
    }

    [Test]
    public void Levels_sort_by_their_bytes_and_not_by_utf_16()
    {
        Model sample = SampleModels.Linear(1);
        Model Levels(params string[] levels) => sample with { Featurizers = [sample.Featurizers[0], new OneHotFeaturizer(1, [], [.. levels], true)] };
        Assert.That(() => ModelFormat.Write(Levels("\uFF5E", "😀")), Throws.Nothing);
        Assert.That(() => ModelFormat.Write(Levels("😀", "\uFF5E")), Throws.InstanceOf<CodedException>());
    }

    private static bool IsRefusedOrExact(byte[] bytes)
    {
        try
        {
            return ModelFormat.Write(ModelFormat.Read(bytes)).AsSpan().SequenceEqual(bytes);
        }
        catch (CodedException error)
        {
            return error.Code is "MLS5014" or "MLS5015";
        }
    }
}
