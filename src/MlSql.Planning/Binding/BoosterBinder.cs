using System.Collections.Immutable;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds IMPORT MODEL of a LightGBM or XGBoost file: its features are columns of their own names unless INPUT renames them.</summary>
internal sealed class BoosterBinder(BindContext context)
{
    private const string Prediction = "prediction";

    /// <summary>Binds the statement; reports what is wrong and gives null.</summary>
    public BoundBoosterImport? Bind(ImportStatement import, ImportedFile.Booster file)
    {
        string[] columns = [.. file.Model.Features];
        var renamed = new HashSet<int>();
        foreach (var input in import.Inputs)
        {
            int index = IndexOf(file.Model.Features, input.Tensor.Text);
            if (index < 0) context.Report(BindErrors.UnknownTensor(input.Tensor.Span, "feature", input.Tensor.Text, file.Model.Features));
            else if (!renamed.Add(index)) context.Report(BindErrors.TensorTwice(input.Tensor.Span, input.Tensor.Text));
            else if (input is not { Features: [var column], Type: null }) context.Report(BindErrors.BoosterFeature(input.Span, input.Tensor.Text));
            else columns[index] = column.Text;
        }
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string column in columns)
            if (!seen.Add(column)) context.Report(BindErrors.TensorTwice(import.Path.Span, column));
        string prediction = Prediction;
        foreach (var output in import.Outputs)
        {
            if (!output.Tensor.Text.Equals(Prediction, StringComparison.OrdinalIgnoreCase)) context.Report(BindErrors.UnknownTensor(output.Tensor.Span, "output", output.Tensor.Text, [Prediction]));
            else prediction = output.Column?.Text ?? prediction;
        }
        return context.HasErrors ? null : new(import.Model.Text, import.Path.Text, file, [.. columns], prediction, import.Comment?.Text, CanonicalSql.Print(import));
    }

    // Names that differ in case only are told apart by being exact.
    private static int IndexOf(ImmutableArray<string> features, string name)
    {
        int exact = features.IndexOf(name);
        return exact >= 0 ? exact : features.IndexOf(name, 0, features.Length, StringComparer.OrdinalIgnoreCase);
    }
}
