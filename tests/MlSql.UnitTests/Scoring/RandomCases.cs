using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Trees;

namespace MlSql.UnitTests.Scoring;

/// <summary>Models and rows drawn from a seed: every kind of feature, every type that an engine can give it, NULLs, NaN, unseen levels.</summary>
internal sealed class RandomCases
{
    private static readonly string[] _words = ["", "a", "b", "yes", "Straße", "日本語", "exactly12byt", "thirteen byte", "eight by", "a text that is longer than any inline view", "a text that is longer than any inline vieW"];
    private readonly Random _random;
    private readonly List<Featurizer> _featurizers = [];

    private RandomCases(int seed) => _random = new Random(seed);

    /// <summary>A linear model over 1 … 12 features, or over every kind when <paramref name="everything"/>.</summary>
    public static ScoringCase Linear(int seed, int rows, bool everything = false) => new RandomCases(seed).MakeLinear(rows, everything);

    /// <summary>Trees over columns of every type.</summary>
    public static ScoringCase Trees(int seed, int rows)
    {
        RandomCases cases = new(seed);
        ScoringCase linear = cases.MakeLinear(rows, everything: true);
        ImmutableArray<Featurizer> featurizers = [.. linear.Model.Featurizers.Select(f => f is OneHotFeaturizer h ? (Featurizer)new LevelFeaturizer(h.Feature, h.Path, h.Levels) : new RawFeaturizer(f.Feature, f.Path, f.Width))];
        TreeStructure trees = new([cases.Real()], [.. Enumerable.Range(0, 20).Select(_ => cases.Chain(featurizers))], TreeAggregate.Sum, TreePrecision.Double, TreeLink.Identity, 1);
        return linear with { Model = new Model(linear.Model.Signature, featurizers, trees) };
    }

    // Splits in a row, each with a leaf on its left.
    private Tree Chain(ImmutableArray<Featurizer> featurizers)
    {
        const int Count = 12;
        int[] columns = [.. featurizers.SelectMany(f => Enumerable.Repeat(f is LevelFeaturizer ? 1 : 0, f.Width))];
        var splits = ImmutableArray.CreateBuilder<TreeSplit>();
        for (int i = 0; i < Count; i++)
        {
            int column = _random.Next(columns.Length);
            splits.Add(new(column, columns[column] == 1 ? SplitTest.InSet : SplitTest.AtMost, columns[column] == 1 ? 0 : Real(), MissingRule.NaN, _random.Next(2) == 0, ~i, i + 1 < Count ? i + 1 : ~Count, 1, 1));
        }
        return new(splits.ToImmutable(), [.. Enumerable.Range(0, Count + 1).Select(leaf => new TreeLeaf(leaf, 1))], [.. Enumerable.Range(0, Count + 1).Select(_ => Real())], 0, [new CategorySet([0xAAAA_5555])], []);
    }

    private ScoringCase MakeLinear(int rows, bool everything)
    {
        DataType[] types = everything ? [.. AllTypes()] : [.. Enumerable.Range(0, _random.Next(1, 13)).Select(_ => Pick(AllTypes()))];
        var features = new Feature[types.Length];
        var columns = new TestColumn[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            var kind = KindOf(types[i]);
            features[i] = new Feature(string.Create(CultureInfo.InvariantCulture, $"f{i}"), kind);
            AddFeaturizers(kind, i, []);
            columns[i] = Column(types[i], rows);
        }
        int width = _featurizers.Sum(f => f.Width);
        ImmutableArray<double> weights = [.. Enumerable.Range(0, width).Select(_ => _random.Next(10) == 0 ? 0 : Real())];
        var signature = new ModelSignature([.. features], "y", ModelTask.Regression, null);
        return new(new Model(signature, [.. _featurizers], new LinearStructure(weights, Real(), Link.Identity)), columns, rows);
    }

    /// <summary>Every type that a feature's column may have.</summary>
    public static IEnumerable<DataType> AllTypes()
    {
        foreach (var number in Numbers()) yield return number;
        yield return new StringType();
        yield return new EnumType([.. _words]);
        yield return new EnumType([.. _words, .. Enumerable.Range(0, 300).Select(i => string.Create(CultureInfo.InvariantCulture, $"level {i}"))]);
        yield return new DateType();
        foreach (var unit in Enum.GetValues<TimeUnit>())
        {
            yield return new TimestampType(unit, Zoned: true);
            yield return new TimestampType(unit, Zoned: false);
        }
        yield return new ListType(new FloatType(32));
        yield return new ListType(new IntegerType(16, true));
        yield return new ArrayType(new FloatType(64), 5);
        yield return new ArrayType(new FloatType(32), 19);
        yield return new StructType([new("b", new FloatType(32)), new("extra", new StringType()), new("a", new StringType()), new("d", new DateType())]);
    }

