using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlSql.Scoring;
using MlSql.Scoring.Kernels;
using MlSql.UnitTests.Scoring.Memory;
using MlSql.UnitTests.Scoring.Trees;

namespace MlSql.UnitTests.Scoring;

/// <summary>The bits of many scores and answers as one text, to be compared between processes that run on different instruction sets.</summary>
internal static class ScoreDigest
{
    public static string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int seed = 0; seed < 6; seed++)
        {
            var rows = RandomCases.Linear(seed, 300 + seed, everything: true);
            double[] scores = rows.Score(Scorers.Create(rows.Model), seed % 2 == 0 ? ViewStyle.Views : ViewStyle.Offsets);
            hash.AppendData(MemoryMarshal.AsBytes<double>(scores));
        }
        for (int seed = 0; seed < 12; seed++)
        {
            var (ensemble, columns) = RandomEnsembles.Case(seed);
            double[] values = [.. columns.SelectMany(c => c)], scores = new double[RandomEnsembles.CaseRows * ensemble.Outputs];
            TreeKernel.Create(ensemble, columns.Length).Score(values, RandomEnsembles.CaseRows, RandomEnsembles.CaseRows, scores, RandomEnsembles.CaseRows);
            hash.AppendData(MemoryMarshal.AsBytes<double>(scores));
        }
        var random = new Random(7);
        double[] answers = [.. Enumerable.Range(0, 4_003).Select(i => (random.NextDouble() - 0.5) * (i % 2 == 0 ? 1_500 : 20))];
        Links.Logistic(answers);
        hash.AppendData(MemoryMarshal.AsBytes<double>(answers));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
