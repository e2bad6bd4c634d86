using System.Collections.Immutable;
using System.Globalization;
using MlSql.Language;
using MlSql.Language.Statements;

namespace MlSql.Planning.Binding;

/// <summary>What the parts of the binder share while one statement is bound: its text, the catalog, and the diagnostics so far.</summary>
internal sealed class BindContext(string source, ICatalog catalog)
{
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly Dictionary<string, ModelVersion?> _models = [];

    public string Source { get; } = source;

    public ICatalog Catalog { get; } = catalog;

    public ImmutableArray<Diagnostic> Diagnostics => [.. _diagnostics];

    public bool HasErrors => _diagnostics.Exists(d => d.Severity == Severity.Error);

    public void Report(Diagnostic diagnostic)
    {
        if (!_diagnostics.Contains(diagnostic)) _diagnostics.Add(diagnostic);
    }

    public string TextOf(Span span) => span.Of(Source);

    /// <summary>Finds the version that a reference means; reports what is missing and gives null.</summary>
    public ModelVersion? Resolve(ModelReference reference)
    {
        string key = $"{reference.Model.Text}\0{reference.Version?.Text}\0{reference.Alias?.Last}";
        if (_models.TryGetValue(key, out var known)) return known;
        return _models[key] = Find(reference);
    }

    private ModelVersion? Find(ModelReference reference)
    {
        string name = reference.Model.Text;
        int? version = null;
        if (reference.Version is { } literal)
        {
            if (VersionNumber(literal.Text) is not { } number)
            {
                // 'champion' after VERSION is an alias in some dialects; a number never is.
                return Take(Catalog.Find(name, null, literal.Text), reference);
            }
            version = number;
        }
        return Take(Catalog.Find(name, version, reference.Alias?.Last), reference);
    }

    /// <summary>The number of "3", "v3" or "V3"; null for any other text.</summary>
    public static int? VersionNumber(string text)
    {
        string digits = text.StartsWith('v') || text.StartsWith('V') ? text[1..] : text;
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit)) return null;
        // A number beyond any version is a version that is not there, not an alias.
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;
    }

    private ModelVersion? Take(ModelLookup lookup, ModelReference reference)
    {
        string name = reference.Model.Text;
        switch (lookup)
        {
            case ModelLookup.Found found:
                return found.Version;
            case ModelLookup.NoModel none:
                Report(BindErrors.UnknownModel(reference.Model.Span, name, none.Names));
                return null;
            case ModelLookup.NoVersion none:
                Report(BindErrors.UnknownVersion(reference.Version!.Span, name, reference.Version.Text, none.Versions));
                return null;
            case ModelLookup.NoAlias none:
                Report(BindErrors.UnknownAlias(reference.Alias?.Span ?? reference.Version!.Span, name, reference.Alias?.Last ?? reference.Version!.Text, none.Aliases));
                return null;
            case ModelLookup.Damaged damaged:
                Report(BindErrors.Damaged(reference.Span, damaged));
                return null;
            default:
                throw new System.Diagnostics.UnreachableException(lookup.GetType().Name);
        }
    }
}
