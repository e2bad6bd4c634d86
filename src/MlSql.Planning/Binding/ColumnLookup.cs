using MlSql.Columnar;

namespace MlSql.Planning.Binding;

/// <summary>Finds columns by name, exactly first, then by case. Made once for a list of columns: a table may have thousands, and so may a model.</summary>
internal sealed class ColumnLookup
{
    private readonly Dictionary<string, Field> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Field> _loose = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _repeated = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repeatedByCase = new(StringComparer.OrdinalIgnoreCase);

    public ColumnLookup(IReadOnlyList<Field> fields)
    {
        Fields = fields;
        foreach (var field in fields)
        {
            if (!_exact.TryAdd(field.Name, field)) _repeated.Add(field.Name);
            if (!_loose.TryAdd(field.Name, field)) _repeatedByCase.Add(field.Name);
        }
    }

    /// <summary>All columns.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Names of all columns.</summary>
    public IEnumerable<string> Names => Fields.Select(f => f.Name);

    /// <summary>The column that the name means, or null.</summary>
    public Field? Find(string name) => _exact.TryGetValue(name, out var exact) ? exact : _loose.GetValueOrDefault(name);

    /// <summary>True when the name means more than one column.</summary>
    public bool IsAmbiguous(string name) => _exact.ContainsKey(name) ? _repeated.Contains(name) : _repeatedByCase.Contains(name);
}
