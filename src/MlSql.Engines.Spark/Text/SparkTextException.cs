using MlSql.Columnar;
using MlSql.Language;

namespace MlSql.Engines.Spark.Text;

/// <summary>A statement that cannot be said in Spark's words, and where in the statement.</summary>
internal sealed class SparkTextException(string code, string message, string? hint, Span at) : CodedException(code, message, hint)
{
    /// <summary>The place in the statement as written.</summary>
    public Span At { get; } = at;
}
