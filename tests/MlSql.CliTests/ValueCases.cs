using System.Text;
using MlSql.Columnar;

namespace MlSql.CliTests;

/// <summary>One value of every type, and how each format prints it.</summary>
internal static class ValueCases
{
    public static IEnumerable<TestCaseData> All()
    {
        yield return Case(Batches.Fixed<byte>(new BooleanType(), 1), "true", "true", "true");
        yield return Case(Batches.Fixed<bool>(new BooleanType(), false), "false", "false", "false");
        yield return Case(Batches.Fixed<sbyte>(new IntegerType(8, true), -128), "-128", "-128", "-128");
        yield return Case(Batches.Fixed<byte>(new IntegerType(8, false), 255), "255", "255", "255");
        yield return Case(Batches.Fixed<short>(new IntegerType(16, true), -32768), "-32768", "-32768", "-32768");
        yield return Case(Batches.Fixed<ushort>(new IntegerType(16, false), 65535), "65535", "65535", "65535");
        yield return Case(Batches.Fixed<int>(new IntegerType(32, true), int.MinValue), "-2147483648", "-2147483648", "-2147483648");
        yield return Case(Batches.Fixed<uint>(new IntegerType(32, false), uint.MaxValue), "4294967295", "4294967295", "4294967295");
        yield return Case(Batches.Fixed<long>(new IntegerType(64, true), long.MinValue), "-9223372036854775808", "-9223372036854775808", "-9223372036854775808");
        yield return Case(Batches.Fixed<ulong>(new IntegerType(64, false), ulong.MaxValue), "18446744073709551615", "18446744073709551615", "18446744073709551615");
        yield return Case(Batches.Fixed<Int128>(new IntegerType(128, true), Int128.MinValue), "-170141183460469231731687303715884105728", "-170141183460469231731687303715884105728", "-170141183460469231731687303715884105728");
        yield return Case(Batches.Fixed<UInt128>(new IntegerType(128, false), UInt128.MaxValue), "340282366920938463463374607431768211455", "340282366920938463463374607431768211455", "340282366920938463463374607431768211455");
        yield return Case(Batches.Fixed<float>(new FloatType(32), 0.1f), "0.1", "0.1", "0.1");
        yield return Case(Batches.Fixed<double>(new FloatType(64), 1.0), "1.0", "1.0", "1.0");
        yield return Case(Batches.Fixed<double>(new FloatType(64), 0.1 + 0.2), "0.3", "0.30000000000000004", "0.30000000000000004");
        yield return Case(Batches.Fixed<double>(new FloatType(64), 1e300), "1e+300", "1e+300", "1e+300");
        yield return Case(Batches.Fixed<double>(new FloatType(64), double.NaN), "nan", "nan", "\"NaN\"");
        yield return Case(Batches.Fixed<double>(new FloatType(64), double.NegativeInfinity), "-inf", "-inf", "\"-Infinity\"");
        yield return Case(Batches.Fixed<short>(new DecimalType(4, 2), -5), "-0.05", "-0.05", "-0.05");
        yield return Case(Batches.Fixed<int>(new DecimalType(9, 3), 12345), "12.345", "12.345", "12.345");
        yield return Case(Batches.Fixed<long>(new DecimalType(18, 0), 7), "7", "7", "7");
        yield return Case(Batches.Fixed<Int128>(new DecimalType(38, 38), 1), "0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001");
        yield return Case(Batches.Text("a,\"b\""), "a,\"b\"", "\"a,\"\"b\"\"\"", "\"a,\\\"b\\\"\"");
        yield return Case(Batches.Text(""), "", "\"\"", "\"\"");
        yield return Case(Batches.Text("\x1b[31m\n"), "\\x1B[31m\\n", "\"\x1b[31m\n\"", "\"\\u001b[31m\\n\"");
        yield return Case(Batches.Text(new BinaryType(), new byte[]?[] { [0, 65, 0xFF] }), "\\x00A\\xFF", "\\x00A\\xFF", "\"AEH/\"");
        yield return Case(Batches.Fixed<int>(new DateType(), 20_410), "2025-11-18", "2025-11-18", "\"2025-11-18\"");
        yield return Case(Batches.Fixed<long>(new TimeType(TimeUnit.Microsecond), 45_296_789_000), "12:34:56.789", "12:34:56.789", "\"12:34:56.789\"");
        yield return Case(Batches.Fixed<long>(new OffsetTimeType(), 3_600_000_000L << 24 | (57_599 - 19_800)), "01:00:00+05:30", "01:00:00+05:30", "\"01:00:00+05:30\"");
        yield return Case(Batches.Fixed<long>(new TimestampType(TimeUnit.Microsecond, false), -1), "1969-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999", "\"1969-12-31T23:59:59.999999\"");
        yield return Case(Batches.Fixed<long>(new TimestampType(TimeUnit.Nanosecond, false), 1), "1970-01-01 00:00:00.000000001", "1970-01-01 00:00:00.000000001", "\"1970-01-01T00:00:00.000000001\"");
        yield return Case(Batches.Fixed<long>(new TimestampType(TimeUnit.Second, false), 60), "1970-01-01 00:01:00", "1970-01-01 00:01:00", "\"1970-01-01T00:01:00\"");
        yield return Case(Batches.Fixed<long>(new TimestampType(TimeUnit.Microsecond, true), 0), "1970-01-01 00:00:00+00", "1970-01-01 00:00:00+00", "\"1970-01-01T00:00:00Z\"");
        yield return Case(Batches.Fixed<Interval>(new IntervalType(), new Interval(14, -1, 90_000_000)), "1 year 2 months -1 day 00:01:30", "1 year 2 months -1 day 00:01:30", "\"1 year 2 months -1 day 00:01:30\"");
        yield return Case(Batches.Fixed<Int128>(new UuidType(), new Int128(0x0011_2233_4455_6677, 0x8899_AABB_CCDD_EEFF) ^ Int128.MinValue), "00112233-4455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff", "\"00112233-4455-6677-8899-aabbccddeeff\"");
        yield return Case(Batches.Fixed<byte>(new EnumType(["no", "yes"]), 1), "yes", "yes", "\"yes\"");
        yield return Case(Batches.Text(new OpaqueType("GEOMETRY"), new byte[]?[] { [.. "POINT (1 2)"u8] }), "POINT (1 2)", "POINT (1 2)", "\"POINT (1 2)\"");
        yield return Case(Batches.Fixed<byte>(new NullType(), [null]), "NULL", "", "null");
        yield return Case(Batches.Fixed<int>(new IntegerType(32, true), [null]), "NULL", "", "null");
        yield return Case(Batches.Lists(new ListType(new IntegerType(32, true)), Batches.Fixed<int>(new IntegerType(32, true), 1, null, 3), 3), "[1, NULL, 3]", "\"[1,null,3]\"", "[1,null,3]");
        yield return Case(Batches.Lists(new ArrayType(new FloatType(64), 2), Batches.Fixed<double>(new FloatType(64), 0.5, 2), 2), "[0.5, 2.0]", "\"[0.5,2.0]\"", "[0.5,2.0]");
        yield return Case(Batches.Struct([true], ("a b", Batches.Fixed<int>(new IntegerType(32, true), 1)), ("t", Batches.Text("x\"y"))), "{'a b': 1, 't': x\"y}", "\"{\"\"a b\"\":1,\"\"t\"\":\"\"x\\\"\"y\"\"}\"", "{\"a b\":1,\"t\":\"x\\\"y\"}");
        StructColumn pairs = Batches.Struct([true, true], ("key", Batches.Fixed<int>(new IntegerType(32, true), 1, 2)), ("value", Batches.Text("one", null)));
        yield return Case(Batches.Lists(new MapType(new IntegerType(32, true), new StringType()), pairs, 2), "{1=one, 2=NULL}", "\"{\"\"1\"\":\"\"one\"\",\"\"2\"\":null}\"", "{\"1\":\"one\",\"2\":null}");
    }

    private static TestCaseData Case(Column column, string box, string csv, string json) =>
        new TestCaseData(column, box, csv, json).SetArgDisplayNames(column.Type.ToString(), JsonName(json));

    private static string JsonName(string json) => new StringBuilder(json).Replace('"', '\'').Replace('.', ',').ToString();
}
