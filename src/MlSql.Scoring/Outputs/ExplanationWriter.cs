using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Trees;
using MlSql.Scoring.Linear;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Outputs;

/// <summary>
/// Writes predictions with what each input added to the score before the link: w · encoded value of a linear model, TreeSHAP of trees. Of a classifier it is the score of the predicted class, of two classes the log odds in favour of it.
/// The baseline and all attributions sum up to the score but for rounding, which is written as the approximation error. Safe for any number of threads at once.
/// </summary>
internal sealed class ExplanationWriter
{
    // Contributions that are held at once.
    private const int BlockNumbers = 1 << 18;

    // Encoders read validity by words of 64 rows.
    private const int BlockStep = 64;

    private readonly TreeStructure? _trees;
    private readonly TreeDetails? _treeDetails;
    private readonly LinearContributions? _linear;
    private readonly ScoreWriter? _value;
    private readonly ScoreWriter? _probability;
    private readonly BoosterWriter? _booster;
    private readonly ClassDecoder _decoder;
    private readonly bool _hasClasses;
    private readonly int _outputs;
    private readonly ImmutableArray<int> _ends;
    private readonly byte[][] _names;
    private readonly int _top;

    /// <summary>Prepares the <paramref name="top"/> inputs that add most, up or down, for a model that <see cref="ExplanationTypes.Obstacle"/> has nothing against. Throws <see cref="Columnar.CodedException"/> MLS4003.</summary>
    public ExplanationWriter(Model model, double threshold, int top)
    {
        _trees = model.Structure as TreeStructure;
        _outputs = _trees?.Outputs ?? 1;
        if (_trees is not null) _treeDetails = new(model, _trees);
        else _linear = new(model, (LinearStructure)model.Structure);
        _hasClasses = model.Signature.Task == ModelTask.Classification;
        if (model.Signature.Task == ModelTask.Booster) _booster = new(model, ScoreOutput.Value, null, PredictionDetails.None);
        else _value = new(model, ScoreOutput.Value, threshold, null);
        if (_hasClasses) _probability = new(model, ScoreOutput.Probability, threshold, null);
        _decoder = new(threshold);
        _names = [.. model.Featurizers.Select(f => Encoding.UTF8.GetBytes(model.Signature.InputOf(f)))];
        var ends = ImmutableArray.CreateBuilder<int>();
        // Contributions of a linear model come a featurizer, those of trees a column.
        foreach (var featurizer in model.Featurizers) ends.Add((ends.Count == 0 ? 0 : ends[^1]) + (_trees is null ? 1 : featurizer.Width));
        _ends = ends.ToImmutable();
        _top = Math.Min(top, _names.Length);
    }

    private int Columns => _ends.IsEmpty ? 0 : _ends[^1];

    /// <summary>Fills the column for all rows. The scores are those before the link, output after output, and are changed.</summary>
    public void Write<TOutput>(ReadOnlySpan<ColumnView> features, Span<double> scores, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        int rows = output.Rows, further = _hasClasses ? 2 : 1;
        double[] copy = ArrayPool<double>.Shared.Rent(scores.Length);
        int[] explained = ArrayPool<int>.Shared.Rent(rows);
        try
        {
            scores.CopyTo(copy);
            if (_booster is not null) _booster.Write(features, copy.AsSpan(0, scores.Length), output.Field(0));
            else _value!.Write(copy.AsSpan(0, scores.Length), output.Field(0));
            if (_probability is not null)
            {
                scores.CopyTo(copy);
                _probability.Write(copy.AsSpan(0, scores.Length), output.Field(1));
            }
            if (_trees is not null) TreeLinks.Prepare(_trees, scores);
            Choose(scores, explained.AsSpan(0, rows));
            int[] lengths = new int[rows];
            for (int row = 0; row < rows; row++) lengths[row] = explained[row] < 0 ? 0 : _top;
            TOutput pairs = output.Field(further).SetLists(lengths);
            Explain(features, scores, explained.AsSpan(0, rows), new Fields<TOutput>(pairs.Field(0), pairs.Field(1), output.Field(further + 1), output.Field(further + 2), output.Field(further + 3)));
            for (int row = 0; row < rows; row++)
                for (int field = 0; explained[row] < 0 && field < 4; field++) output.Field(further + field).SetNull(row);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(copy);
            ArrayPool<int>.Shared.Return(explained);
        }
    }

