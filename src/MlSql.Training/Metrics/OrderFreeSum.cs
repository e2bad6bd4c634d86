using System.Numerics;

namespace MlSql.Training.Metrics;

/// <summary>
/// An exact sum of finite doubles, rounded only when it is asked for: the same bits whatever the order in which they come (a long accumulator; Kulisch: Computer Arithmetic and Validity, 2008).
/// Each number is cut at multiples of 32 binary places and added to the digits there.
/// </summary>
internal sealed class OrderFreeSum
{
    private const int DigitBits = 32;

    // Exponents from -1074 on, 53 bits wide: 2,098 places, and room for carries.
    private const int Digits = 68;
    private const int LeastExponent = -1074;

    // A digit gains less than 2^33 an addition and holds 2^63.
    private const int MostPending = 1 << 29;

    private readonly long[] _digits = new long[Digits];
    private int _pending;

    /// <summary>Adds a finite number.</summary>
    public void Add(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        long mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        if (exponent > 0) mantissa |= 1L << 52;
        int place = Math.Max(exponent, 1) - 1, digit = place / DigitBits;
        Int128 shifted = (Int128)mantissa << (place % DigitBits);
        long low = (long)(shifted & 0xFFFF_FFFF), middle = (long)(shifted >> DigitBits & 0xFFFF_FFFF), high = (long)(shifted >> (2 * DigitBits));
        long sign = bits < 0 ? -1 : 1;
        _digits[digit] += sign * low;
        _digits[digit + 1] += sign * middle;
        _digits[digit + 2] += sign * high;
        if (++_pending == MostPending) Carry();
    }

    /// <summary>The sum, cut to 53 bits; infinite beyond the range of doubles.</summary>
    public double Value
    {
        get
        {
            BigInteger sum = BigInteger.Zero;
            for (int i = Digits - 1; i >= 0; i--) sum = (sum << DigitBits) + _digits[i];
            int extra = Math.Max(0, (int)BigInteger.Abs(sum).GetBitLength() - 64);
            return Math.ScaleB((double)(sum.Sign * (BigInteger.Abs(sum) >> extra)), extra + LeastExponent);
        }
    }

    private void Carry()
    {
        for (int i = 0; i < Digits - 1; i++)
        {
            long carry = _digits[i] >> DigitBits;
            _digits[i] -= carry << DigitBits;
            _digits[i + 1] += carry;
        }
        _pending = 0;
    }
}
