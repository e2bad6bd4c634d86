using System.Numerics;
using MlSql.Columnar.Ipc;

namespace MlSql.Columnar.Memory;

/// <summary>The values of fixed width that Arrow lays out otherwise than we do: decimals of at most 18 digits and intervals.</summary>
internal static unsafe class ArrowValues
{
    private const long NanosecondsOfMicrosecond = 1000;
    private const long LargestMicroseconds = long.MaxValue / NanosecondsOfMicrosecond;

    /// <summary>Bytes of a value of a type of fixed width, as a <see cref="ColumnView"/> has it.</summary>
    public static int Width(DataType type) => type switch
    {
        BooleanType => 1,
        IntegerType integer => integer.Bits / 8,
        FloatType real => real.Bits / 8,
        DecimalType { Precision: <= 4 } => 2,
        DecimalType { Precision: <= 9 } => 4,
        DecimalType { Precision: <= 18 } => 8,
        DecimalType or IntervalType or UuidType => 16,
        DateType => 4,
        TimeType or TimestampType or OffsetTimeType => 8,
        EnumType values => values.IndexWidth,
        _ => throw new System.Diagnostics.UnreachableException(type.ToString()),
    };

    /// <summary>Decimals of 128 bits in the width that their precision asks for. Throws MLS6101 for a value that is wider.</summary>
    public static void* Narrow(Int128* values, int rows, ulong* validity, DecimalType type, PinnedArena scratch)
    {
        void* narrow = scratch.Take((long)Width(type) * rows, zeros: false);
        bool fits = Width(type) switch
        {
            2 => Narrow(values, (short*)narrow, rows, validity),
            4 => Narrow(values, (int*)narrow, rows, validity),
            _ => Narrow(values, (long*)narrow, rows, validity),
        };
        return fits ? narrow : throw ArrowErrors.Malformed($"a value of {type} has too many digits");
    }

    /// <summary>Decimals as Arrow has them, in 128 bits.</summary>
    public static void Widen(void* values, int rows, DecimalType type, Int128* into)
    {
        switch (Width(type))
        {
            case 2: Widen((short*)values, rows, into); break;
            case 4: Widen((int*)values, rows, into); break;
            case 8: Widen((long*)values, rows, into); break;
            default: new ReadOnlySpan<Int128>(values, rows).CopyTo(new(into, rows)); break;
        }
    }

    /// <summary>Intervals of any form as ours. Throws MLS6107 for one with a fraction of a microsecond.</summary>
    public static Interval* Intervals(void* values, ArrowForm form, int rows, ulong* validity, PinnedArena scratch)
    {
        var into = (Interval*)scratch.Take(16L * rows, zeros: false);
        bool whole = true;
        for (int row = 0; row < rows; row++)
        {
            switch (form)
            {
                case ArrowForm.Months:
                    into[row] = new(((int*)values)[row], 0, 0);
                    break;
                case ArrowForm.Microseconds:
                    into[row] = new(0, 0, ((long*)values)[row]);
                    break;
                default:
                    // Months, days and then nanoseconds where we have microseconds.
                    var (months, days, nanoseconds) = ((Interval*)values)[row];
                    into[row] = new(months, days, nanoseconds / NanosecondsOfMicrosecond);
                    whole &= nanoseconds % NanosecondsOfMicrosecond == 0 || !IsValid(validity, row);
                    break;
            }
        }
        return whole ? into : throw ArrowErrors.Value("An interval has a fraction of a microsecond");
    }

    /// <summary>Bytes of an interval of the form.</summary>
    public static int Width(ArrowForm form) => form switch { ArrowForm.Months => 4, ArrowForm.Microseconds => 8, _ => 16 };

    /// <summary>Our intervals in the form. Throws MLS6107 for one that it cannot hold.</summary>
    public static void Write(Interval* values, ArrowForm form, int rows, ulong* validity, void* into)
    {
        for (int row = 0; row < rows; row++)
        {
            if (!IsValid(validity, row)) continue;
            var (months, days, microseconds) = values[row];
            switch (form)
            {
                case ArrowForm.Months when days == 0 && microseconds == 0:
                    ((int*)into)[row] = months;
                    break;
                case ArrowForm.Microseconds when months == 0 && days == 0:
                    ((long*)into)[row] = microseconds;
                    break;
                case ArrowForm.Usual when microseconds is >= -LargestMicroseconds and <= LargestMicroseconds:
                    ((Interval*)into)[row] = new(months, days, microseconds * NanosecondsOfMicrosecond);
                    break;
                default:
                    throw ArrowErrors.Value("An interval cannot be written in the form that the column has");
            }
        }
    }

    private static bool IsValid(ulong* validity, int row) => validity == null || (validity[row >> 6] >> (row & 63) & 1) != 0;

    // A value fits when its upper 64 bits and what was cut off are nothing but its sign. Rows are looked at one by one only when some value, perhaps a NULL's, does not.
    private static bool Narrow<T>(Int128* values, T* into, int rows, ulong* validity) where T : unmanaged, IBinaryInteger<T>
    {
        long* halves = (long*)values;
        long lost = 0;
        for (int row = 0; row < rows; row++)
        {
            long low = halves[2 * row];
            into[row] = T.CreateTruncating(low);
            lost |= (halves[2 * row + 1] ^ (low >> 63)) | (long.CreateTruncating(into[row]) ^ low);
        }
        if (lost == 0) return true;
        for (int row = 0; row < rows; row++)
            if (IsValid(validity, row) && Int128.CreateTruncating(into[row]) != values[row]) return false;
        return true;
    }

    private static void Widen<T>(T* values, int rows, Int128* into) where T : unmanaged, IBinaryInteger<T>
    {
        for (int row = 0; row < rows; row++) into[row] = Int128.CreateTruncating(values[row]);
    }
}
