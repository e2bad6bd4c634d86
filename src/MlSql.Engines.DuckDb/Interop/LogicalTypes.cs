using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>Turns logical types of the library into <see cref="DataType"/> and back.</summary>
internal static unsafe class LogicalTypes
{
    /// <summary>Reads a logical type and destroys it.</summary>
    public static DataType Take(nint type)
    {
        try
        {
            return Read(type);
        }
        finally
        {
            NativeMethods.duckdb_destroy_logical_type(ref type);
        }
    }

    private static DataType Read(nint type)
    {
        NativeTypeId id = NativeMethods.duckdb_get_type_id(type);
        return id switch
        {
            NativeTypeId.Boolean => new BooleanType(),
            NativeTypeId.TinyInt => new IntegerType(8, true),
            NativeTypeId.SmallInt => new IntegerType(16, true),
            NativeTypeId.Integer => new IntegerType(32, true),
            NativeTypeId.BigInt => new IntegerType(64, true),
            NativeTypeId.HugeInt => new IntegerType(128, true),
            NativeTypeId.UTinyInt => new IntegerType(8, false),
            NativeTypeId.USmallInt => new IntegerType(16, false),
            NativeTypeId.UInteger => new IntegerType(32, false),
            NativeTypeId.UBigInt => new IntegerType(64, false),
            NativeTypeId.UHugeInt => new IntegerType(128, false),
            NativeTypeId.Float => new FloatType(32),
            NativeTypeId.Double => new FloatType(64),
            NativeTypeId.Decimal => new DecimalType(NativeMethods.duckdb_decimal_width(type), NativeMethods.duckdb_decimal_scale(type)),
            NativeTypeId.Date => new DateType(),
            NativeTypeId.Time => new TimeType(TimeUnit.Microsecond),
            NativeTypeId.TimeNs => new TimeType(TimeUnit.Nanosecond),
            NativeTypeId.TimeTz => new OffsetTimeType(),
            NativeTypeId.Timestamp => new TimestampType(TimeUnit.Microsecond, false),
            NativeTypeId.TimestampTz => new TimestampType(TimeUnit.Microsecond, true),
            NativeTypeId.TimestampS => new TimestampType(TimeUnit.Second, false),
            NativeTypeId.TimestampMs => new TimestampType(TimeUnit.Millisecond, false),
            NativeTypeId.TimestampNs => new TimestampType(TimeUnit.Nanosecond, false),
            NativeTypeId.Interval => new IntervalType(),
            NativeTypeId.Uuid => new UuidType(),
            NativeTypeId.Varchar or NativeTypeId.StringLiteral => new StringType(),
            NativeTypeId.Blob => new BinaryType(),
            NativeTypeId.SqlNull => new NullType(),
            NativeTypeId.Enum => ReadEnum(type),
            NativeTypeId.List => new ListType(Take(NativeMethods.duckdb_list_type_child_type(type))),
            NativeTypeId.Array => new ArrayType(Take(NativeMethods.duckdb_array_type_child_type(type)), checked((int)NativeMethods.duckdb_array_type_array_size(type))),
            NativeTypeId.Map => new MapType(Take(NativeMethods.duckdb_map_type_key_type(type)), Take(NativeMethods.duckdb_map_type_value_type(type))),
            NativeTypeId.Struct => ReadStruct(type),
            NativeTypeId.Union => new OpaqueType(UnionName(type)),
            _ => new OpaqueType(NativeText.Owned(NativeMethods.duckdb_logical_type_get_alias(type)) ?? NameOf(id)),
        };
    }

    /// <summary>Makes a logical type, which the caller destroys. <see cref="OpaqueType"/> becomes text.</summary>
    public static nint Create(DataType type) => type switch
    {
        DecimalType d => NativeMethods.duckdb_create_decimal_type((byte)d.Precision, (byte)d.Scale),
        EnumType e => CreateEnum(e),
        ListType l => CreateOf(l.Element, static element => NativeMethods.duckdb_create_list_type(element)),
        ArrayType a => CreateOf(a.Element, element => NativeMethods.duckdb_create_array_type(element, (ulong)a.Length)),
        MapType m => CreateOf(m.Key, key => CreateOf(m.Value, value => NativeMethods.duckdb_create_map_type(key, value))),
        StructType s => CreateStruct(s),
        _ => NativeMethods.duckdb_create_logical_type(IdOf(type)),
    };

    /// <summary>Makes the type that stands for any.</summary>
    public static nint CreateAny() => NativeMethods.duckdb_create_logical_type(NativeTypeId.Any);

