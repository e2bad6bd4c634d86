using System.Globalization;

namespace MlSql.Rows;

/// <summary>Predicted numbers as other types of numbers.</summary>
internal static class PredictedValue
{
    /// <summary>The same number in another type; null where that does not hold it, or what is not a number is asked for.</summary>
    public static object? Convert(object? value, Type wanted)
    {
        var type = Nullable.GetUnderlyingType(wanted) ?? wanted;
        if (value is null || !IsNumber(value.GetType()) || !IsNumber(type)) return null;
        try
        {
            object converted = System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
            return System.Convert.ChangeType(converted, value.GetType(), CultureInfo.InvariantCulture).Equals(value) ? converted : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static bool IsNumber(Type type) => !type.IsEnum && System.Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
