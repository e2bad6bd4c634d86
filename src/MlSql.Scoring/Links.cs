namespace MlSql.Scoring;

/// <summary>The functions that turn scores into answers.</summary>
public static class Links
{
    /// <summary>1 / (1 + e^−score) in place.</summary>
    public static void Logistic(Span<double> scores) => throw new NotImplementedException();
}
