using MlSql.Models.Estimators;
using MlSql.Training.Encoders;

namespace MlSql.Training.Rounds;

/// <summary>All that a trainer and its states know before the first row.</summary>
/// <param name="Shape">The encoded columns.</param>
/// <param name="Options">The estimator's options.</param>
/// <param name="LabelMean">Weighted mean of the labels.</param>
/// <param name="Weight">Sum of the rows' weights.</param>
/// <param name="Rows">Training rows; 0 when nobody counted them.</param>
internal sealed record TrainerPlan(DesignShape Shape, OptionValues Options, double LabelMean, double Weight, long Rows = 0);
