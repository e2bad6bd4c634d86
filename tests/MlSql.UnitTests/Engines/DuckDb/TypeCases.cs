namespace MlSql.UnitTests.Engines.DuckDb;

/// <summary>Every type that columns and functions have, with values at its edges.</summary>
internal static class TypeCases
{
    public static readonly (string Type, string[] Values)[] All =
    [
        ("BOOLEAN", ["true", "false"]),
        ("TINYINT", ["-128", "127"]),
        ("SMALLINT", ["-32768", "32767"]),
        ("INTEGER", ["-2147483648", "2147483647"]),
        ("BIGINT", ["-9223372036854775808", "9223372036854775807"]),
        ("HUGEINT", ["-170141183460469231731687303715884105728", "170141183460469231731687303715884105727", "-1"]),
        ("UTINYINT", ["0", "255"]),
        ("USMALLINT", ["65535"]),
        ("UINTEGER", ["4294967295"]),
        ("UBIGINT", ["18446744073709551615"]),
        ("UHUGEINT", ["340282366920938463463374607431768211455", "7"]),
        ("FLOAT", ["1.5", "'-inf'", "'nan'"]),
        ("DOUBLE", ["0.1", "'inf'", "'nan'", "-2.5"]),
        ("DECIMAL(4,1)", ["999.9", "-0.1"]),
        ("DECIMAL(9,3)", ["-123456.789"]),
        ("DECIMAL(18,0)", ["999999999999999999"]),
        ("DECIMAL(38,10)", ["-1234567890123456789012345678.0123456789"]),
        ("VARCHAR", ["''", "'short'", "'exactly12byt'", "'thirteen byte'", "'größer als zwölf Bytes 日本'", "repeat('x', 1000000)", "'a' || chr(0) || chr(27) || '[31m' || chr(10)"]),
        ("BLOB", ["'\\x00\\xFF'", "'a long blob with \\x80 in it'", "''"]),
        ("DATE", ["'1970-01-01'", "'0001-01-01'", "'9999-12-31'"]),
        ("TIME", ["'23:59:59.999999'", "'00:00:00'"]),
        ("TIME_NS", ["'12:34:56.123456789'"]),
        ("TIMETZ", ["'12:30:00+02'", "'01:02:03.5-05:30'"]),
        ("TIMESTAMP", ["'1969-12-31 23:59:59.999999'", "'2024-02-29 12:00:00'", "'infinity'"]),
        ("TIMESTAMP_S", ["'2024-02-29 12:00:01'", "'1900-01-01'"]),
        ("TIMESTAMP_MS", ["'2024-02-29 12:00:01.123'"]),
        ("TIMESTAMP_NS", ["'2024-02-29 12:00:01.123456789'", "'1965-01-01 00:00:00.000000001'"]),
        ("TIMESTAMPTZ", ["'2024-02-29 12:00:01.5+00'", "'-infinity'"]),
        ("INTERVAL", ["'1 year 2 months 3 days 04:05:06.7'", "'-3 days'", "'0 days'"]),
        ("UUID", ["'00112233-4455-6677-8899-aabbccddeeff'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'", "'00000000-0000-0000-0000-000000000000'"]),
        ("ENUM('a', 'it''s')", ["'a'", "'it''s'"]),
        ("INTEGER[]", ["[1, NULL, 3]", "[]"]),
        ("VARCHAR[]", ["['x', 'a text of more than twelve bytes', NULL]"]),
        ("INTEGER[][]", ["[[1], NULL, [], [2, 3]]"]),
        ("INTEGER[3]", ["[1, NULL, 3]"]),
        ("VARCHAR[2][]", ["[['a', 'b'], NULL, ['c', NULL]]"]),
        ("STRUCT(a INTEGER, b VARCHAR)", ["{'a': 1, 'b': 'x'}", "{'a': NULL, 'b': NULL}"]),
        ("STRUCT(a STRUCT(b INTEGER[], c DOUBLE))", ["{'a': {'b': [1, 2], 'c': 0.5}}", "{'a': NULL}"]),
        ("STRUCT(label VARCHAR, p DOUBLE)[]", ["[{'label': 'yes', 'p': 0.5}, NULL, {'label': NULL, 'p': 0.25}]", "[]"]),
        ("MAP(VARCHAR, INTEGER)", ["MAP {'k': 1, 'l': NULL}", "MAP {}"]),
        ("MAP(INTEGER, VARCHAR[])", ["MAP {1: ['x', 'y'], 2: NULL}"]),
    ];

    /// <summary>Types that are read as text.</summary>
    public static readonly (string Type, string[] Values)[] Opaque =
    [
        ("BIT", ["'10101'", "'1'"]),
        ("BIGNUM", ["'123456789012345678901234567890123456789012345678901234567890'", "-5"]),
        ("UNION(n INTEGER, s VARCHAR)", ["union_value(n := 5)", "union_value(s := 'text')"]),
        ("VARIANT", ["{'a': [1, 2]}", "7"]),
        ("GEOMETRY", ["'POINT (1 2)'"]),
        ("BIT[]", ["['10', NULL]"]),
        ("STRUCT(u UNION(n INTEGER, s VARCHAR), i INTEGER)", ["{'u': union_value(n := 5), 'i': 1}"]),
    ];

    public static IEnumerable<TestCaseData> Readable => All.Select(c => new TestCaseData(c.Type, Query(c)).SetArgDisplayNames(c.Type));

    public static IEnumerable<TestCaseData> AsText => Opaque.Select(c => new TestCaseData(c.Type, Query(c)).SetArgDisplayNames(c.Type));

    // NULL rows between the values, then all once more, past the 64 rows of one word of the validity mask.
    private static string Query((string Type, string[] Values) c)
    {
        string rows = string.Join(", ", c.Values.Append("NULL").Select((v, i) => $"({i}, CAST({v} AS {c.Type}))"));
        return $"SELECT v FROM (VALUES {rows}) t(i, v), range(30) r(k) ORDER BY k, i";
    }
}
