using System.Globalization;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Scoring;
using MlSql.UnitTests.Scoring.Memory;

namespace MlSql.UnitTests.Scoring;

/// <summary>A column of a test: its type as an engine gives it and one value a row, boxed as <see cref="ScoringViews"/> says.</summary>
internal sealed record TestColumn(DataType Type, object?[] Values);

/// <summary>A model and rows for it.</summary>
internal sealed record ScoringCase(Model Model, TestColumn[] Columns, int Rows)
{
    /// <summary>The scores of all rows in batches of the given size.</summary>
    public double[] Score(IScorer scorer, ViewStyle style = ViewStyle.Views, int batch = int.MaxValue, bool alwaysMask = false)
    {
        double[] scores = new double[Rows];
        for (int start = 0; start < Rows; start += Math.Min(batch, Rows))
        {
            int rows = Math.Min(batch, Rows - start);
            using var views = new ScoringViews(style);
            ColumnView[] features = [.. Columns.Select(c => views.Make(c.Type, c.Values[start..(start + rows)], alwaysMask))];
            scorer.Score(features, scores.AsSpan(start, rows));
        }
        return scores;
    }

    public ScoringCase Take(int rows) => new(Model, [.. Columns.Select(c => c with { Values = c.Values[..rows] })], rows);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows} rows of {string.Join(", ", Columns.Select(c => c.Type))}");
}
