namespace MlSql.Models;

/// <summary>The stored form of a model.</summary>
public static class ModelFormat
{
}
