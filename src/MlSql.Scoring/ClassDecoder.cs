namespace MlSql.Scoring;

/// <summary>Decides between classes by their scores before the link.</summary>
public sealed class ClassDecoder
{
    private readonly double _cut;

    /// <summary>Prepares a threshold in [0, 1]; 0.5 asks for the more probable class. It is for two classes only. Throws <see cref="Columnar.CodedException"/> MLS4003.</summary>
    public ClassDecoder(double threshold) => _cut = Links.LogOdds(threshold);

    /// <summary>
    /// Writes the index of each row's class in the model's class list, -1 where a score is NaN. One score a row decides between two classes, the second where its probability reaches the threshold;
    /// of several, output after output, the largest decides, of equal ones the first.
    /// </summary>
    public void Decode(ReadOnlySpan<double> scores, Span<int> classes)
    {
        int rows = classes.Length;
        if (scores.Length > rows)
        {
            Largest(scores, classes);
            return;
        }
        for (int row = 0; row < rows; row++)
            classes[row] = double.IsNaN(scores[row]) ? -1 : scores[row] >= _cut ? 1 : 0;
    }

    private static void Largest(ReadOnlySpan<double> scores, Span<int> classes)
    {
        int rows = classes.Length;
        for (int row = 0; row < rows; row++)
        {
            int largest = 0;
            bool isNumber = true;
            for (int at = row; at < scores.Length; at += rows)
            {
                isNumber &= !double.IsNaN(scores[at]);
                if (scores[at] > scores[largest * rows + row]) largest = at / rows;
            }
            classes[row] = isNumber ? largest : -1;
        }
    }
}
