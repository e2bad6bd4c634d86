using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Featurizers;
using MlSql.Scoring;
using MlSql.Scoring.Commands;

namespace MlSql.SparkTests.Rig;

/// <summary>The file of a model of two numbers.</summary>
internal sealed class SmallModel : IDisposable
{
    public SmallModel()
    {
        byte[] bytes = ModelFormat.Write(new(
            new([new("a", new NumberFeature()), new("b", new NumberFeature())], "y", ModelTask.Regression, null),
            [new NumericFeaturizer(0, [], 1, 1), new NumericFeaturizer(1, [], 2, 1)],
            new LinearStructure([10, 100], 0.5, Link.Identity)));
        Predict = new("small", 1, ModelFormat.ContentHash(bytes), bytes.Length, ScoreOutput.Value, new FloatType(64), ["a", "b"]);
        Path = System.IO.Path.Combine(Directory.CreateTempSubdirectory("mlsql-model").FullName, Predict.FileName);
        File.WriteAllBytes(Path, bytes);
    }

    public string Path { get; }

    public PredictCommand Predict { get; }

    /// <summary>The model by hand: features are taken from their means, 1 and 2.</summary>
    public static double Score(double a, double b) => 0.5 + 10 * (a - 1) + 100 * (b - 2);

    public void Dispose() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
}
