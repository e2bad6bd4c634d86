using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.UnitTests.Scoring;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>Models and rows at the edges of what there is, by name.</summary>
internal static class HandMadeCases
{
    private static readonly DataType Real = new FloatType(64);
    private static readonly DataType Text = new StringType();

    public static IEnumerable<(string Name, ScoringCase Case)> All()
    {
        yield return ("one number", Regression([Number("x", 2, 4, 1.5, null, double.NaN, 0.0, -3.25, 1e300)], [0.75], -1));
        yield return ("no weight at all", Regression([Number("x", 2, 4, 1.5, null), Number("y", 2, 0, 1.5, null)], [0, 3], 12.5));
        yield return ("no weight at all in texts and times", Regression([TextColumn("t", ["a"], true, "a", null), Days("d", 0, null)], [0, 0, 0, 0, 0, 0, 0, 0], -0.5));
        yield return ("no weight and a list of no width", Regression([List("l", [], [], [], null)], [], 3));
        yield return ("infinite where nothing is read", Regression([Number("x", 2, 4, 1, 2, 3), Number("constant", 2, 0, double.PositiveInfinity, null, 1), Number("unused", 2, 1, double.NegativeInfinity, null, 1)], [1, 2, 0], 0));
        yield return ("infinite where it is read", Regression([Number("x", 2, 4, double.PositiveInfinity, double.NegativeInfinity, null)], [2], 0));
        yield return ("200 numbers", Wide(200));
        yield return ("1,000 levels", Levels(1_000));
        yield return ("levels without NULL", Regression([TextColumn("t", ["", "a", "ä", "日本語"], false, "a", "", "ä", "unseen", "日本語", "A")], [1, 2, 4, 8], 0.5));
        yield return ("levels with NULL", Regression([TextColumn("t", ["a", "b"], true, "a", null, "b", "c", null)], [1, 2, 4], 0.5));
        yield return ("only a level for NULL", Regression([TextColumn("t", [], true, null, "b")], [4], 0.5));
        yield return ("an enum", Regression([new("e", new TextFeature(), new EnumType(["b", "a", "x"]), (f, p) => new OneHotFeaturizer(f, p, ["a", "b"], true), ["a", null, "x", "b"])], [1, 2, 4], 0));
        yield return ("booleans", Regression([new("b", new BooleanFeature(), new BooleanType(), (f, p) => new NumericFeaturizer(f, p, 0.25, 0.5), [true, false, true])], [3], 1));
        yield return ("an integer for a number", Regression([new("i", new NumberFeature(), new IntegerType(64, true), (f, p) => new NumericFeaturizer(f, p, 1e18, 3), [(Int128)long.MaxValue, (Int128)(-5), null])], [3], 1));
        yield return ("a list with positions left out", Regression([List("l", [1, 2, 3, 4], [1, 0, 2, 5], [10.0, 20.0, 30.0, 40.0], null, [null, 5.0, double.NaN, 1.0])], [1, 7, 0, -2], 1));
        yield return ("a list of one", Regression([List("l", [1], [4], [10.0], null, [null])], [2], 1));
        yield return ("a struct", Struct());
        yield return ("no rows", Regression([Number("x", 2, 4), TextColumn("t", ["a"], true), Days("d")], [1, 1, 1, 1, 1, 1, 1, 1, 1], 3));
        yield return ("no rows and no weight", Regression([Number("x", 2, 4)], [0], 3));
        yield return ("names that the graph uses itself", Classes(ClassKind.Text, ["no", "yes"], "label", "probabilities", "numbers", "weights", "score", "predicted_label", "1", "label ä\" \n"));
        yield return ("a number with the name of the answer", Regression([Number("predicted_y", 0, 1, 5, null)], [1], 0));
        foreach (var (kind, values) in ((ClassKind, string[])[])[(ClassKind.Text, ["", "yes"]), (ClassKind.Text, ["a, b", "日本語 \"c\""]), (ClassKind.Boolean, ["false", "true"]),
            (ClassKind.Integer, ["-9223372036854775808", "10"]), (ClassKind.Integer, ["1", "170141183460469231731687303715884105727"]), (ClassKind.Real, ["0", "1"]), (ClassKind.Real, ["-0.5", "1E+300"])])
            yield return ($"{kind} classes {string.Join(" and ", values)}", Classes(kind, values, "x"));
        yield return ("a probability without classes", With(Regression(Scores(), [1], 0), Link.Logistic, null));
    }

    /// <summary>A column of a case: the feature, the type that an engine gives it, its featurizer and values.</summary>
    public sealed record Column(string Name, FeatureType Feature, DataType Type, Func<int, ImmutableArray<int>, Featurizer> Featurizer, object?[] Values);

