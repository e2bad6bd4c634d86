using MlSql.Columnar;
using MlSql.Models.Trees;

namespace MlSql.Models;

/// <summary>The SQL types of what a booster answers.</summary>
public static class BoosterTypes
{
    private static readonly DataType Number = new FloatType(64);
    private static readonly DataType NumberList = new ListType(Number);
    private static readonly DataType LeafList = new ListType(new IntegerType(32, true));

    /// <summary>A number, or a list of one an output.</summary>
    public static DataType Prediction(Model model) => model.Structure is TreeStructure { Predictions: > 1 } ? NumberList : Number;

    /// <summary>The prediction and further details, one field each.</summary>
    public static StructType Row(Model model, PredictionDetails details) =>
        new([new Field(model.Signature.Label, Prediction(model)), .. PredictionDetail.In(details).Select(d => new Field(d.Name, Of(model, d.Detail)))]);

    private static DataType Of(Model model, PredictionDetails detail) => detail switch
    {
        PredictionDetails.Raw => model.Structure is TreeStructure { Outputs: > 1 } ? NumberList : Number,
        PredictionDetails.Contributions => NumberList,
        _ => LeafList,
    };
}
