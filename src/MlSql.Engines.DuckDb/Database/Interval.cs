using System.Runtime.InteropServices;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>A value of an interval column: the three parts are independent of each other.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Interval(int Months, int Days, long Microseconds);
