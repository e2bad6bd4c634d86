using System.Runtime.InteropServices;

namespace MlSql.Columnar;

/// <summary>A value of an <see cref="IntervalType"/> column, 16 bytes: three parts that are independent of each other.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Interval(int Months, int Days, long Microseconds);
