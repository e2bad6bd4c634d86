using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Scoring;
using MlSql.Scoring.Commands;
using MlSql.Scoring.Outputs;

namespace MlSql.Worker.Evaluation;

/// <summary>Holds the type that the engine was promised against what the model gives: values of another type would be written as if they were of this.</summary>
internal static class PromisedType
{
    private static readonly DataType s_number = new FloatType(64);

    /// <summary>Throws <see cref="CodedException"/> MLS4312.</summary>
    public static void Check(PredictCommand command, Model model)
    {
        if (model.Signature.Classes is null && command.Output is ScoreOutput.Probability or ScoreOutput.Probabilities) throw WorkerErrors.OutputType(command.OutputType, s_number);
        switch (command.Output)
        {
            case ScoreOutput.Probabilities:
            case ScoreOutput.Score when model.Signature.IsMulticlass:
                Expect(command.OutputType, new ListType(s_number));
                break;
            case ScoreOutput.Score or ScoreOutput.Probability:
                Expect(command.OutputType, s_number);
                break;
            case ScoreOutput.Explanation:
                ExpectExplanation(command.OutputType, model);
                break;
            case ScoreOutput.Value or ScoreOutput.Row when model.Structure is GraphStructure graph:
                bool alone = command.Output == ScoreOutput.Value && (model.Signature.Task == ModelTask.Classification || graph.Outputs.Length == 1);
                ExpectShape(command.OutputType, alone ? graph.Outputs[0].Type : new StructType([.. graph.Outputs.Select(o => new Field(o.Column, o.Type))]));
                break;
            case ScoreOutput.Value or ScoreOutput.Row when model.Signature.Task == ModelTask.Booster:
                ExpectShape(command.OutputType, command.Output == ScoreOutput.Value ? BoosterTypes.Prediction(model) : BoosterTypes.Row(model, command.Details));
                break;
            case ScoreOutput.Value when model.Signature.Task == ModelTask.Regression:
                Expect(command.OutputType, s_number);
                break;
            case ScoreOutput.Value:
                ExpectLabel(command.OutputType, model.Signature.Classes!.Kind);
                break;
            case ScoreOutput.Row:
                if (command.OutputType is not StructType { Fields: [var label, { Type: ListType { Element: StructType { Fields: [var pairLabel, var probability] } } }] } || label.Type != pairLabel.Type)
                    throw WorkerErrors.OutputType(command.OutputType, new StructType([new("label", new StringType()), new("probs", new ListType(new StructType([new("label", new StringType()), new("prob", s_number)])))]));
                ExpectLabel(label.Type, model.Signature.Classes?.Kind ?? throw WorkerErrors.OutputType(command.OutputType, s_number));
                Expect(probability.Type, s_number);
                break;
        }
    }

    private static void ExpectExplanation(DataType promised, Model model)
    {
        var further = ExplanationTypes.Further(model.Signature.Task == ModelTask.Classification);
        if (ExplanationTypes.Obstacle(model) is not null || promised is not StructType { Fields: var fields } || !fields.Skip(1).Select(f => f.Type).SequenceEqual(further.Select(f => f.Type)))
            throw WorkerErrors.OutputType(promised, ExplanationTypes.Row(s_number, model.Signature.Task == ModelTask.Classification));
        if (model.Signature.Task == ModelTask.Classification) ExpectLabel(fields[0].Type, model.Signature.Classes!.Kind);
        else Expect(fields[0].Type, model.Signature.Task == ModelTask.Booster ? BoosterTypes.Prediction(model) : s_number);
    }

    // The labels of a kernel's model are kept as texts and written in the label's own type.
    private static void ExpectLabel(DataType promised, ClassKind kind)
    {
        bool fits = kind switch
        {
            ClassKind.Text => promised is StringType,
            ClassKind.Boolean => promised is BooleanType,
            ClassKind.Integer => promised is IntegerType { Bits: <= 64 } or DecimalType { Scale: 0, Precision: > 18 } or FloatType,
            _ => promised is FloatType,
        };
        if (!fits) throw WorkerErrors.OutputType(promised, kind == ClassKind.Text ? new StringType() : s_number);
    }

    private static void Expect(DataType promised, DataType made)
    {
        if (promised != made) throw WorkerErrors.OutputType(promised, made);
    }

    // Fields may have other names.
    private static void ExpectShape(DataType promised, DataType made)
    {
        bool same = (promised, SignedTypes.Of(made)) switch
        {
            (StructType p, StructType m) => p.Fields.Length == m.Fields.Length && p.Fields.Zip(m.Fields).All(f => f.First.Type == f.Second.Type),
            var (p, m) => p == m,
        };
        if (!same) throw WorkerErrors.OutputType(promised, made);
    }
}
