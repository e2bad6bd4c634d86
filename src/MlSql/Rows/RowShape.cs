using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Planning;
using Binder = MlSql.Planning.Binder;

namespace MlSql.Rows;

/// <summary>How rows of one type are read for one model, and the memory for it. Made once a type. Safe for any number of threads at once.</summary>
internal sealed class RowShape
{
    private readonly ImmutableArray<Feature> _features;
    private readonly DataType?[] _types;
    private readonly Action<object, RowContext> _fill;
    private readonly ConcurrentBag<RowContext> _more = [];
    private RowContext? _free;

    private RowShape(ModelVersion model, Type type, DataType?[] types, Action<object, RowContext> fill) =>
        (_features, Type, _types, _fill) = (model.Model.Signature.Features, type, types, fill);

    /// <summary>The type of the rows.</summary>
    public Type Type { get; }

    /// <summary>The shape of a type's public properties. Throws <see cref="MlSqlException"/> MLS2006, MLS2009 or MLS2107.</summary>
    public static RowShape Of(ModelVersion model, Type type)
    {
        var properties = ClrTypes.PropertiesOf(type);
        var features = model.Model.Signature.Features;
        // A type that no feature of this name takes is told by its own name.
        var fields = properties.Select(p => new Field(p.Name, TypeOf(p, features))).ToList();
        var bound = Binder.BindRow(model, fields);
        if (bound.Diagnostics.Length > 0) throw RowErrors.Of(bound.Diagnostics);
        ParameterExpression row = Expression.Parameter(typeof(object)), context = Expression.Parameter(typeof(RowContext)), typed = Expression.Variable(type);
        List<Expression> body = [Expression.Assign(typed, type.IsValueType ? Expression.Unbox(row, type) : Expression.Convert(row, type))];
        var columns = Expression.Variable(typeof(RowColumn[]));
        body.Add(Expression.Assign(columns, Expression.Property(context, nameof(RowContext.Columns))));
        var types = new DataType?[features.Length];
        for (int i = 0; i < features.Length; i++)
        {
            var property = properties[bound.Columns[i]];
            var value = Expression.Property(typed, property);
            if (property.PropertyType == typeof(object))
            {
                body.Add(Expression.Call(context, typeof(RowContext).GetMethod(nameof(RowContext.SetAny))!, Expression.Constant(i), value));
                continue;
            }
            types[i] = fields[bound.Columns[i]].Type;
            body.Add(ValueWriters.Write(Expression.ArrayIndex(columns, Expression.Constant(i)), Expression.Constant(0), value, types[i]!));
        }
        var fill = Expression.Lambda<Action<object, RowContext>>(Expression.Block(typeof(void), [typed, columns], body), row, context).Compile();
        return new RowShape(model, type, types, fill);
    }

    /// <summary>The shape of values by name.</summary>
    public static RowShape OfNames(ModelVersion model)
    {
        var features = model.Model.Signature.Features;
        return new RowShape(model, typeof(IReadOnlyDictionary<string, object?>), new DataType?[features.Length], (row, context) => Fill(model, (IReadOnlyDictionary<string, object?>)row, context));
    }

    /// <summary>Memory for a row.</summary>
    public RowContext Rent() => Interlocked.Exchange(ref _free, null) ?? (_more.TryTake(out var context) ? context : Make());

    /// <summary>Gives the memory back.</summary>
    public void Return(RowContext context)
    {
        if (Interlocked.CompareExchange(ref _free, context, null) is not null) _more.Add(context);
    }

    /// <summary>Reads a row. Throws <see cref="MlSqlException"/>.</summary>
    public void Fill(RowContext context, object row) => _fill(row, context);

    private RowContext Make() => new(
        [.. _types.Select((type, i) => type is null ? null : ClrTypes.Column(_features[i].Type, type))],
        [.. _types.Select((type, i) => type is null ? new AnyColumn(_features[i]) : null)]);

    private static DataType TypeOf(PropertyInfo property, ImmutableArray<Feature> features)
    {
        if (property.PropertyType == typeof(object)) return new NullType();
        var feature = features.FirstOrDefault(f => f.Name == property.Name) ?? features.FirstOrDefault(f => string.Equals(f.Name, property.Name, StringComparison.OrdinalIgnoreCase));
        return feature is null ? new OpaqueType(property.PropertyType.Name) : ClrTypes.Of(property.PropertyType, feature.Type);
    }

    // By name as properties are: exactly, else by case.
    private static void Fill(ModelVersion model, IReadOnlyDictionary<string, object?> row, RowContext context)
    {
        var features = model.Model.Signature.Features;
        for (int i = 0; i < features.Length; i++)
        {
            if (!row.TryGetValue(features[i].Name, out object? value))
            {
                var bound = Binder.BindRow(model, [.. row.Keys.Select(name => new Field(name, new NullType()))]);
                if (bound.Diagnostics.Length > 0) throw RowErrors.Of(bound.Diagnostics);
                value = row.ElementAt(bound.Columns[i]).Value;
            }
            context.SetAny(i, value);
        }
    }
}