    private static NativeTypeId IdOf(DataType type) => type switch
    {
        NullType => NativeTypeId.SqlNull,
        BooleanType => NativeTypeId.Boolean,
        IntegerType { Signed: true } i => i.Bits switch { 8 => NativeTypeId.TinyInt, 16 => NativeTypeId.SmallInt, 32 => NativeTypeId.Integer, 64 => NativeTypeId.BigInt, _ => NativeTypeId.HugeInt },
        IntegerType i => i.Bits switch { 8 => NativeTypeId.UTinyInt, 16 => NativeTypeId.USmallInt, 32 => NativeTypeId.UInteger, 64 => NativeTypeId.UBigInt, _ => NativeTypeId.UHugeInt },
        FloatType f => f.Bits == 32 ? NativeTypeId.Float : NativeTypeId.Double,
        StringType or OpaqueType => NativeTypeId.Varchar,
        BinaryType => NativeTypeId.Blob,
        DateType => NativeTypeId.Date,
        TimeType { Unit: TimeUnit.Nanosecond } => NativeTypeId.TimeNs,
        TimeType => NativeTypeId.Time,
        OffsetTimeType => NativeTypeId.TimeTz,
        TimestampType { Zoned: true } => NativeTypeId.TimestampTz,
        TimestampType t => t.Unit switch { TimeUnit.Second => NativeTypeId.TimestampS, TimeUnit.Millisecond => NativeTypeId.TimestampMs, TimeUnit.Nanosecond => NativeTypeId.TimestampNs, _ => NativeTypeId.Timestamp },
        IntervalType => NativeTypeId.Interval,
        UuidType => NativeTypeId.Uuid,
        _ => throw new System.Diagnostics.UnreachableException(type.GetType().Name),
    };

    private static EnumType ReadEnum(nint type)
    {
        var values = new string[NativeMethods.duckdb_enum_dictionary_size(type)];
        for (int i = 0; i < values.Length; i++) values[i] = NativeText.Owned(NativeMethods.duckdb_enum_dictionary_value(type, (ulong)i)) ?? "";
        return new EnumType(ImmutableArray.Create(values));
    }

    private static StructType ReadStruct(nint type)
    {
        var fields = new Field[NativeMethods.duckdb_struct_type_child_count(type)];
        for (int i = 0; i < fields.Length; i++)
            fields[i] = new Field(NativeText.Owned(NativeMethods.duckdb_struct_type_child_name(type, (ulong)i)) ?? "", Take(NativeMethods.duckdb_struct_type_child_type(type, (ulong)i)));
        return new StructType(ImmutableArray.Create(fields));
    }

    private static string UnionName(nint type)
    {
        var members = new string[NativeMethods.duckdb_union_type_member_count(type)];
        for (int i = 0; i < members.Length; i++)
            members[i] = $"{NativeText.Owned(NativeMethods.duckdb_union_type_member_name(type, (ulong)i))} {Take(NativeMethods.duckdb_union_type_member_type(type, (ulong)i))}";
        return $"UNION({string.Join(", ", members)})";
    }

    private static string NameOf(NativeTypeId id) =>
        Enum.IsDefined(id) ? id.ToString().ToUpperInvariant() : "TYPE " + ((int)id).ToString(CultureInfo.InvariantCulture);

    private static nint CreateOf(DataType part, Func<nint, nint> create)
    {
        nint native = Create(part);
        try
        {
            return create(native);
        }
        finally
        {
            NativeMethods.duckdb_destroy_logical_type(ref native);
        }
    }

    private static nint CreateEnum(EnumType type) => WithNames([.. type.Values], (names, count) => NativeMethods.duckdb_create_enum_type((byte**)names, (ulong)count));

    private static nint CreateStruct(StructType type)
    {
        var fields = new nint[type.Fields.Length];
        try
        {
            for (int i = 0; i < fields.Length; i++) fields[i] = Create(type.Fields[i].Type);
            return WithNames([.. type.Fields.Select(f => f.Name)], (names, count) =>
            {
                fixed (nint* types = fields) return NativeMethods.duckdb_create_struct_type(types, (byte**)names, (ulong)count);
            });
        }
        finally
        {
            for (int i = 0; i < fields.Length; i++) NativeMethods.duckdb_destroy_logical_type(ref fields[i]);
        }
    }

    private static nint WithNames(string[] names, Func<nint, int, nint> create)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(names.Select(n => n + "\0")));
        var pointers = new nint[names.Length];
        fixed (byte* start = bytes)
        fixed (nint* texts = pointers)
        {
            byte* next = start;
            for (int i = 0; i < names.Length; i++)
            {
                texts[i] = (nint)next;
                next += Encoding.UTF8.GetByteCount(names[i]) + 1;
            }
            return create((nint)texts, names.Length);
        }
    }
}
