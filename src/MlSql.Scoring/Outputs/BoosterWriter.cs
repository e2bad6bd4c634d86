using System.Collections.Immutable;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Trees;
using MlSql.Scoring.Linear;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Outputs;

/// <summary>Turns the scores of a booster into the column that was asked for: its prediction, probabilities, or a row of the prediction and its details. Safe for any number of threads at once.</summary>
internal sealed class BoosterWriter
{
    private readonly ModelStructure _structure;
    private readonly ScoreOutput _output;
    private readonly int? _classIndex;
    private readonly ImmutableArray<(PredictionDetails Detail, string Name)> _details;
    private readonly PredictionDetails _known;
    private readonly TreeDetails? _trees;
    private readonly LinearContributions? _linear;
    private readonly int _predictions;
    private readonly int _outputs;

    /// <summary>Prepares one output of a model; <paramref name="details"/> are the further fields of <see cref="ScoreOutput.Row"/>.</summary>
    public BoosterWriter(Model model, ScoreOutput output, int? classIndex, PredictionDetails details)
    {
        (_structure, _output, _classIndex, _details, _known) = (model.Structure, output, classIndex, [.. PredictionDetail.In(details)], PredictionDetail.Of(model.Structure));
        (_predictions, _outputs) = model.Structure is TreeStructure trees ? (trees.Predictions, trees.Outputs) : (1, 1);
        if ((details & (PredictionDetails.Contributions | PredictionDetails.Leaves)) == PredictionDetails.None) return;
        if (model.Structure is TreeStructure ensemble) _trees = new(model, ensemble);
        else _linear = new(model, (LinearStructure)model.Structure);
    }

    /// <summary>Fills the column for all rows. The scores are those before the link, output after output, and are changed.</summary>
    public void Write<TOutput>(ReadOnlySpan<ColumnView> features, Span<double> scores, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        switch (_output)
        {
            case ScoreOutput.Row:
                for (int i = 0; i < _details.Length; i++) WriteDetail(_details[i].Detail, features, scores, output.Field(i + 1));
                Apply(scores);
                WriteNumbers(scores, _predictions, output.Field(0));
                break;
            case ScoreOutput.Value or ScoreOutput.Score:
                Apply(scores);
                WriteNumbers(scores, _predictions, output);
                break;
            case ScoreOutput.Probabilities when _outputs == 1:
                Apply(scores);
                var pairs = ScoreLists.Open(output, 2).Values<double>();
                for (int i = 0; i < scores.Length; i++) (pairs[2 * i], pairs[2 * i + 1]) = (1 - scores[i], scores[i]);
                break;
            case ScoreOutput.Probabilities:
                Apply(scores);
                WriteNumbers(scores, _outputs, output);
                break;
            case ScoreOutput.Probability:
                Apply(scores);
                WriteProbability(scores, output.Values<double>());
                break;
            default:
                throw new System.Diagnostics.UnreachableException(_output.ToString());
        }
    }

    private void Apply(Span<double> scores)
    {
        if (_structure is TreeStructure trees) TreeLinks.Apply(trees, scores);
        else if (((LinearStructure)_structure).Link == Link.Logistic) Links.Logistic(scores);
    }

    private void WriteDetail<TOutput>(PredictionDetails detail, ReadOnlySpan<ColumnView> features, ReadOnlySpan<double> scores, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        if (!_known.HasFlag(detail))
        {
            for (int row = 0; row < output.Rows; row++) output.SetNull(row);
            return;
        }
        switch (detail)
        {
            case PredictionDetails.Raw:
                WriteNumbers(scores, _outputs, output);
                break;
            case PredictionDetails.Contributions when _linear is not null:
                _linear.Write(features, 0, output.Rows, ScoreLists.Open(output, _linear.Width).Values<double>());
                break;
            case PredictionDetails.Contributions:
                _trees!.WriteContributions(features, 0, output.Rows, ScoreLists.Open(output, _trees.Contributions).Values<double>());
                break;
            default:
                _trees!.WriteLeaves(features, output.Rows, ScoreLists.Open(output, _trees.Trees).Values<int>());
                break;
        }
    }

    // Of several classes the most probable one, of equal ones the first.
    private void WriteProbability(ReadOnlySpan<double> probabilities, Span<double> into)
    {
        int rows = into.Length;
        probabilities.Slice(_outputs == 1 ? 0 : (_classIndex ?? 0) * rows, rows).CopyTo(into);
        if (_outputs == 1)
        {
            if (_classIndex == 0)
                for (int row = 0; row < rows; row++) into[row] = 1 - into[row];
            else if (_classIndex is null)
                for (int row = 0; row < rows; row++) into[row] = into[row] >= 0.5 ? into[row] : 1 - into[row];
        }
        else if (_classIndex is null)
        {
            for (int output = 1; output < _outputs; output++)
            {
                var column = probabilities.Slice(output * rows, rows);
                for (int row = 0; row < rows; row++) into[row] = Math.Max(into[row], column[row]);
            }
        }
    }

    private static void WriteNumbers<TOutput>(ReadOnlySpan<double> columns, int count, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        if (count == 1) columns[..output.Rows].CopyTo(output.Values<double>());
        else ScoreLists.Transpose(columns, count, ScoreLists.Open(output, count).Values<double>());
    }
}
