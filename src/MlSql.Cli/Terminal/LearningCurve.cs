using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MlSql.Cli.Terminal;

/// <summary>Draws how the loss went down from iteration to iteration, in characters.</summary>
internal static class LearningCurve
{
    private const int Rows = 8;
    private const int MostColumns = 80;
    private const int LeastColumns = 30;
    private const int FewestPoints = 3;

    /// <summary>The chart in lines no wider than the terminal and 80 columns, with a line of what the signs mean; null where there is too little to draw or no room for it.</summary>
    public static string? Draw(ImmutableArray<LearningPoint> points, int width, bool unicode)
    {
        double[] finite = [.. points.Select(p => p.Loss).Concat(points.Select(p => p.EvalLoss ?? double.NaN)).Where(double.IsFinite)];
        if (points.Length < FewestPoints || finite.Length == 0 || width < LeastColumns) return null;
        (double least, double most) = (finite.Min(), finite.Max());
        string[] labels = [Number(most), Number((least + most) / 2), Number(least)];
        int margin = labels.Max(l => l.Length), columns = Math.Min(Math.Min(width, MostColumns) - margin - 3, points.Length);
        var cells = new char[Rows, columns];
        bool hasEval = points.Any(p => p.EvalLoss is not null);
        (char train, char eval, char both) = unicode ? ('•', '◦', '●') : ('*', 'o', '#');
        for (int column = 0; column < columns; column++)
        {
            // The last iteration of those that share a column.
            LearningPoint point = points[(int)((column + 1L) * points.Length / columns) - 1];
            int? trainRow = RowOf(point.Loss), evalRow = point.EvalLoss is { } loss ? RowOf(loss) : null;
            if (trainRow is { } t) cells[t, column] = train;
            if (evalRow is { } e) cells[e, column] = e == trainRow ? both : eval;
        }

        StringBuilder chart = new();
        for (int row = 0; row < Rows; row++)
        {
            string label = row == 0 ? labels[0] : row == Rows / 2 ? labels[1] : row == Rows - 1 ? labels[2] : "";
            StringBuilder line = new StringBuilder(label.PadLeft(margin)).Append(' ').Append(unicode ? label.Length > 0 ? '┤' : '│' : '|').Append(' ');
            for (int column = 0; column < columns; column++) line.Append(cells[row, column] == 0 ? ' ' : cells[row, column]);
            chart.Append(line.ToString().TrimEnd()).Append('\n');
        }
        string blank = new(' ', margin + 1), first = Number(points[0].Iteration), last = Number(points[^1].Iteration);
        chart.Append(blank).Append(unicode ? '└' : '+').Append(new string(unicode ? '─' : '-', columns + 1)).Append('\n');
        chart.Append(blank).Append("  ").Append(first).Append(last.PadLeft(Math.Max(last.Length + 1, columns - first.Length))).Append('\n');
        chart.Append("loss: ").Append(train).Append(" train");
        if (hasEval) chart.Append("  ").Append(eval).Append(" eval  ").Append(both).Append(" both");
        return chart.ToString();

        int? RowOf(double loss) => !double.IsFinite(loss) ? null : most > least ? (int)Math.Round((most - loss) / (most - least) * (Rows - 1)) : Rows - 1;
    }

    private static string Number(double value) => value.ToString("g4", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
