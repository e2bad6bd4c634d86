using MlSql.Scoring.Trees;

namespace MlSql.Scoring.Kernels;

/// <summary>The bins of values that splits ask for sets of categories.</summary>
internal static class CategoryBins
{
    private const double NearZero = 1e-35f;

    /// <summary>The bin of a value, which is rounded to 32 bits first where the trees compare so.</summary>
    public static int Of(ClassColumn column, double value, bool single)
    {
        if (single) value = (float)value;
        if (double.IsNaN(value)) return column.NaN;
        if (Math.Abs(value) <= NearZero) return column.NearZero;
        return value > -1 && value < column.Classes.Length ? column.Classes[(int)value] : column.None;
    }
}