    public static ScoringCase Regression(Column[] columns, ImmutableArray<double> weights, double intercept)
    {
        var signature = new ModelSignature([.. columns.Select(c => new Feature(c.Name, c.Feature))], "y", ModelTask.Regression, null);
        var model = new Model(signature, [.. columns.Select((c, i) => c.Featurizer(i, []))], new LinearStructure(weights, intercept, Link.Identity));
        return new(model, [.. columns.Select(c => new TestColumn(c.Type, c.Values))], columns[0].Values.Length);
    }

    /// <summary>The case with another link, and with classes where given.</summary>
    public static ScoringCase With(ScoringCase given, Link link, ClassLabels? classes)
    {
        var signature = given.Model.Signature with { Classes = classes, Task = classes is null ? ModelTask.Regression : ModelTask.Classification };
        return given with { Model = given.Model with { Signature = signature, Structure = (LinearStructure)given.Model.Structure with { Link = link } } };
    }

    public static Column Number(string name, double mean, double scale, params double?[] values) =>
        new(name, new NumberFeature(), Real, (f, p) => new NumericFeaturizer(f, p, mean, scale), [.. values.Select(v => (object?)v)]);

    public static Column TextColumn(string name, ImmutableArray<string> levels, bool nullLevel, params string?[] values) =>
        new(name, new TextFeature(), Text, (f, p) => new OneHotFeaturizer(f, p, levels, nullLevel), [.. values]);

    public static Column Days(string name, params int?[] values) =>
        new(name, new DateFeature(), new DateType(), (f, p) => new CalendarFeaturizer(f, p, [2000, 6, 15, 4, 0, 10_957], [10, 3, 8, 2, 1, 3_650]), [.. values.Select(v => (object?)v)]);

    private static Column List(string name, ImmutableArray<double> means, ImmutableArray<double> scales, params object?[]?[] values) =>
        new(name, new NumberListFeature(means.Length), new ListType(Real), (f, p) => new NumberListFeaturizer(f, p, means, scales), [.. values.Select(v => (object?)v)]);

    // Scores are the values themselves: from certain to impossible, with a draw.
    private static Column[] Scores(params string[] others) =>
    [
        .. new[] { "x" }.Concat(others).Select((name, i) => Number(name, 0, 1, i > 0
            ? new double?[18]
            : [0, -0.0, null, 1e-300, -1e-300, 1e-9, -1e-9, 0.3, -0.3, 20, -20, 36, -36, 700, -700, -744, -800, 800])),
    ];

    private static ScoringCase Classes(ClassKind kind, string[] values, params string[] names)
    {
        var columns = Scores([.. names.Skip(1)]);
        columns[0] = columns[0] with { Name = names[0] };
        return With(Regression(columns, [.. Enumerable.Repeat(1.0, columns.Length)], 0), Link.Logistic, new(kind, [.. values]));
    }

    private static ScoringCase Wide(int features)
    {
        Random random = new(5);
        var columns = Enumerable.Range(0, features).Select(i => Number(string.Create(CultureInfo.InvariantCulture, $"x{i}"), random.NextDouble() * 100, random.NextDouble() + 0.1,
            [.. Enumerable.Range(0, 50).Select(_ => random.Next(9) == 0 ? (double?)null : random.NextDouble() * 200)]));
        return Regression([.. columns], [.. Enumerable.Range(0, features).Select(_ => random.NextDouble() - 0.5)], 3);
    }

    private static ScoringCase Levels(int levels)
    {
        string[] texts = [.. Enumerable.Range(0, levels).Select(i => string.Create(CultureInfo.InvariantCulture, $"level {i:D5}"))];
        return Regression([TextColumn("t", [.. texts], true, [.. texts, null, "level", "unseen"])], [.. Enumerable.Range(1, levels + 1).Select(i => i * 0.125)], 1);
    }

    private static ScoringCase Struct()
    {
        var type = new StructType([new("d", new DateType()), new("n", Real), new("t", Text), new("extra", Real), new("l", new ArrayType(Real, 2)), new("b", new BooleanType())]);
        var feature = new StructFeature([new("n", new NumberFeature()), new("t", new TextFeature()), new("d", new DateFeature()), new("l", new NumberListFeature(2)), new("b", new BooleanFeature())]);
        var model = new Model(
            new([new("before", new NumberFeature()), new("s", feature)], "y", ModelTask.Regression, null),
            [
                new NumericFeaturizer(0, [], 1, 2), new NumericFeaturizer(1, [0], 3, 4), new OneHotFeaturizer(1, [1], ["a"], true), new CalendarFeaturizer(1, [2], [0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1]),
                new NumberListFeaturizer(1, [3], [1, 2], [3, 4]), new NumericFeaturizer(1, [4], 0.5, 0.5),
            ],
            new LinearStructure([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], 0.5, Link.Identity));
        object?[] rows = [new object?[] { 1, 2.5, "a", 1.0, new object?[] { 1.0, null }, true }, null, new object?[] { null, null, null, null, null, false }];
        return new(model, [new(Real, [1.0, null, 3.0]), new(type, rows)], 3);
    }
}
