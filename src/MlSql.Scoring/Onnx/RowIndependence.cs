using System.Collections.Immutable;
using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models.Onnx;

namespace MlSql.Scoring.Onnx;

/// <summary>Tries whether the rows of a batch influence each other: three different rows together must give what each gives alone.</summary>
internal static class RowIndependence
{
    private const int Rows = 3;

    /// <summary>True when they do not; false also where no run succeeds within the time for all runs together.</summary>
    public static bool Of(GraphSession session, ImmutableArray<GraphInput> inputs, ImmutableArray<GraphOutput> outputs, int? batch, RunLimits limits)
    {
        if (outputs.Any(o => o.Type is ListType { Element: not ListType } && o.Width is null)) return false;
        var tolerances = outputs.Select(o => ToleranceOf(session.Outputs.First(d => d.Name == o.Name).Type)).ToArray();
        var runner = new GraphRunner(session, inputs, outputs, batch, rowsAreIndependent: false);
        long started = Stopwatch.GetTimestamp();
        // Not every graph takes values out of the air: then equal rows must do.
        return Try(different: true) ?? Try(different: false) ?? false;

        bool? Try(bool different)
        {
            try
            {
                using var together = runner.Run(new TrialRows(inputs, different), Rows, Left());
                for (int row = 0; row < Rows; row++)
                {
                    using var alone = runner.Run(new TrialRows(inputs, different, row), 1, Left());
                    for (int i = 0; i < tolerances.Length; i++)
                        if (!Same(together.Columns[i], row, alone.Columns[i], tolerances[i])) return false;
                }
                return true;
            }
            catch (CodedException e) when (RuntimeErrors.IsOfRun(e))
            {
                return null;
            }
        }

        RunLimits Left() => limits with { Timeout = limits.Timeout - Stopwatch.GetElapsedTime(started) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero };
    }

    private static bool Same(GraphColumn together, int row, GraphColumn alone, double tolerance) => (together, alone) switch
    {
        (ValueColumn a, ValueColumn b) => a.Values.Width == b.Values.Width && Same(a.Values, a.BatchWide ? 0 : row * a.Values.Width, b.Values, 0, a.Values.Width, tolerance),
        (MapColumn a, MapColumn b) => a.Offsets[row + 1] - a.Offsets[row] == b.Offsets[1]
            && Same(a.Keys, a.Offsets[row], b.Keys, 0, b.Offsets[1], 0) && Same(a.Values, a.Offsets[row], b.Values, 0, b.Offsets[1], tolerance),
        (ListsColumn a, ListsColumn b) => a.Parts.Length == b.Parts.Length && a.Parts.Zip(b.Parts).All(p => p.First.Width == p.Second.Width && Same(p.First, row * p.First.Width, p.Second, 0, p.First.Width, tolerance)),
        _ => false,
    };

    private static bool Same(TensorValues a, int from, TensorValues b, int to, int count, double tolerance)
    {
        for (int i = 0; i < count; i++)
        {
            if (a.Element == TensorElement.Text)
            {
                if (!a.Text(from + i).SequenceEqual(b.Text(to + i))) return false;
                continue;
            }
            double left = a.Number(from + i), right = b.Number(to + i);
            if (!left.Equals(right) && !(Math.Abs(left - right) <= tolerance * Math.Max(1, Math.Abs(left)))) return false;
        }
        return true;
    }

    // The order of additions differs with the number of rows.
    private static double ToleranceOf(GraphValueType type) => type switch
    {
        TensorValueType { Element: TensorElement.Half or TensorElement.BFloat16 } => 2e-2,
        TensorValueType { Element: TensorElement.Double } => 1e-9,
        SequenceValueType s => ToleranceOf(s.Element),
        MapValueType m => ToleranceOf(m.Value),
        _ => 1e-5,
    };
}
