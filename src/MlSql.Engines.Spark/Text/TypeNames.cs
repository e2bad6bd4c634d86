using System.Collections.Frozen;
using System.Text;
using MlSql.Language.Tokens;

namespace MlSql.Engines.Spark.Text;

/// <summary>Types that Spark refuses under the name that other engines know, said in Spark's words. A type that Spark knows stays as written.</summary>
internal static class TypeNames
{
    private const int DeepestNesting = 64;

    private static readonly FrozenDictionary<string, string> s_spark = new Dictionary<string, string>
    {
        ["VARCHAR"] = "STRING",
        ["CHAR"] = "STRING",
        ["CHARACTER"] = "STRING",
        ["BPCHAR"] = "STRING",
        ["NVARCHAR"] = "STRING",
        ["TEXT"] = "STRING",
        ["BLOB"] = "BINARY",
        ["BYTEA"] = "BINARY",
        ["VARBINARY"] = "BINARY",
        ["BOOL"] = "BOOLEAN",
        ["LOGICAL"] = "BOOLEAN",
        ["INT1"] = "TINYINT",
        ["INT2"] = "SMALLINT",
        ["INT4"] = "INT",
        ["SIGNED"] = "INT",
        ["INT8"] = "BIGINT",
        ["HUGEINT"] = "DECIMAL(38, 0)",
        ["UHUGEINT"] = "DECIMAL(38, 0)",
        ["UTINYINT"] = "SMALLINT",
        ["USMALLINT"] = "INT",
        ["UINTEGER"] = "BIGINT",
        ["UBIGINT"] = "DECIMAL(20, 0)",
        ["FLOAT4"] = "FLOAT",
        ["FLOAT8"] = "DOUBLE",
        ["DATETIME"] = "TIMESTAMP",
        ["TIMESTAMPTZ"] = "TIMESTAMP_LTZ",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the type at <paramref name="i"/>, which moves behind it; the type in Spark's words, or null where it stays as written.</summary>
    public static string? Read(SqlTokens tokens, ref int i)
    {
        int start = i;
        var spark = new StringBuilder();
        return ReadInto(spark, tokens, ref i, 0) && i > start ? spark.ToString() : null;
    }

    // True when what was written differs from the tokens.
    private static bool ReadInto(StringBuilder spark, SqlTokens tokens, ref int i, int depth)
    {
        if (tokens.Kind(i) != TokenKind.Word || depth > DeepestNesting) return false;
        int start = spark.Length;
        bool changed = tokens.IsSymbol(i + 1, '(') && tokens.IsAny(i, "STRUCT", "ROW", "MAP") ? ReadNested(spark, tokens, ref i, depth) : ReadPlain(spark, tokens, ref i);
        while (tokens.IsSymbol(i, '[') && (tokens.IsSymbol(i + 1, ']') || (tokens.Kind(i + 1) == TokenKind.Number && tokens.IsSymbol(i + 2, ']'))))
        {
            i = tokens.Close(i) + 1;
            spark.Insert(start, "ARRAY<").Append('>');
            changed = true;
        }
        return changed;
    }

    private static bool ReadPlain(StringBuilder spark, SqlTokens tokens, ref int i)
    {
        string word = tokens.Text(i++);
        if (tokens.Is(i - 1, "DOUBLE") && tokens.Is(i, "PRECISION")) return Said(spark, "DOUBLE", ref i, 1);
        if (tokens.Is(i - 1, "TIMESTAMP") && tokens.Is(i, "WITH") && tokens.Is(i + 1, "TIME") && tokens.Is(i + 2, "ZONE")) return Said(spark, "TIMESTAMP_LTZ", ref i, 3);
        if (tokens.IsAny(i - 1, "CHARACTER", "CHAR") && tokens.Is(i, "VARYING")) return Said(spark, "STRING", ref i, 1 + Brackets(tokens, i + 1));

        string? known = s_spark.GetValueOrDefault(word);
        int brackets = Brackets(tokens, i);
        // VARCHAR(10) and CHAR(10) are Spark's own; the others take no length there.
        if (known is not null && !(brackets > 0 && tokens.IsAny(i - 1, "VARCHAR", "CHAR", "CHARACTER"))) return Said(spark, known, ref i, brackets);
        spark.Append(word);
        if (brackets > 0) spark.Append(tokens.Source, tokens.StartOf(i), tokens.EndBefore(i + brackets) - tokens.StartOf(i));
        i += brackets;
        return false;
    }

    private static bool Said(StringBuilder spark, string type, ref int i, int skipped)
    {
        spark.Append(type);
        i += skipped;
        return true;
    }

    private static int Brackets(SqlTokens tokens, int i) => tokens.IsSymbol(i, '(') ? tokens.Close(i) + 1 - i : 0;

    // STRUCT(a INT, "b c" TEXT) and MAP(TEXT, INT).
    private static bool ReadNested(StringBuilder spark, SqlTokens tokens, ref int i, int depth)
    {
        bool map = tokens.Is(i, "MAP");
        int close = tokens.Close(i + 1);
        spark.Append(map ? "MAP<" : "STRUCT<");
        i += 2;
        for (bool first = true; i < close; first = false)
        {
            if (!first) spark.Append(", ");
            if (!map)
            {
                spark.Append(tokens.IsName(i) ? tokens.Text(i) : "").Append(": ");
                i++;
            }
            int before = i;
            ReadInto(spark, tokens, ref i, depth + 1);
            while (i < close && tokens.Kind(i) != TokenKind.Comma) i++;
            if (i == before) break;
            if (tokens.Kind(i) == TokenKind.Comma) i++;
        }
        spark.Append('>');
        i = close + 1;
        return true;
    }
}
