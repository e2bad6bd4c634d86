namespace MlSql.Scoring;

/// <summary>Decides between two classes by the score: the second, positive one where its probability reaches the threshold.</summary>
public sealed class ClassDecoder
{
    private readonly double _cut;

    /// <summary>Prepares a threshold in [0, 1]; 0.5 asks for the more probable class. Throws <see cref="Columnar.CodedException"/> MLS4003.</summary>
    public ClassDecoder(double threshold) => _cut = Links.LogOdds(threshold);

    /// <summary>Writes the index of each row's class in the model's class list, 0 or 1; -1 for a score that is NaN, which has no class. The scores are those before the link.</summary>
    public void Decode(ReadOnlySpan<double> scores, Span<int> classes)
    {
        for (int row = 0; row < scores.Length; row++)
            classes[row] = double.IsNaN(scores[row]) ? -1 : scores[row] >= _cut ? 1 : 0;
    }
}
