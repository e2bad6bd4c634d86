using MlSql.Columnar;

namespace MlSql.Scoring.Outputs;

/// <summary>The types that values have in engines without unsigned numbers.</summary>
public static class SignedTypes
{
    /// <summary>The type whose every unsigned number, however deep, is the next wider signed one; 64 bits become DECIMAL(20,0).</summary>
    public static DataType Of(DataType type) => type switch
    {
        IntegerType { Signed: false, Bits: 64 } => new DecimalType(20, 0),
        IntegerType { Signed: false, Bits: < 64 } i => new IntegerType(2 * i.Bits, true),
        ListType l => new ListType(Of(l.Element)),
        ArrayType a => new ArrayType(Of(a.Element), a.Length),
        MapType m => new MapType(Of(m.Key), Of(m.Value)),
        StructType s => new StructType([.. s.Fields.Select(f => f with { Type = Of(f.Type) })]),
        _ => type,
    };
}
