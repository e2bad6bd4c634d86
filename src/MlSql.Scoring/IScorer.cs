using MlSql.Columnar.Memory;
using MlSql.Models;

namespace MlSql.Scoring;

/// <summary>A model ready to run. Safe for any number of threads at once; keeps no state between calls and allocates nothing per row.</summary>
public interface IScorer
{
    /// <summary>The model's inputs and answer.</summary>
    ModelSignature Signature { get; }

    /// <summary>Scores a row.</summary>
    int Outputs { get; }

    /// <summary>
    /// Writes the scores of all rows before the link: those of the first output, then those of the next. <paramref name="features"/> has one column a feature of the signature, in its order, each of any type of the
    /// feature's kind. Throws <see cref="Columnar.CodedException"/> (MLS4xxx) for values that the model cannot take.
    /// </summary>
    void Score(ReadOnlySpan<ColumnView> features, Span<double> scores);
}
