using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using MlSql.Columnar;
using MlSql.Columnar.Memory;

namespace MlSql.Rows;

/// <summary>Writes values of .NET to columns of a row. <see cref="Write"/> builds the call for a type once; nothing is boxed when it runs.</summary>
internal static class ValueWriters
{
    private static readonly int EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The expression that writes a value of a type that fits the column's; null becomes NULL.</summary>
    public static Expression Write(Expression column, Expression at, Expression value, DataType type)
    {
        if (Nullable.GetUnderlyingType(value.Type) is not null) return WhereThere(column, at, value, v => Expression.Property(v, nameof(Nullable<>.HasValue)), v => Write(column, at, Expression.Property(v, nameof(Nullable<>.Value)), type));
        switch (type)
        {
            case StringType:
                return Call(nameof(SetText), column, at, value);
            case DateType:
                return Call(nameof(SetDate), column, at, value);
            case TimestampType { Zoned: true }:
                return Call(nameof(SetInstant), column, at, value);
            case TimestampType:
                return Call(nameof(SetLocalTime), column, at, value);
            case ListType list:
                return WriteList(column, value, list);
            case StructType fields:
                return value.Type.IsValueType ? WriteFields(column, value, fields) : WhereThere(column, at, value, v => Expression.ReferenceNotEqual(v, Expression.Constant(null)), v => WriteFields(column, v, fields));
            default:
                if (value.Type == typeof(decimal)) value = Expression.Convert(value, typeof(double));
                return Expression.Call(column, Method(typeof(RowColumn), nameof(RowColumn.Set)).MakeGenericMethod(value.Type), at, value);
        }
    }

    /// <summary>Writes a value of a plain type to a column of its own.</summary>
    public static void WritePlain(RowColumn column, object value)
    {
        switch (value)
        {
            case bool v: column.Set(0, v); break;
            case sbyte v: column.Set(0, v); break;
            case byte v: column.Set(0, v); break;
            case short v: column.Set(0, v); break;
            case ushort v: column.Set(0, v); break;
            case int v: column.Set(0, v); break;
            case uint v: column.Set(0, v); break;
            case long v: column.Set(0, v); break;
            case ulong v: column.Set(0, v); break;
            case Int128 v: column.Set(0, v); break;
            case UInt128 v: column.Set(0, v); break;
            case float v: column.Set(0, v); break;
            case double v: column.Set(0, v); break;
            case decimal v: column.Set(0, (double)v); break;
            case string v: SetText(column, 0, v); break;
            case DateOnly v: SetDate(column, 0, v); break;
            case DateTime v: SetLocalTime(column, 0, v); break;
            case DateTimeOffset v: SetInstant(column, 0, v); break;
            default: throw new UnreachableException(value.GetType().Name);
        }
    }

    // The value is read once: a property may compute it.
    private static BlockExpression WhereThere(Expression column, Expression at, Expression value, Func<Expression, Expression> isThere, Func<Expression, Expression> write)
    {
        var read = Expression.Variable(value.Type);
        return Expression.Block(typeof(void), [read], Expression.Assign(read, value), Expression.IfThenElse(isThere(read), write(read), Expression.Call(column, Method(typeof(RowColumn), nameof(RowColumn.SetNull)), at)));
    }

    private static BlockExpression WriteFields(Expression column, Expression value, StructType type)
    {
        var properties = ClrTypes.PropertiesOf(value.Type);
        var field = Method(typeof(RowColumn), nameof(RowColumn.Field));
        return Expression.Block(typeof(void), type.Fields.Select((f, i) =>
            Write(Expression.Call(column, field, Expression.Constant(i)), Expression.Constant(0), Expression.Property(value, ClrTypes.Find(properties, f.Name)!), f.Type)));
    }

    private static MethodCallExpression WriteList(Expression column, Expression value, ListType type)
    {
        var element = ClrTypes.ElementOf(value.Type)!;
        ParameterExpression elements = Expression.Parameter(typeof(RowColumn)), at = Expression.Parameter(typeof(int)), one = Expression.Parameter(element);
        var write = Expression.Lambda(typeof(Action<,,>).MakeGenericType(typeof(RowColumn), typeof(int), element), Write(elements, at, one, type.Element), elements, at, one);
        return Expression.Call(Method(typeof(ValueWriters), nameof(SetList)).MakeGenericMethod(element), column, Expression.Convert(value, typeof(IReadOnlyList<>).MakeGenericType(element)), Expression.Constant(write.Compile()));
    }

    private static void SetList<T>(RowColumn column, IReadOnlyList<T>? list, Action<RowColumn, int, T> write)
    {
        if (list is null)
        {
            column.SetNull(0);
            return;
        }
        int count = list.Count;
        if (column.SetList(count) is not { } elements) return;
        for (int i = 0; i < count; i++) write(elements, i, list[i]);
    }

    private static void SetText(RowColumn column, int at, string? value)
    {
        if (value is null) column.SetNull(at);
        else column.SetText(at, value);
    }

    private static void SetDate(RowColumn column, int at, DateOnly value) => column.Set(at, value.DayNumber - EpochDay);

    private static void SetLocalTime(RowColumn column, int at, DateTime value) => column.Set(at, Microseconds(value.Ticks));

    private static void SetInstant(RowColumn column, int at, DateTimeOffset value) => column.Set(at, Microseconds(value.UtcTicks));

    // Towards the past, as for times that have more places in SQL.
    private static long Microseconds(long ticks)
    {
        long since = ticks - DateTime.UnixEpoch.Ticks;
        return since / TimeSpan.TicksPerMicrosecond - (since % TimeSpan.TicksPerMicrosecond < 0 ? 1 : 0);
    }

    private static MethodCallExpression Call(string method, params Expression[] arguments) => Expression.Call(Method(typeof(ValueWriters), method), arguments);

    private static MethodInfo Method(Type type, string name) => type.GetMethod(name, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)!;
}
