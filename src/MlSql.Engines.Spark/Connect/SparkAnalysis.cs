using MlSql.Engines.Spark.Connect.Errors;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.Engines.Spark.Connect;

/// <summary>Questions about plans, none of which runs one.</summary>
internal sealed class SparkAnalysis(SessionCalls calls)
{
    /// <summary>The server's version, as it spells it.</summary>
    public async Task<string> VersionAsync(CancellationToken cancel) =>
        (await AskAsync(new AnalyzePlanRequest { SparkVersion = new() }, a => a.SparkVersion, cancel).ConfigureAwait(false)).Version;

    /// <summary>The columns that a plan gives, as a struct.</summary>
    public async Task<DataType> SchemaAsync(Relation relation, CancellationToken cancel) =>
        (await AskAsync(new AnalyzePlanRequest { Schema = new() { Plan = Root(relation) } }, a => a.Schema, cancel).ConfigureAwait(false)).Schema_;

    /// <summary>How the server would run a plan.</summary>
    public async Task<string> ExplainAsync(Relation relation, AnalyzePlanRequest.Types.Explain.Types.ExplainMode mode, CancellationToken cancel) =>
        (await AskAsync(new AnalyzePlanRequest { Explain = new() { Plan = Root(relation), ExplainMode = mode } }, a => a.Explain, cancel).ConfigureAwait(false)).ExplainString;

    /// <summary>Has the server read a type or a list of columns.</summary>
    public async Task<DataType> ParseTypeAsync(string ddl, CancellationToken cancel) =>
        (await AskAsync(new AnalyzePlanRequest { DdlParse = new() { DdlString = ddl } }, a => a.DdlParse, cancel).ConfigureAwait(false)).Parsed;

    /// <summary>The files that a plan reads, as far as the server can tell.</summary>
    public async Task<IReadOnlyList<string>> InputFilesAsync(Relation relation, CancellationToken cancel) =>
        (await AskAsync(new AnalyzePlanRequest { InputFiles = new() { Plan = Root(relation) } }, a => a.InputFiles, cancel).ConfigureAwait(false)).Files;

    private async Task<T> AskAsync<T>(AnalyzePlanRequest request, Func<AnalyzePlanResponse, T?> answer, CancellationToken cancel) where T : class =>
        answer(await calls.AnalyzeAsync(request, cancel).ConfigureAwait(false)) ?? throw new SparkException(SparkErrorCodes.Protocol, "The server answers another question than was asked", "this is a fault of the server");

    private static Plan Root(Relation relation) => new() { Root = relation };
}
