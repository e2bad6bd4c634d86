using System.Collections.Immutable;

namespace MlSql.Models.Boosters;

/// <summary>What a file of LightGBM or XGBoost holds.</summary>
/// <param name="Tool">"lightgbm" or "xgboost", and the file's version.</param>
/// <param name="Objective">The objective as the file names it.</param>
/// <param name="Features">Names of the inputs in order; each is a number.</param>
/// <param name="Structure">Trees, or a linear model; its encoded columns are the inputs as they are.</param>
public sealed record BoosterModel(string Tool, string Objective, ImmutableArray<string> Features, ModelStructure Structure);
