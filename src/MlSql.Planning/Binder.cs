using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Models;
using MlSql.Planning.Binding;
using MlSql.Planning.Plans;

namespace MlSql.Planning;

/// <summary>Resolves the names of a statement: models to versions, features to columns, options to values. Pure: asks the catalog only.</summary>
public static class Binder
{
    /// <summary>Binds a parsed statement. User faults are diagnostics, all of them gathered; nothing is thrown for them.</summary>
    public static BindResult Bind(ParseResult parsed, ICatalog catalog)
    {
        var statement = parsed.Statement ?? throw new ArgumentException("The statement did not parse.", nameof(parsed));
        var context = new BindContext(parsed.Source, catalog);
        var bound = new StatementBinder(context).Bind(statement);
        return new BindResult(context.HasErrors ? null : bound, [.. context.Diagnostics]);
    }

    /// <summary>Finds the version that a reference means.</summary>
    public static ReferenceBinding Bind(ReferenceResult parsed, ICatalog catalog)
    {
        var reference = parsed.Reference ?? throw new ArgumentException("The reference did not parse.", nameof(parsed));
        var context = new BindContext(parsed.Source, catalog);
        var version = context.Resolve(reference);
        return new ReferenceBinding(version, context.Diagnostics);
    }

    /// <summary>Finds the column of each feature as USING * does: by name, exactly first, then by case, and the types must fit. The type of a bare NULL fits everything.</summary>
    public static RowBinding BindRow(ModelVersion model, IReadOnlyList<Field> columns) => RowBinder.Bind(model, columns);

    /// <summary>The index of a class among those of the model by its text, numbers by their value; or why there is none.</summary>
    public static (int Index, Diagnostic? Error) ClassIndex(ModelVersion model, string text)
    {
        if (model.Model.Signature.Classes is not { } classes) return (-1, BindErrors.NotAClassifier(default, model.Name, "The probability of a class"));
        int index = PredictionBinder.ClassIndex(classes, text);
        return (index, index < 0 ? BindErrors.NotAClass(default, model.Name, text, classes.Values) : null);
    }

    /// <summary>Why a column of this type cannot stand for a feature, or null.</summary>
    public static Diagnostic? CheckType(Feature feature, DataType type) => RowBinder.Check(feature, type);
}

/// <summary>The version that a reference means, or why there is none.</summary>
public sealed record ReferenceBinding(ModelVersion? Version, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>The index of each feature's column, or why some have none.</summary>
public sealed record RowBinding(ImmutableArray<int> Columns, ImmutableArray<Diagnostic> Diagnostics);
