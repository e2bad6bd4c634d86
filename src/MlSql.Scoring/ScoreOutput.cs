namespace MlSql.Scoring;

/// <summary>What is asked of a model for each row.</summary>
public enum ScoreOutput
{
    /// <summary>The value, or the class in the label's type; of a booster its prediction, DOUBLE or DOUBLE[]; of a graph that is no classifier its only output, or a STRUCT of all.</summary>
    Value,

    /// <summary>Probabilities of all classes in ascending order of the classes: DOUBLE[].</summary>
    Probabilities,

    /// <summary>The probability of one class, or of the predicted one: DOUBLE.</summary>
    Probability,

    /// <summary>STRUCT(label, probs STRUCT(label, prob)[]) of a classifier, a STRUCT of a booster's prediction and details, or one of all outputs of a graph.</summary>
    Row,

    /// <summary>The value, or the probability of the positive class of two: DOUBLE. Of more than two classes all probabilities in ascending order of the classes: DOUBLE[].</summary>
    Score,

    /// <summary>STRUCT(value, [probability,] top_feature_attributions STRUCT(feature, attribution)[], baseline_prediction_value, prediction_value, approximation_error): see <see cref="Models.ExplanationTypes"/>.</summary>
    Explanation,
}
