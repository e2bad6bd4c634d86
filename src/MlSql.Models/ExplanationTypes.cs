using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models.Trees;

namespace MlSql.Models;

/// <summary>The SQL types of an explained prediction, and which models have one.</summary>
public static class ExplanationTypes
{
    private static readonly DataType Number = new FloatType(64);

    /// <summary>The features that moved a prediction furthest, each with what it added to the score.</summary>
    public static DataType Attributions { get; } = new ListType(new StructType([new Field("feature", new StringType()), new Field("attribution", Number)]));

    /// <summary>The fields behind the prediction itself; of a classifier the probability of the predicted class comes first.</summary>
    public static ImmutableArray<Field> Further(bool isClassifier) =>
    [
        .. isClassifier ? (ReadOnlySpan<Field>)[new Field("probability", Number)] : [],
        new Field("top_feature_attributions", Attributions),
        new Field("baseline_prediction_value", Number),
        new Field("prediction_value", Number),
        new Field("approximation_error", Number),
    ];

    /// <summary>A row of the prediction, of this type, and what explains it.</summary>
    public static StructType Row(DataType value, bool isClassifier) => new([new Field("value", value), .. Further(isClassifier)]);

    /// <summary>Why the score of a model is no sum over its features that we could take apart, in words that follow its name; null where it is one.</summary>
    public static string? Obstacle(Model model) => model.Structure switch
    {
        LinearStructure => null,
        TreeStructure trees when !PredictionDetail.Of(trees).HasFlag(PredictionDetails.Contributions) => "has linear leaves, leaves of several values or trees that are too deep",
        TreeStructure { Outputs: > 1, Link: not (TreeLink.Softmax or TreeLink.LargestScore or TreeLink.Logistic) } => "answers several numbers",
        TreeStructure => null,
        _ => "is a graph",
    };
}