    public static IEnumerable<DataType> Numbers()
    {
        yield return new BooleanType();
        foreach (int bits in (int[])[8, 16, 32, 64, 128])
        {
            yield return new IntegerType(bits, true);
            yield return new IntegerType(bits, false);
        }
        yield return new FloatType(32);
        yield return new FloatType(64);
        foreach (int precision in (int[])[4, 9, 18, 38]) yield return new DecimalType(precision, precision / 2);
    }

    /// <summary>A column of random values, NULL in some rows, in all or in none.</summary>
    public static TestColumn Column(DataType type, int rows, int seed) => new RandomCases(seed).Column(type, rows);

    private TestColumn Column(DataType type, int rows)
    {
        int nulls = Pick([0, 0, 1, 5, 10]);
        return new(type, [.. Enumerable.Range(0, rows).Select(_ => _random.Next(10) < nulls ? null : Value(type))]);
    }

    // A struct was trained with its fields in another order, and without the extra one.
    private static FeatureType KindOf(DataType type) => type switch
    {
        StructType => new StructFeature([new("a", new TextFeature()), new("b", new NumberFeature()), new("d", new DateFeature())]),
        ListType => new NumberListFeature(11),
        _ => FeatureTypes.Of(type)!,
    };

    private void AddFeaturizers(FeatureType kind, int feature, ImmutableArray<int> path)
    {
        switch (kind)
        {
            case NumberFeature or BooleanFeature:
                _featurizers.Add(new NumericFeaturizer(feature, path, Real(), Scale()));
                break;
            case TextFeature:
                string[] levels = [.. _words.Where(_ => _random.Next(3) > 0).Order(StringComparer.Ordinal)];
                _featurizers.Add(new OneHotFeaturizer(feature, path, [.. levels], _random.Next(2) == 0));
                break;
            case NumberListFeature l:
                _featurizers.Add(new NumberListFeaturizer(feature, path, [.. Reals(l.Length)], [.. Enumerable.Range(0, l.Length).Select(_ => Scale())]));
                break;
            case StructFeature s:
                for (int i = 0; i < s.Fields.Length; i++) AddFeaturizers(s.Fields[i].Type, feature, path.Add(i));
                break;
            default:
                _featurizers.Add(new CalendarFeaturizer(feature, path, [2000, 6, 15, 4, 12, 10_957], [.. Enumerable.Range(0, CalendarParts.Count).Select(_ => Scale())]));
                break;
        }
    }

    private object? Value(DataType type) => type switch
    {
        BooleanType => _random.Next(2) == 0,
        IntegerType { Bits: 128, Signed: false } => new UInt128((ulong)_random.NextInt64() >> _random.Next(64), (ulong)_random.NextInt64()),
        IntegerType i => Whole(i.Signed ? i.Bits - 1 : i.Bits, i.Signed),
        DecimalType d => Whole(d.Precision * 3, true),
        FloatType { Bits: 32 } => _random.Next(20) == 0 ? float.NaN : (float)Real(),
        FloatType => _random.Next(20) == 0 ? double.NaN : Real(),
        StringType => Pick(_words),
        EnumType e => e.Values[_random.Next(e.Values.Length)],
        DateType => _random.Next(30) == 0 ? Pick([int.MaxValue, -int.MaxValue]) : _random.Next(-700_000, 2_900_000),
        TimestampType t => _random.Next(30) == 0 ? Pick([long.MaxValue, -long.MaxValue]) : Time(t.Unit),
        ListType l => Elements(l.Element, 11),
        ArrayType a => Elements(a.Element, a.Length),
        StructType s => s.Fields.Select(f => _random.Next(4) == 0 ? null : Value(f.Type)).ToArray(),
        _ => throw new ArgumentException(type.ToString()),
    };

    private object?[] Elements(DataType type, int length) => [.. Enumerable.Range(0, length).Select(_ => _random.Next(6) == 0 ? null : Value(type))];

    // Within the years 1700 … 2200, which nanoseconds reach too.
    private long Time(TimeUnit unit)
    {
        long second = _random.NextInt64(-8_000_000_000, 7_000_000_000);
        return unit switch
        {
            TimeUnit.Second => second,
            TimeUnit.Millisecond => second * 1_000 + _random.Next(1_000),
            TimeUnit.Microsecond => second * 1_000_000 + _random.Next(1_000_000),
            _ => second * 1_000_000_000 + _random.Next(1_000_000_000),
        };
    }

    private Int128 Whole(int bits, bool signed)
    {
        Int128 value = new Int128((ulong)_random.NextInt64(), (ulong)_random.NextInt64()) & (Int128.One << bits) - 1;
        value >>= _random.Next(bits);
        return signed && _random.Next(2) == 0 ? -value : value;
    }

    private double Real() => (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-3, 4));

    private double Scale() => _random.Next(12) == 0 ? 0 : Math.Pow(10, _random.Next(-1, 4)) * (0.5 + _random.NextDouble());

    private IEnumerable<double> Reals(int count) => Enumerable.Range(0, count).Select(_ => Real());

    private T Pick<T>(IEnumerable<T> choices)
    {
        var all = choices.ToArray();
        return all[_random.Next(all.Length)];
    }
}
