using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MlSql.ApiTests;

public class PublicApiTests
{
    private static readonly SymbolDisplayFormat MemberFormat = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef)
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeDefaultValue)
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints)
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    [TestCaseSource(typeof(BuiltAssemblies), nameof(BuiltAssemblies.Names))]
    public void The_public_surface_is_the_agreed_one(string assembly)
    {
        string actual = Print(assembly);
        string path = Path.Combine(TestData.Root, "tests", "golden", "api", assembly + ".txt");
        if (Environment.GetEnvironmentVariable("MLSQL_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }
        string agreed = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.That(Difference(agreed, actual), Is.Empty, $"Public members of {assembly} changed (- agreed, + built). If that is meant: MLSQL_ACCEPT=1 dotnet test tests/MlSql.ApiTests");
    }

    private static string Print(string assembly)
    {
        string platform = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<string> files = Directory.EnumerateFiles(platform, "System*.dll").Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(f => !Path.GetFileName(f).StartsWith("System.", StringComparison.Ordinal)));
        Dictionary<string, MetadataReference> references = files.ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => (MetadataReference)MetadataReference.CreateFromFile(f));
        var compilation = CSharpCompilation.Create("surface", references: references.Values);
        var symbol = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(references[assembly])!;
        StringBuilder text = new();
        foreach (INamedTypeSymbol type in Types(symbol.GlobalNamespace).Where(IsVisible).OrderBy(t => t.ToDisplayString(), StringComparer.Ordinal))
        {
            text.Append(type.IsRecord ? "record" : type.TypeKind.ToString().ToLowerInvariant()).Append(' ').Append(type.ToDisplayString(MemberFormat)).Append(Bases(type)).Append('\n');
            foreach (string member in type.GetMembers().Where(m => IsVisible(m) && !m.IsImplicitlyDeclared && !IsAccessor(m) && m is not INamedTypeSymbol && !IsOfRecords(type, m)).Select(Line).Distinct().Order(StringComparer.Ordinal))
                text.Append("  ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    private static string Line(ISymbol member)
    {
        string text = member.ToDisplayString(MemberFormat);
        return member is IPropertySymbol property ? text + " {" + (property.GetMethod is { } get && IsVisible(get) ? " get;" : "") + (property.SetMethod is { } set && IsVisible(set) ? set.IsInitOnly ? " init;" : " set;" : "") + " }" : text;
    }

    private static string Bases(INamedTypeSymbol type)
    {
        if (type.TypeKind is TypeKind.Enum or TypeKind.Delegate) return "";
        IEnumerable<string> names = type.Interfaces.Where(i => i.Name != nameof(IEquatable<int>)).Select(i => i.ToDisplayString());
        if (type.BaseType is { SpecialType: SpecialType.None } parent) names = names.Prepend(parent.ToDisplayString());
        string list = string.Join(", ", names);
        return list.Length == 0 ? "" : " : " + list;
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container)
    {
        foreach (INamespaceOrTypeSymbol member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type) yield return type;
            foreach (INamedTypeSymbol nested in Types(member)) yield return nested;
        }
    }

    private static bool IsVisible(ISymbol symbol)
    {
        for (ISymbol? s = symbol; s is not null and not INamespaceSymbol; s = s.ContainingSymbol)
            if (s.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal or Accessibility.NotApplicable)) return s is IModuleSymbol or IAssemblySymbol;
        return true;
    }

    private static bool IsAccessor(ISymbol member) => member is IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.PropertySet or MethodKind.EventAdd or MethodKind.EventRemove };

    // What the compiler adds to every record says nothing about it.
    private static bool IsOfRecords(INamedTypeSymbol type, ISymbol member) =>
        type.IsRecord && (member.Name is "EqualityContract" or "PrintMembers" or "Equals" or "GetHashCode" or "ToString" or "op_Equality" or "op_Inequality" or "<Clone>$" or "Deconstruct"
            || member is IMethodSymbol { MethodKind: MethodKind.Constructor, DeclaredAccessibility: Accessibility.Protected });

    private static string Difference(string agreed, string actual)
    {
        string[] before = agreed.Split('\n');
        string[] after = actual.Split('\n');
        return string.Join('\n', before.Except(after).Select(l => "- " + l).Concat(after.Except(before).Select(l => "+ " + l)));
    }
}
