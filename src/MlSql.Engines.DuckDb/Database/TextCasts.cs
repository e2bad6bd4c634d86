using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Language;

namespace MlSql.Engines.DuckDb.Database;

/// <summary>Queries around queries that cast types without columns of ours (<see cref="OpaqueType"/>) to text.</summary>
internal static class TextCasts
{
    /// <summary>True when a column holds an opaque type at any depth.</summary>
    public static bool Needed(Schema columns) => columns.Fields.Any(f => Needed(f.Type));

    /// <summary>True when the type is opaque or holds an opaque type.</summary>
    public static bool Needed(DataType type) => type switch
    {
        OpaqueType => true,
        ListType l => Needed(l.Element),
        ArrayType a => Needed(a.Element),
        MapType m => Needed(m.Key) || Needed(m.Value),
        StructType s => s.Fields.Any(f => Needed(f.Type)),
        _ => false,
    };

    /// <summary>The columns with everything that holds an opaque type made opaque as a whole.</summary>
    public static Schema WholeColumns(Schema columns) =>
        new([.. columns.Fields.Select(f => Needed(f.Type) ? f with { Type = new OpaqueType(f.Type.ToString()) } : f)]);

    /// <summary>A query with the same rows and names in which opaque types are text.</summary>
    public static string Wrap(string sql, Schema columns)
    {
        // Columns are taken by place, for names may repeat.
        var query = new StringBuilder("SELECT ");
        for (int i = 0; i < columns.Fields.Length; i++)
        {
            Field field = columns.Fields[i];
            if (i > 0) query.Append(", ");
            string column = string.Create(CultureInfo.InvariantCulture, $"c{i}");
            query.Append(Needed(field.Type) ? $"CAST({column} AS {Spell(field.Type)})" : column).Append(" AS ").Append(SqlQuote.Identifier(field.Name));
        }
        query.Append(" FROM query(").Append(SqlQuote.Text(sql)).Append(") AS q(");
        query.AppendJoin(", ", Enumerable.Range(0, columns.Fields.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}")));
        return query.Append(')').ToString();
    }

    private static string Spell(DataType type) => type switch
    {
        OpaqueType => "VARCHAR",
        ListType l => Spell(l.Element) + "[]",
        ArrayType a => string.Create(CultureInfo.InvariantCulture, $"{Spell(a.Element)}[{a.Length}]"),
        MapType m => $"MAP({Spell(m.Key)}, {Spell(m.Value)})",
        StructType s => $"STRUCT({string.Join(", ", s.Fields.Select(f => $"{SqlQuote.Identifier(f.Name)} {Spell(f.Type)}"))})",
        EnumType e => $"ENUM({string.Join(", ", e.Values.Select(SqlQuote.Text))})",
        _ => type.ToString(),
    };
}
