using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Scoring;
using MlSql.Scoring.Commands;

namespace MlSql.UnitTests.Worker;

/// <summary>A folder with the file of one small model, as it lies among a session's files.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public TemporaryModel(double intercept = 0.5)
    {
        Bytes = ModelFormat.Write(new(
            new([new("a", new NumberFeature()), new("b", new NumberFeature())], "y", ModelTask.Regression, null),
            [new NumericFeaturizer(0, [], 1, 1), new NumericFeaturizer(1, [], 2, 1)],
            new LinearStructure([10, 100], intercept, Link.Identity)));
        ContentHash = ModelFormat.ContentHash(Bytes);
        Folder = Directory.CreateTempSubdirectory("mlsql-worker-").FullName;
        File.WriteAllBytes(FilePath, Bytes);
    }

    public byte[] Bytes { get; }

    public string ContentHash { get; }

    public string Folder { get; }

    public string FilePath => Path.Combine(Folder, PredictCommand.FileNameOf(ContentHash));

    /// <summary>What the model with the usual intercept gives: a NULL counts as the mean, which is 1 and 2.</summary>
    public static double Score(double? a, double? b) => 0.5 + 10 * ((a ?? 1) - 1) + 100 * ((b ?? 2) - 2);

    public PredictCommand Predict(ScoreOutput output, DataType type, params string[] arguments) => new("m", 3, ContentHash, Bytes.Length, output, type, [.. arguments]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
