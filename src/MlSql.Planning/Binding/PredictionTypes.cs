using MlSql.Columnar;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>The SQL types of predictions.</summary>
public static class PredictionTypes
{
    private static readonly DataType Number = new FloatType(64);

    /// <summary>The type of what a function gives.</summary>
    public static DataType Of(PredictFunction function) => Of(function.Model, function.Output, function.Details);

    /// <summary>The type of one output of a model, with a booster's details where it is a row.</summary>
    public static DataType Of(ModelVersion model, PredictionOutput output, PredictionDetails details = PredictionDetails.None) => output switch
    {
        PredictionOutput.Value => Value(model),
        PredictionOutput.Probabilities => new ListType(Number),
        PredictionOutput.Score when model.Model.Signature.IsMulticlass => new ListType(Number),
        PredictionOutput.Probability or PredictionOutput.Score => Number,
        PredictionOutput.Explanation => ExplanationTypes.Row(Value(model), model.Model.Signature.Task == ModelTask.Classification),
        PredictionOutput.Row when model.Model.Structure is GraphStructure graph => All(graph),
        PredictionOutput.Row when model.Model.Signature.Task == ModelTask.Booster => BoosterTypes.Row(model.Model, details),
        PredictionOutput.Row => new StructType([new Field("label", Value(model)), new Field("probs", Probabilities(model))]),
        _ => throw new System.Diagnostics.UnreachableException(output.ToString()),
    };

    /// <summary>A list of (class, probability): the second column of the table form.</summary>
    public static DataType Probabilities(ModelVersion model) =>
        new ListType(new StructType([new Field("label", Value(model)), new Field("prob", Number)]));

    internal static PredictionOutput OutputOf(ScalarPredict call) => call.Form switch
    {
        PredictForm.Predict => PredictionOutput.Value,
        PredictForm.Proba => PredictionOutput.Probabilities,
        PredictForm.Probability => PredictionOutput.Probability,
        _ => throw new System.Diagnostics.UnreachableException(call.Form.ToString()),
    };

    private static DataType Value(ModelVersion model) => model.Model.Structure switch
    {
        GraphStructure graph => model.Model.Signature.Task == ModelTask.Classification || graph.Outputs.Length == 1 ? graph.Outputs[0].Type : All(graph),
        _ => model.Model.Signature.Task switch
        {
            ModelTask.Regression => Number,
            ModelTask.Booster => BoosterTypes.Prediction(model.Model),
            _ => model.LabelType,
        },
    };

    private static StructType All(GraphStructure graph) => new([.. graph.Outputs.Select(o => new Field(o.Column, o.Type))]);
}
