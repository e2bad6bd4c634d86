using System.Buffers;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx;
using MlSql.Scoring.Outputs;
using MlSql.Scoring.Trees;

namespace MlSql.Scoring;

/// <summary>One output of one model by kernels of our own: columns in, a column out. Safe for any number of threads at once.</summary>
public sealed class ModelFunction
{
    private readonly IScorer _scorer;
    private readonly ScoreWriter? _scores;
    private readonly BoosterWriter? _booster;
    private readonly RecognisedWriter? _graph;
    private readonly ExplanationWriter? _explanation;

    /// <summary>
    /// Prepares an output. <paramref name="scorer"/> is of the model (<see cref="Scorers.Create"/>). <paramref name="threshold"/> is the probability from which on the positive class of two is predicted;
    /// <paramref name="classIndex"/> the class of <see cref="ScoreOutput.Probability"/>, null = the predicted one; <paramref name="details"/> further fields of a booster's <see cref="ScoreOutput.Row"/>;
    /// <paramref name="topFeatures"/> how many attributions an <see cref="ScoreOutput.Explanation"/> lists, asked for only of a model that <see cref="ExplanationTypes.Obstacle"/> has nothing against. Throws <see cref="Columnar.CodedException"/> MLS4003.
    /// </summary>
    public ModelFunction(Model model, IScorer scorer, ScoreOutput output, double threshold, int? classIndex, PredictionDetails details, int topFeatures)
    {
        _scorer = scorer;
        if (output == ScoreOutput.Explanation) _explanation = new(model, threshold, topFeatures);
        else if (model.Structure is GraphStructure graph) _graph = new(model.Signature, graph, graph.Recognised!, output, classIndex);
        else if (model.Signature.Task == ModelTask.Booster) _booster = new(model, output, classIndex, details);
        else _scores = new(model, output, threshold, classIndex);
    }

    /// <summary>Fills the column for all rows. Throws <see cref="Columnar.CodedException"/> (MLS4xxx) for values that the model cannot take.</summary>
    public void Compute<TOutput>(ReadOnlySpan<ColumnView> features, int rows, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        double[] rented = ArrayPool<double>.Shared.Rent(checked(rows * _scorer.Outputs));
        try
        {
            var scores = rented.AsSpan(0, rows * _scorer.Outputs);
            _scorer.Score(features, scores);
            Write(features, rows, scores, output);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>Fills the column from scores that the model's scorer gave for these features already; they are changed. Throws as <see cref="Compute"/> does.</summary>
    public void Write<TOutput>(ReadOnlySpan<ColumnView> features, int rows, Span<double> scores, TOutput output) where TOutput : struct, IColumnOutput<TOutput>
    {
        if (_explanation is not null) _explanation.Write(features, scores, output);
        else if (_scores is not null) _scores.Write(scores, output);
        else if (_graph is not null) _graph.Write(scores, rows, ((RecognisedScorer)_scorer).Validity(features, rows), output);
        else _booster!.Write(features, scores, output);
    }

    /// <summary>All outputs of a recognised graph as if it had been run, for a <see cref="GraphWriter"/> each, from scores that the model's scorer gave for these features already; null for any other model. The caller disposes it.</summary>
    public GraphBatch? Batch(ReadOnlySpan<ColumnView> features, int rows, ReadOnlySpan<double> scores) => _graph?.Batch(scores, rows, ((RecognisedScorer)_scorer).Validity(features, rows));
}
