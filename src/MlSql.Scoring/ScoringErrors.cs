using System.Globalization;
using MlSql.Columnar;

namespace MlSql.Scoring;

/// <summary>Every error of scoring. Numbers are never reused.</summary>
internal static class ScoringErrors
{
    public static CodedException ListLength(string feature, int expected, int found) => new(
        "MLS4001",
        string.Create(CultureInfo.InvariantCulture, $"Feature expects lists of {expected} numbers but a row has one of {found}: {feature}"),
        string.Create(CultureInfo.InvariantCulture, $"filter such rows with len({feature}) = {expected}, or make the list NULL to score it as the mean"));

    public static CodedException Damaged(string what) => new(
        "MLS4002",
        $"The model cannot be scored: {what}",
        "the model's file is damaged or was not written by MlSql; train or import it again");

    public static CodedException Threshold(double threshold) => new(
        "MLS4003",
        string.Create(CultureInfo.InvariantCulture, $"A threshold lies between 0 and 1: {threshold}"),
        "0.5 asks for the more probable class");

    public static CodedException ColumnType(string feature, string kind, DataType found) => new(
        "MLS4004",
        $"Feature expects {kind} but the column is {found}: {feature}",
        "cast the column to the type that the model was trained on");

    public static CodedException ColumnCount(int expected, int found) => new(
        "MLS4005",
        string.Create(CultureInfo.InvariantCulture, $"The model has {expected} features but {found} columns were given"),
        "pass one column a feature, in the order of the model's signature");

    public static CodedException ColumnLength(string feature, int expected, int found) => new(
        "MLS4006",
        string.Create(CultureInfo.InvariantCulture, $"The column has {found} rows where {expected} scores are wanted: {feature}"),
        "pass columns of one batch");
}
