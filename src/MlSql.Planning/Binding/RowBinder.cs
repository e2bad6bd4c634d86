using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Language;
using MlSql.Models;

namespace MlSql.Planning.Binding;

/// <summary>Binds features to the columns of rows that no statement gives: the rules and the errors of USING *, without a place.</summary>
internal static class RowBinder
{
    public static RowBinding Bind(ModelVersion model, IReadOnlyList<Field> columns)
    {
        var lookup = new ColumnLookup(columns);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var bound = ImmutableArray.CreateBuilder<int>();
        foreach (var feature in model.Model.Signature.Features)
        {
            if (lookup.IsAmbiguous(feature.Name)) diagnostics.Add(BindErrors.AmbiguousColumn(default, feature.Name));
            else if (lookup.Find(feature.Name) is not { } column) diagnostics.Add(BindErrors.MissingFeature(default, model.Name, feature.Name, lookup.Names));
            else if (Check(feature, column.Type) is { } wrong) diagnostics.Add(wrong);
            else bound.Add(IndexOf(columns, column));
        }
        return new RowBinding(diagnostics.Count == 0 ? bound.ToImmutable() : [], diagnostics.ToImmutable());
    }

    public static Diagnostic? Check(Feature feature, DataType type) => FeatureTypes.Accepts(feature.Type, type) ? null : BindErrors.FeatureType(default, feature, type);

    private static int IndexOf(IReadOnlyList<Field> columns, Field column)
    {
        for (int i = 0; i < columns.Count; i++)
            if (ReferenceEquals(columns[i], column)) return i;
        throw new System.Diagnostics.UnreachableException(column.Name);
    }
}
