using System.Collections.Immutable;
using System.Globalization;
using MlSql.Language;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Lowering;

/// <summary>
/// The queries of permutation importance (Breiman: Random forests, 2001, §10). A row's exchanged value is that of the row after it in an order that a hash decides, the last row's that of the first: one cycle through all rows. The hash is made of
/// the row's place when rows are sorted by all of their values, in whole numbers that every engine computes alike, so that neither the order of the rows nor the engine changes a figure; rows that tie are equal.
/// </summary>
internal static class ImportanceSql
{
    // Arguments in the predictions of one query.
    private const int MostArguments = 4_096;
    private const int MostTargets = 32;

    // What stands for a feature that cannot change a score.
    private const string Unread = "NULL";

    // A prime below 2^31: products stay below 2^62.
    private const string Modulus = "2147483647";

    /// <summary>The queries; the first one has the scores of the rows as they are. Features that cannot change a score are left out.</summary>
    public static ImmutableArray<ImportanceQuery> Of(BoundImportance importance, Func<BoundSql, string> print)
    {
        var score = importance.Score;
        string[] arguments = [.. score.Arguments.Select(print)];
        int[] read = [.. Enumerable.Range(0, arguments.Length).Where(i => arguments[i] != Unread)];
        int chunk = Math.Clamp(MostArguments / Math.Max(arguments.Length, 1), 1, MostTargets);
        string rows = Ordered(importance, arguments, read, print);
        var queries = ImmutableArray.CreateBuilder<ImportanceQuery>();
        for (int start = 0; start == 0 || start < read.Length; start += chunk)
        {
            int[] exchanged = read[start..Math.Min(read.Length, start + chunk)];
            int[] targets = start == 0 ? [-1, .. exchanged] : exchanged;
            string scores = string.Join(", ", targets.Select(target => string.Create(CultureInfo.InvariantCulture, $"{print(Scored(score, arguments, target))} AS s{target + 1}")));
            string label = importance.Weight is null ? "label" : "label, weight";
            string donors = string.Concat(exchanged.Select(Donor));
            queries.Add(new([.. targets], $"SELECT {label}, {scores} FROM (SELECT *{donors} FROM {rows} AS ranked) AS exchanged"));
        }
        return queries.ToImmutable();
    }

    private static BoundSql Scored(BoundPrediction score, string[] arguments, int target) => new(
    [
        score with
        {
            Arguments = [.. score.Arguments.Select((argument, i) => arguments[i] != Unread ? BoundSql.Of(string.Create(CultureInfo.InvariantCulture, $"{(i == target ? 'd' : 'f')}{i}")) : argument)],
        },
    ]);

    private static string Donor(int feature)
    {
        const string Next = "OVER (ORDER BY h4, place)";
        return string.Create(CultureInfo.InvariantCulture, $", CASE WHEN lead(1) {Next} IS NULL THEN first_value(f{feature}) {Next} ELSE lead(f{feature}) {Next} END AS d{feature}");
    }

    // The rows as f0, f1, …, label, [weight], with their place and its hash h4.
    private static string Ordered(BoundImportance importance, string[] arguments, int[] read, Func<BoundSql, string> print)
    {
        string label = SqlQuote.Identifier(importance.Label);
        string weight = importance.Weight is { } w ? $", CAST({SqlQuote.Identifier(w)} AS DOUBLE) AS weight" : "";
        string features = string.Concat(read.Select(i => string.Create(CultureInfo.InvariantCulture, $"{arguments[i]} AS f{i}, ")));
        string order = string.Concat(read.Select(i => string.Create(CultureInfo.InvariantCulture, $"f{i} NULLS FIRST, "))) + "label" + (importance.Weight is null ? "" : ", weight NULLS FIRST");
        string sql = $"(SELECT {features}{label} AS label{weight} FROM {print(importance.Source)} WHERE {label} IS NOT NULL) AS rows_with_label";
        sql = $"(SELECT *, CAST(row_number() OVER (ORDER BY {order}) AS BIGINT) AS place FROM {sql}) AS placed";
        sql = $"(SELECT *, (place % {Modulus} * 1597334677 + 12345) % {Modulus} AS h1 FROM {sql}) AS hashed1";
        sql = $"(SELECT *, (h1 * h1 + 7 * h1 + 11) % {Modulus} AS h2 FROM {sql}) AS hashed2";
        sql = $"(SELECT *, (h2 * 48271 + h1) % {Modulus} AS h3 FROM {sql}) AS hashed3";
        return $"(SELECT *, h3 * h3 % {Modulus} AS h4 FROM {sql})";
    }
}
