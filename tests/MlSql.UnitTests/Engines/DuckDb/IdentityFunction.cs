using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Engines.DuckDb.Functions;
using MlSql.Engines.DuckDb.Interop;

namespace MlSql.UnitTests.Engines.DuckDb;

/// <summary>Gives back its argument, of any type, at every depth.</summary>
internal sealed class IdentityFunction : IScalarFunction
{
    public void Invoke(ReadOnlySpan<ColumnView> arguments, int rows, OutputVector output) => Copy(arguments[0], [.. Enumerable.Range(0, rows)], output);

    private static void Copy(ColumnView from, int[] rows, OutputVector to)
    {
        switch (from.Type)
        {
            case StringType or BinaryType:
                for (int i = 0; i < rows.Length; i++)
                    if (from.IsValid(rows[i])) to.SetText(i, from.Text(rows[i]));
                break;
            case ListType or MapType:
                int[][] lists = [.. rows.Select(row => from.IsValid(row) ? Range(from.List(row)) : [])];
                Copy(from.Children[0], [.. lists.SelectMany(l => l)], to.SetLists([.. lists.Select(l => l.Length)]));
                break;
            case ArrayType:
                Copy(from.Children[0], [.. rows.SelectMany(row => Range(from.List(row)))], to.Elements());
                break;
            case StructType:
                for (int f = 0; f < from.Children.Length; f++) Copy(from.Children[f], rows, to.Field(f));
                break;
            case BooleanType or IntegerType { Bits: 8 } or EnumType { IndexWidth: 1 }:
                Fixed<byte>(from, rows, to);
                break;
            case IntegerType { Bits: 16 } or DecimalType { Precision: <= 4 }:
                Fixed<short>(from, rows, to);
                break;
            case IntegerType { Bits: 32 } or FloatType { Bits: 32 } or DateType or DecimalType { Precision: <= 9 }:
                Fixed<int>(from, rows, to);
                break;
            case IntegerType { Bits: 128 } or DecimalType { Precision: > 18 } or UuidType or IntervalType:
                Fixed<Int128>(from, rows, to);
                break;
            default:
                Fixed<long>(from, rows, to);
                break;
        }
        for (int i = 0; i < rows.Length; i++)
            if (!from.IsValid(rows[i])) to.SetNull(i);
    }

    private static int[] Range((int Start, int Length) list) => [.. Enumerable.Range(list.Start, list.Length)];

    private static void Fixed<T>(ColumnView from, int[] rows, OutputVector to) where T : unmanaged
    {
        for (int i = 0; i < rows.Length; i++) to.Values<T>()[i] = from.Values<T>()[rows[i]];
    }
}
