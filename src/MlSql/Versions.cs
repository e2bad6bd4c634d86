namespace MlSql;

/// <summary>Facts for "version" and "doctor".</summary>
public static class Versions
{
    /// <summary>Of MlSql, like "0.1.0".</summary>
    public static string MlSql => typeof(Versions).Assembly.GetName().Version!.ToString(3);
}
