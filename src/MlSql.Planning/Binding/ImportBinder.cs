using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Language.Statements;
using MlSql.Models;
using MlSql.Models.Onnx;
using MlSql.Planning.Plans;

namespace MlSql.Planning.Binding;

/// <summary>Binds IMPORT MODEL: which column fills which element of which tensor, and what the outputs are called.</summary>
internal sealed class ImportBinder(BindContext context)
{
    // The trial of a graph feeds three rows: of this many texts they take 0.8 GB.
    private const long MaxElements = 1 << 23;

    private readonly List<Feature> _features = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Binds the statement; reports what is wrong and gives null.</summary>
    public BoundStatement? Bind(ImportStatement import)
    {
        foreach (var clause in import.Unsupported) context.Report(BindErrors.NotCarriedOut(clause.Span, clause.Name));
        foreach (var option in import.Options) context.Report(BindErrors.UnknownOption(option.KeySpan, option.Key, ["model_type", "model_path"]));
        if (import.Path.Text.Contains("://", StringComparison.Ordinal)) context.Report(BindErrors.RemotePath(import.Path.Span, import.Path.Text));
        var format = Format(import);
        return context.HasErrors ? null : Read(import, format) switch
        {
            ImportedFile.Graph graph => Bind(import, graph.Model),
            ImportedFile.Booster booster => new BoosterBinder(context).Bind(import, booster),
            null => null,
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private BoundImport? Bind(ImportStatement import, OnnxModel file)
    {
        var inputs = ImmutableArray.CreateBuilder<GraphInput>();
        CheckNames(import.Inputs.Select(i => i.Tensor), "input", file.Inputs);
        CheckNames(import.Outputs.Select(o => o.Tensor), "output", file.Outputs);
        long? batch = null;
        long elements = 0;
        foreach (var value in file.Inputs)
        {
            var said = import.Inputs.FirstOrDefault(i => Means(i.Tensor, value, file.Inputs));
            var at = said?.Span ?? import.Path.Span;
            if (Input(value, said, at, file) is not { } input) continue;
            inputs.Add(input);
            elements += input.Width;
            if (((TensorValueType)value.Type).Shape is not { IsDefault: false } shape || shape[0] is not { } rows) continue;
            if (batch is { } before && before != rows) context.Report(BindErrors.BatchSizes(at, before, rows));
            batch = rows;
        }
        if (batch < 1) context.Report(BindErrors.EmptyBatch(import.Path.Span));
        else if (elements > MaxElements / (batch ?? 1)) context.Report(BindErrors.TooWide(import.Path.Span, MaxElements));
        var columns = Columns(import, file);
        return context.HasErrors
            ? null
            : new BoundImport(import.Model.Text, import.Path.Text, file, [.. _features], inputs.ToImmutable(), (int?)batch, columns, import.Comment?.Text, CanonicalSql.Print(import));
    }

    private ImportFormat? Format(ImportStatement import)
    {
        if (import.Format is not { } format) return null;
        ImmutableArray<string> known = [.. Enum.GetNames<ImportFormat>().Select(name => name.ToLowerInvariant())];
        int index = known.IndexOf(format.Text.ToLowerInvariant());
        if (index >= 0) return Enum.GetValues<ImportFormat>()[index];
        context.Report(format.Text.ToLowerInvariant() is "mlnet" or "mlsql"
            ? BindErrors.NotCarriedOut(format.Span, $"IMPORT MODEL … FORMAT {format.Text.ToLowerInvariant()}")
            : BindErrors.UnknownFormat(format.Span, format.Text, known));
        return null;
    }

    private ImportedFile? Read(ImportStatement import, ImportFormat? format)
    {
        try
        {
            return context.Catalog.ReadModel(import.Path.Text, format);
        }
        catch (CodedException refused)
        {
            context.Report(BindErrors.ModelFile(import.Path.Span, refused));
            return null;
        }
    }

    // Tensors that differ in case only are told apart by their exact names.
    private static bool Means(Name name, GraphValue value, ImmutableArray<GraphValue> all) =>
        name.Text == value.Name || (name.Text.Equals(value.Name, StringComparison.OrdinalIgnoreCase) && !all.Any(v => v.Name == name.Text));

    private void CheckNames(IEnumerable<Name> names, string what, ImmutableArray<GraphValue> values)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!values.Any(v => Means(name, v, values))) context.Report(BindErrors.UnknownTensor(name.Span, what, name.Text, values.Select(v => v.Name)));
            else if (!seen.Add(name.Text)) context.Report(BindErrors.TensorTwice(name.Span, name.Text));
        }
    }

    private GraphInput? Input(GraphValue value, TensorInput? said, Span at, OnnxModel file)
    {
        if (value.Type is not TensorValueType tensor)
        {
            context.Report(BindErrors.TensorUnfeedable(at, value.Name, "it is no tensor"));
            return null;
        }
        if (!tensor.Shape.IsDefault && tensor.Shape.IsEmpty)
        {
            context.Report(BindErrors.TensorUnfeedable(at, value.Name, "it has no dimension for the rows"));
            return null;
        }
        if (said?.Type is { } type && !SameKind(type.Text, tensor.Element)) context.Report(BindErrors.TensorType(type.Span, $"input {value.Name}", tensor.Element.ToString().ToLowerInvariant(), type.Text));

        if (!tensor.Shape.IsDefault && IsTooWide(tensor.Shape.AsSpan()[1..]))
        {
            context.Report(BindErrors.TooWide(at, MaxElements));
            return null;
        }
        int named = said?.Features.Length ?? 0;
        if (RowShape(tensor, named > 0 ? named : file.Inputs.Length == 1 ? file.FeatureNames.Length : 0) is not { } shape)
        {
            context.Report(BindErrors.TensorWidthUnknown(at, value.Name));
            return null;
        }
        long width = shape.Aggregate(1L, (product, size) => product * size);
        ImmutableArray<string> names = named > 0 ? [.. said!.Features.Select(f => f.Text)]
            : width > 1 && file.Inputs.Length == 1 && file.FeatureNames.Length == width ? file.FeatureNames
            : [value.Name];
        if (names.Length != width && names.Length != 1)
        {
            context.Report(BindErrors.TensorWidth(at, value.Name, width, names.Length));
            return null;
        }
        FeatureType feature = names.Length == width ? new TensorFeature(tensor.Element) : new TensorListFeature(tensor.Element, (int)width);
        return new GraphInput(value.Name, tensor.Element, shape, [.. names.Select(name => Index(name, feature, at))]);
    }

    private static bool IsTooWide(ReadOnlySpan<long?> sizes)
    {
        long known = 1;
        foreach (long? size in sizes)
        {
            if (size is not > 0) continue;
            if (size > MaxElements / known) return true;
            known *= size.Value;
        }
        return false;
    }

    // The sizes after the rows; one free size is what the named columns leave for it. Null when they leave it open.
    private static ImmutableArray<int>? RowShape(TensorValueType tensor, int named)
    {
        if (tensor.Shape.IsDefault) return named > 1 ? [named] : [];
        var sizes = tensor.Shape.AsSpan()[1..];
        long known = 1;
        int free = 0;
        foreach (long? size in sizes)
        {
            if (size is { } fixedSize) known *= fixedSize;
            else free++;
        }
        if (free > 1 || known <= 0 || (free == 1 && (named == 0 || named % known != 0))) return null;
        var shape = ImmutableArray.CreateBuilder<int>(sizes.Length);
        foreach (long? size in sizes) shape.Add((int)(size ?? named / known));
        return shape.ToImmutable();
    }

    private int Index(string name, FeatureType type, Span at)
    {
        if (!_indexes.TryGetValue(name, out int index))
        {
            _features.Add(new Feature(name, type));
            return _indexes[name] = _features.Count - 1;
        }
        if (!_features[index].Type.Equals(type)) context.Report(BindErrors.FeatureOfTwoTypes(at, name));
        return index;
    }

    private ImmutableArray<string> Columns(ImportStatement import, OnnxModel file)
    {
        var columns = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in file.Outputs)
        {
            var said = import.Outputs.FirstOrDefault(o => Means(o.Tensor, value, file.Outputs));
            string column = said?.Column?.Text ?? value.Name;
            if (!seen.Add(column)) context.Report(BindErrors.OutputTwice(said?.Span ?? import.Path.Span, column));
            if (said?.Type is { } type && value.Type is TensorValueType tensor && !SameKind(type.Text, tensor.Element))
                context.Report(BindErrors.TensorType(type.Span, $"output {value.Name}", tensor.Element.ToString().ToLowerInvariant(), type.Text));
            columns.Add(column);
        }
        return columns.ToImmutable();
    }

    // FLOAT64, ARRAY<STRING>, VARCHAR[]: only text and the rest are told apart, for numbers convert.
    private static bool SameKind(string type, TensorElement element)
    {
        string word = type.ToUpper(CultureInfo.InvariantCulture);
        bool text = word.Contains("STRING", StringComparison.Ordinal) || word.Contains("CHAR", StringComparison.Ordinal) || word.Contains("TEXT", StringComparison.Ordinal);
        return text == (element == TensorElement.Text);
    }
}
