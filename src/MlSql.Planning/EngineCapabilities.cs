namespace MlSql.Planning;

/// <summary>What decides how an engine is best asked for predictions.</summary>
/// <param name="InlinesLinearModels">True where the engine's own arithmetic is cheaper than a call of a function of ours: linear models then become SQL.</param>
public sealed record EngineCapabilities(bool InlinesLinearModels);
