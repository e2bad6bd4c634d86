using MlSql.Columnar;

namespace MlSql.Cli.Output;

/// <summary>Writes the rows of one result after another. Memory is bounded by a batch.</summary>
internal interface IResultWriter
{
    /// <summary>Starts a result.</summary>
    void Begin(Schema schema);

    /// <summary>Writes rows of the result that was begun.</summary>
    void Write(RecordBatch batch);

    /// <summary>Ends the result, whole.</summary>
    void End();

    /// <summary>Ends the result in the middle: what comes next starts on a line of its own.</summary>
    void Break();
}