    // The class whose score is explained: of several outputs the largest one; -1 where a score is no number.
    private void Choose(ReadOnlySpan<double> scores, Span<int> explained)
    {
        if (_hasClasses || _outputs > 1)
        {
            _decoder.Decode(scores, explained);
            return;
        }
        for (int row = 0; row < explained.Length; row++) explained[row] = double.IsNaN(scores[row]) ? -1 : 0;
    }

    private readonly record struct Fields<TOutput>(TOutput Names, TOutput Attributions, TOutput Baseline, TOutput Value, TOutput Error);

    private void Explain<TOutput>(ReadOnlySpan<ColumnView> features, ReadOnlySpan<double> scores, ReadOnlySpan<int> explained, Fields<TOutput> into) where TOutput : struct, IColumnOutput<TOutput>
    {
        int rows = explained.Length, width = _outputs * (Columns + 1), block = Math.Clamp(BlockNumbers / width / BlockStep, 1, rows / BlockStep + 1) * BlockStep;
        double[] numbers = ArrayPool<double>.Shared.Rent(block * width);
        var byInput = new (double Size, int Input, double Attribution)[_names.Length];
        Span<double> attributions = into.Attributions.Values<double>(), baselines = into.Baseline.Values<double>(), values = into.Value.Values<double>(), errors = into.Error.Values<double>();
        int at = 0;
        try
        {
            for (int start = 0; start < rows; start += block)
            {
                int count = Math.Min(block, rows - start);
                if (_linear is not null) _linear.Write(features, start, count, numbers.AsSpan(0, count * width));
                else _treeDetails!.WriteContributions(features, start, count, numbers.AsSpan(0, count * width));
                for (int row = start; row < start + count; row++)
                {
                    (baselines[row], values[row], errors[row]) = (0, 0, 0);
                    if (explained[row] < 0) continue;
                    // One output stands for both of two classes: what speaks against one speaks for the other.
                    int of = _outputs == 1 ? 0 : explained[row];
                    double sign = _outputs == 1 && _hasClasses && explained[row] == 0 ? -1 : 1;
                    var contributions = numbers.AsSpan((row - start) * width + of * (Columns + 1), Columns + 1);
                    baselines[row] = Baseline(of, contributions[Columns]) * sign + 0.0;
                    values[row] = scores[of * rows + row] * sign + 0.0;
                    errors[row] = Math.Abs(values[row] - Sum(contributions, sign * Scale(of), baselines[row], byInput));
                    byInput.AsSpan().Sort();
                    for (int i = 0; i < _top; i++, at++)
                    {
                        into.Names.SetText(at, _names[byInput[i].Input]);
                        attributions[at] = byInput[i].Attribution;
                    }
                }
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(numbers);
        }
    }

    // The attributions by input, the largest to sort first, and what they and the baseline sum up to.
    private double Sum(ReadOnlySpan<double> contributions, double factor, double sum, Span<(double Size, int Input, double Attribution)> byInput)
    {
        for (int input = 0, column = 0; input < byInput.Length; input++)
        {
            double attribution = 0;
            for (; column < _ends[input]; column++) attribution += contributions[column];
            attribution = attribution * factor + 0.0;
            byInput[input] = (-Math.Abs(attribution), input, attribution);
            sum += attribution;
        }
        return sum;
    }

    // Contributions are to the sum of the trees; the link takes means of a forest, times its factor.
    private double Scale(int output) => _trees is null ? 1 : (_trees.Aggregate == TreeAggregate.Mean ? 1.0 / _trees.TreesOf(output) : 1) * _trees.LinkFactor;

    private double Baseline(int output, double expected) => expected * Scale(output) + (_trees is { Aggregate: TreeAggregate.Mean } ? _trees.Bases[output] * _trees.LinkFactor : 0);
}
