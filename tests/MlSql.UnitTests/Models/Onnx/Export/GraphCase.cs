using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Models.Onnx.Export;
using MlSql.Scoring;
using MlSql.UnitTests.Scoring;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>A model with rows that its graph can be given: the columns as tensors by the rules of exported graphs, and a comparison with our own scorer.</summary>
internal sealed class GraphCase
{
    private const double Tolerance = 1e-12;
    private readonly string _name;
    private readonly ScoringCase _case;

    private GraphCase(string name, ScoringCase scoring) => (_name, _case) = (name, scoring);

    /// <summary>Rows that a graph cannot be given are changed for both sides: a NULL boolean becomes true, and of NULL and '' only the one remains that the graph takes '' for.</summary>
    public static GraphCase Of(string name, ScoringCase scoring)
    {
        var columns = scoring.Columns.Select((column, i) => column with { Values = [.. column.Values.Select(v => Seen(column.Type, v, [i], scoring.Model))] });
        return new(name, scoring with { Columns = [.. columns] });
    }

    public PeerJob Job()
    {
        Dictionary<string, PeerTensor> inputs = [];
        for (int i = 0; i < _case.Columns.Length; i++)
        {
            var feature = _case.Model.Signature.Features[i];
            if (feature.Type is not StructFeature structure)
            {
                inputs[feature.Name] = Tensor(feature.Type, _case.Columns[i].Type, _case.Columns[i].Values);
                continue;
            }
            var type = (StructType)_case.Columns[i].Type;
            foreach (var field in structure.Fields)
            {
                int index = type.Fields.ToList().FindIndex(f => f.Name == field.Name);
                inputs[$"{feature.Name}.{field.Name}"] = Tensor(field.Type, type.Fields[index].Type, [.. _case.Columns[i].Values.Select(v => v is object?[] parts ? parts[index] : null)]);
            }
        }
        return new(_name, OnnxExport.Write(_case.Model).Bytes, inputs);
    }

    /// <summary>Fails where the graph's answer is another than ours.</summary>
    public void Check(PeerAnswer answer)
    {
        Assert.That(answer.Fault, Is.Null, _name);
        double[] scores = _case.Score(Scorers.Create(_case.Model));
        double[] sizes = [.. Enumerable.Range(0, _case.Rows).Select(row => ReferenceScorer.Score(_case.Model, _case.Columns, row).Size)];
        var link = ((LinearStructure)_case.Model.Structure).Link;
        double[] linked = [.. scores];
        if (link == Link.Logistic) Links.Logistic(linked);

        if (_case.Model.Signature.Classes is not { } classes)
        {
            var only = answer.Outputs.Single();
            Assert.That(only.Shape, Is.EqualTo(new[] { _case.Rows, 1 }), _name);
            for (int row = 0; row < scores.Length; row++) CheckNumber(only.Numbers[row], linked[row], Bound(link, linked[row], sizes[row]), row);
            return;
        }
        var (label, probabilities) = (answer.Outputs[0], answer.Outputs[1]);
        Assert.That(answer.Outputs, Has.Length.EqualTo(2), _name);
        Assert.That(label.Shape, Is.EqualTo(new[] { _case.Rows }), _name);
        Assert.That(probabilities.Shape, Is.EqualTo(new[] { _case.Rows, 2 }), _name);
        int[] expected = new int[scores.Length];
        new ClassDecoder(0.5).Decode(scores, expected);
        for (int row = 0; row < scores.Length; row++)
        {
            CheckNumber(probabilities.Numbers[2 * row + 1], linked[row], Bound(link, linked[row], sizes[row]), row);
            Assert.That(probabilities.Numbers[2 * row], Is.EqualTo(1 - linked[row]).Within(Tolerance * (1 + sizes[row])), $"{_name}, row {row}");
            string text = classes.Kind == ClassKind.Boolean ? (expected[row] == 0 ? "0" : "1") : classes.Values[expected[row]];
            if (Math.Abs(scores[row]) > Tolerance * sizes[row]) Assert.That(label.Texts[row], Is.EqualTo(text), $"{_name}, row {row}, score {scores[row]:R}");
        }
    }

    // Relative to the sum of the terms' sizes, as terms may cancel; a probability changes by at most its own size times the change of the score.
    private static double Bound(Link link, double answer, double size) => Tolerance * (link == Link.Identity ? size : (1 + size) * answer) + 4 * double.Epsilon;

    private void CheckNumber(double found, double expected, double bound, int row)
    {
        if (double.IsFinite(expected)) Assert.That(found, Is.EqualTo(expected).Within(bound), $"{_name}, row {row}");
        else Assert.That(found, Is.EqualTo(expected), $"{_name}, row {row}");
    }

    private static object? Seen(DataType type, object? value, ImmutableArray<int> path, Model model)
    {
        switch (type)
        {
            case BooleanType:
                return value ?? true;
            case StringType or EnumType:
                var levels = model.Featurizers.OfType<OneHotFeaturizer>().FirstOrDefault(f => f.Feature == path[0] && f.Path.SequenceEqual(path[1..]));
                return value is null or "" ? levels is { NullLevel: true } ? null : Empty(type) : value;
            case StructType s when value is object?[] parts:
                var fields = ((StructFeature)model.Signature.Features[path[0]].Type).Fields;
                return s.Fields.Select((f, i) => Seen(f.Type, parts[i], path.Add(fields.ToList().FindIndex(wanted => wanted.Name == f.Name)), model)).ToArray();
            case StructType s:
                return Seen(type, new object?[s.Fields.Length], path, model);
            default:
                return value;
        }
    }

    private static string? Empty(DataType type) => type is EnumType e && !e.Values.Contains("") ? null : "";

    private static PeerTensor Tensor(FeatureType feature, DataType type, object?[] values) => feature switch
    {
        NumberFeature => new("double", [values.Length, 1], [.. values.Select(v => (object)Bits(ReferenceScorer.Number(type, v)))]),
        BooleanFeature => new("bool", [values.Length, 1], values!),
        TextFeature => new("string", [values.Length, 1], [.. values.Select(v => v ?? "")]),
        NumberListFeature list => new("double", [values.Length, list.Length], [.. values.SelectMany(v => Elements(type, v, list.Length))]),
        _ => new("int64", [values.Length, 1], [.. values.Select(v => (object)Time(type, v))]),
    };

    private static IEnumerable<object> Elements(DataType type, object? list, int length)
    {
        var element = type is ListType l ? l.Element : ((ArrayType)type).Element;
        return list is object?[] items ? items.Select(item => (object)Bits(ReferenceScorer.Number(element, item))) : Enumerable.Repeat((object)Bits(double.NaN), length);
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private static long Time(DataType type, object? value) => value switch
    {
        null => long.MinValue,
        int days => days,
        long.MaxValue or -long.MaxValue => (long)value,
        long time => ((TimestampType)type).Unit switch
        {
            TimeUnit.Second => time * 1_000_000,
            TimeUnit.Millisecond => time * 1_000,
            TimeUnit.Microsecond => time,
            _ => (long)Math.Floor(time / 1_000m),
        },
        _ => throw new ArgumentException(value.ToString()),
    };
}
