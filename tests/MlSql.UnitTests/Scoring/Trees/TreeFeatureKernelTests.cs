using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Trees;
using MlSql.Scoring.Featurizers;
using MlSql.Scoring.Kernels;
using MlSql.Scoring.Trees;
using MlSql.UnitTests.Scoring.Kernels;
using MlSql.UnitTests.Scoring.Memory;

namespace MlSql.UnitTests.Scoring.Trees;

/// <summary>Engine columns of every type of number, of texts and within structs score as the walk does over what they encode to.</summary>
internal sealed class TreeFeatureKernelTests
{
    private const int Rows = 1_500;

    private static readonly StructType _struct = new([new("b", new FloatType(32)), new("a", new IntegerType(16, true))]);

    [Test]
    public void Every_type_of_column_scores_as_the_walk_does_over_its_encoding([Values] TreePrecision precision, [Range(0, 4)] int seed)
    {
        var random = new RandomEnsembles(seed);
        DataType[] types = [.. RandomCases.Numbers(), new StringType(), _struct, new NullType()];
        var model = Model(types, random.Ensemble(types.Length, 12, 60, 1 + seed % 2, precision, 100, wide: false));
        var ensemble = (TreeStructure)model.Structure;
        TestColumn[] columns = [.. types.Select((type, i) => type is NullType ? new TestColumn(type, new object?[Rows]) : RandomCases.Column(type, Rows, seed * 100 + i))];
        using var views = new ScoringViews(seed % 2 == 0 ? ViewStyle.Views : ViewStyle.Offsets);
        ColumnView[] features = [.. columns.Select(c => views.Make(c.Type, c.Values, alwaysMask: seed == 3))];
        double[] scores = new double[Rows * ensemble.Outputs];
        new TreeFeatureKernel(model, ensemble).Score(features, Rows, scores);
        double[][] encoded = [.. model.Featurizers.Select(f => Encoded(ColumnEncoder.Of(f, new FeatureSource(model.Signature, f)), features))];
        Assert.That(scores, Is.EqualTo(TreeKernelTests.Walked(ensemble, encoded, Rows)));
        Assert.That(scores.Distinct().Count(), Is.GreaterThan(100));
    }

    [Test]
    public void A_batch_of_numbers_allocates_nothing()
    {
        DataType[] types = [.. RandomCases.Numbers()];
        var model = Model(types, new RandomEnsembles(8).Ensemble(types.Length, 12, 60, 1, TreePrecision.Double, 100, wide: false));
        using var views = new ScoringViews(ViewStyle.Views);
        ColumnView[] features = [.. types.Select((type, i) => RandomCases.Column(type, Rows, i)).Select(c => views.Make(c.Type, c.Values))];
        double[] scores = new double[Rows];
        var kernel = new TreeFeatureKernel(model, (TreeStructure)model.Structure);
        kernel.Score(features, Rows, scores);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) kernel.Score(features, Rows, scores);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static Model Model(DataType[] types, TreeStructure ensemble) => new(
        new([.. types.Select((type, i) => new Feature(FormattableString.Invariant($"f{i}"), type switch
        {
            BooleanType => new BooleanFeature(),
            StringType => new TextFeature(),
            StructType => new StructFeature([new("a", new NumberFeature())]),
            _ => new NumberFeature(),
        }))], "y", ModelTask.Regression, null),
        [.. types.Select<DataType, Featurizer>((type, i) => type switch
        {
            StringType => new LevelFeaturizer(i, [], ["a", "b", "yes", "日本語"]),
            StructType => new RawFeaturizer(i, [0], 1),
            _ => new RawFeaturizer(i, [], 1),
        })],
        ensemble);

    private static double[] Encoded(ColumnEncoder encoder, ColumnView[] features)
    {
        double[] all = new double[Rows];
        ulong[] words = new ulong[FeatureBlock.MaxRows / 64];
        for (int start = 0; start < Rows; start += FeatureBlock.MaxRows)
        {
            int count = Math.Min(FeatureBlock.MaxRows, Rows - start);
            encoder.Write(encoder.Source.Resolve(features, start, count, words, []), all.AsSpan(start, count), count);
        }
        return all;
    }
}
