using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MlSql.ApiTests;

public class UnsafePlacementTests
{
    private static readonly HashSet<string> Homes = ["Interop", "Memory", "Kernels"];
    private static readonly HashSet<string> NativeNames = ["DllImport", "DllImportAttribute", "LibraryImport", "LibraryImportAttribute", "Marshal"];

    [Test]
    public void Unsafe_code_and_native_calls_live_only_in_their_folders()
    {
        List<string> found = [];
        foreach (string path in SourceFiles.Under("src", "tests", "benchmarks").Where(p => !SourceFiles.Folders(p).Any(Homes.Contains)))
            found.AddRange(Offences(File.ReadAllText(path)).Select(o => $"{SourceFiles.Relative(path)}:{o}"));
        Assert.That(found, Is.Empty, "Move this into a folder named Interop, Memory or Kernels:\n" + string.Join('\n', found));
    }

    [TestCase("unsafe class A { }", 1)]
    [TestCase("class A { [DllImport(\"c\")] static extern int f(); }", 1)]
    [TestCase("class A { int i = Marshal.SizeOf<int>(); }", 1)]
    [TestCase("class A { Span<int> s = stackalloc int[4]; /* unsafe */ string t = \"Marshal unsafe\"; }", 0)]
    public void The_scan_sees_what_it_is_for(string code, int offences) => Assert.That(Offences(code).Count(), Is.EqualTo(offences));

    // Pointers, also those of stackalloc, need the word unsafe around them, so words are enough.
    private static IEnumerable<string> Offences(string code)
    {
        SyntaxTree text = CSharpSyntaxTree.ParseText("");
        foreach (SyntaxToken token in SyntaxFactory.ParseTokens(code, options: (CSharpParseOptions)text.Options))
        {
            if (token.IsKind(SyntaxKind.UnsafeKeyword) || (token.IsKind(SyntaxKind.IdentifierToken) && NativeNames.Contains(token.ValueText)))
                yield return $"{code.AsSpan(0, token.SpanStart).Count('\n') + 1}: {token.ValueText}";
        }
    }
}
