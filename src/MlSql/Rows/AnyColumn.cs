using System.Linq.Expressions;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Planning;

namespace MlSql.Rows;

/// <summary>A feature whose values may have any type: a column for each type that came. For one thread at a time.</summary>
internal sealed class AnyColumn(Feature feature)
{
    // A view does not keep its memory alive.
    private static readonly RowColumn Null = new(new NullType());

    private readonly Dictionary<Type, (RowColumn Column, Action<object, RowColumn>? Write)> _known = [];

    private readonly AnyColumn[] _fields = feature.Type is StructFeature fields ? [.. fields.Fields.Select(f => new AnyColumn(f))] : [];

    /// <summary>Takes a value and gives the column that holds it. Throws <see cref="MlSqlException"/> MLS2107.</summary>
    public ColumnView Set(object? value)
    {
        if (value is null) return Null.View;
        if (feature.Type is StructFeature fields && value is IReadOnlyDictionary<string, object?> named) return Struct(fields, named);
        if (!_known.TryGetValue(value.GetType(), out var known)) _known.Add(value.GetType(), known = Make(value.GetType()));
        if (known.Write is { } write) write(value, known.Column);
        else ValueWriters.WritePlain(known.Column, value);
        return known.Column.View;
    }

    private ColumnView Struct(StructFeature type, IReadOnlyDictionary<string, object?> values)
    {
        List<Field> found = [];
        List<ColumnView> views = [];
        foreach (var (i, field) in type.Fields.Index())
        {
            if (values.Keys.FirstOrDefault(k => k == field.Name) is not { } key && (key = values.Keys.FirstOrDefault(k => string.Equals(k, field.Name, StringComparison.OrdinalIgnoreCase))) is null) continue;
            views.Add(_fields[i].Set(values[key]));
            found.Add(new Field(key, views[^1].Type));
        }
        StructType given = new([.. found]);
        return Binder.CheckType(feature, given) is { } wrong ? throw RowErrors.Of([wrong]) : RowColumn.Struct(given, [.. views]);
    }

    private (RowColumn Column, Action<object, RowColumn>? Write) Make(Type type)
    {
        var dataType = ClrTypes.Of(type, feature.Type);
        if (Binder.CheckType(feature, dataType) is { } wrong) throw RowErrors.Of([wrong]);
        if (dataType is not (ListType or StructType)) return (ClrTypes.Column(feature.Type, dataType), null);
        ParameterExpression value = Expression.Parameter(typeof(object)), column = Expression.Parameter(typeof(RowColumn));
        var write = ValueWriters.Write(column, Expression.Constant(0), Expression.Convert(value, type), dataType);
        return (ClrTypes.Column(feature.Type, dataType), Expression.Lambda<Action<object, RowColumn>>(write, value, column).Compile());
    }
}
