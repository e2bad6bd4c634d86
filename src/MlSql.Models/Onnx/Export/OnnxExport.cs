using System.Collections.Immutable;
using MlSql.Models.Featurizers;
using MlSql.Models.Format;
using MlSql.Models.Trees;

namespace MlSql.Models.Onnx.Export;

/// <summary>Writes models as ONNX files that compute in double and take columns as they are: one graph input a feature, encoded by the graph.</summary>
public static class OnnxExport
{
    /// <summary>
    /// The ONNX file of a model; the same model gives the same bytes. A model that came from an ONNX file gives that file back. <paramref name="training"/> is what the training rows held, where that is known:
    /// it adds warnings, never changes the bytes.
    /// <paramref name="trees"/>: what the thresholds of an ensemble become. In 32 bits, which every runtime knows, rows of 32-bit numbers keep their branches; 64 bits need a runtime of ai.onnx.ml 5, and change no row.
    /// Throws <see cref="Columnar.CodedException"/>: MLS7101 for a model that has no ONNX form, MLS7102 for one that contradicts itself, MLS7103 for features that would share a name, MLS7104 for one without features, MLS7105 for a feature without a name.
    /// </summary>
    public static OnnxExportResult Write(Model model, ImmutableArray<FeatureStatistics> training = default, TreePrecision trees = TreePrecision.Single)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (ModelCheck.FirstFault(model) is { } fault) throw ExportErrors.Contradiction(fault);
        return model.Structure switch
        {
            LinearStructure linear => new(LinearGraph.Write(model, linear), Warnings(model, training.IsDefault ? [] : training)),
            TreeStructure ensemble => new(TreeGraph.Write(model, ensemble, trees), Warnings(model, training.IsDefault ? [] : training)),
            GraphStructure graph => new(graph.Graph.AsMemory(), []),
            _ => throw ExportErrors.Unsupported($"it is a {model.Structure.GetType().Name}"),
        };
    }

    private static ImmutableArray<OnnxExportWarning> Warnings(Model model, ImmutableArray<FeatureStatistics> training)
    {
        var warnings = ImmutableArray.CreateBuilder<OnnxExportWarning>();
        var withNull = training.Where(t => t.Nulls > 0).Select(t => t.Input).ToHashSet(StringComparer.Ordinal);
        var levels = model.Featurizers.OfType<OneHotFeaturizer>().Where(f => f.NullLevel && f.Levels.Contains("")).ToLookup(f => f.Feature);
        foreach (var input in GraphInputs.Of(model.Signature))
        {
            if (input.Type is BooleanFeature && withNull.Contains(input.Name)) warnings.Add(ExportErrors.BooleanNull(input.Name));
            if (levels[input.Feature].Any(input.IsReadBy)) warnings.Add(ExportErrors.BothEmptyAndNull(input.Name));
        }
        return warnings.ToImmutable();
    }
}
