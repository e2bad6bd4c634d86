using System.Collections.Immutable;
using MlSql.Models.Estimators;

namespace MlSql.Training;

/// <summary>Every trainer there is.</summary>
public static class Trainers
{
    /// <summary>What each trainer is called and takes.</summary>
    public static ImmutableArray<EstimatorInfo> Infos => throw new NotImplementedException();
}
