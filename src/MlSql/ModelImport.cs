using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Estimators;
using MlSql.Models.Onnx;
using MlSql.Models.Store;
using MlSql.Planning.Plans;
using MlSql.Scoring.Onnx;

namespace MlSql;

/// <summary>Carries out IMPORT MODEL: makes a model of the graph and of what its outputs are, by its structure where that is trees, else by a trial run.</summary>
internal static class ModelImport
{
    /// <summary>The model and what is kept about it. Throws <see cref="Columnar.CodedException"/> MLS41xx for a graph that is no trees and that the runtime cannot take.</summary>
    public static (Model Model, VersionDetails Details) Run(BoundImport import, TimeProvider time, CancellationToken cancel)
    {
        long started = time.GetTimestamp();
        var trial = RecognisedTrial.Find(import.File, import.Inputs, import.Features, cancel) ?? GraphTrial.Run(import.File, import.Inputs, cancel);
        ImmutableArray<GraphOutput> outputs = [.. trial.Outputs.Select((output, i) => output with { Column = import.Columns[i] })];
        var answer = GraphAnswer.Of(outputs, import.File.Classes);
        var structure = new GraphStructure(ImmutableArray.Create(import.File.Bytes.Span), import.Inputs, outputs, trial.Batch, trial.RowsAreIndependent, answer.ClassOrder);
        var model = new Model(new ModelSignature(import.Features, outputs[0].Column, answer.Task, answer.Classes), [], structure);
        return (model, new VersionDetails
        {
            Estimator = "onnx",
            Options = new OptionValues(Facts(import)),
            Statement = import.Statement,
            Label = outputs[0].Column,
            LabelType = outputs[0].Type.ToString(),
            Warnings = trial.Warning is { } warning ? [Warning(warning)] : [],
            MlSqlVersion = Versions.MlSql,
            Duration = time.GetElapsedTime(started),
            Comment = import.Comment,
        });
    }

    private static VersionWarning Warning(CodedException warning) =>
        new(warning.Code, $"The graph could not be tried, so its outputs are taken as it declares them: {warning.Message}{(warning.Hint is null ? "" : $" ({warning.Hint})")}");

    // What is worth knowing of the file, shown among the version's options.
    private static ImmutableSortedDictionary<string, string> Facts(BoundImport import)
    {
        var facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        facts["path"] = import.Path;
        facts["graph_sha256"] = Convert.ToHexStringLower(SHA256.HashData(import.File.Bytes.Span));
        facts["ir_version"] = import.File.IrVersion.ToString(CultureInfo.InvariantCulture);
        facts["opsets"] = string.Join(", ", import.File.Opsets.Select(o => string.Create(CultureInfo.InvariantCulture, $"{(o.Key.Length == 0 ? "ai.onnx" : o.Key)} {o.Value}")));
        facts["nodes"] = import.File.Nodes.ToString(CultureInfo.InvariantCulture);
        if (import.File.Producer.Length > 0) facts["producer"] = import.File.Producer;
        return facts.ToImmutable();
    }
}
