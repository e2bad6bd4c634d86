using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MlSql.ApiTests;

/// <summary>What README.md shows is what works.</summary>
[NonParallelizable]
internal sealed partial class ReadmeTests
{
    private static string Readme => File.ReadAllText(Path.Combine(TestData.Root, "README.md"));

    [Test]
    public async Task The_library_example_compiles_and_runs()
    {
        string[] blocks = [.. CSharpBlock().Matches(Readme).Select(match => match.Groups[1].Value)];
        Assert.That(blocks[0].Split('\n').Count(line => line.Trim().Length > 0), Is.LessThanOrEqualTo(12));
        // The later ones go on from the first.
        string code = string.Join('\n', blocks);
        var assembly = Compile("using System;\n" + code);
        string folder = Directory.CreateTempSubdirectory("mlsql-readme-").FullName;
        string before = Environment.CurrentDirectory;
        var console = Console.Out;
        using var output = new StringWriter();
        try
        {
            Environment.CurrentDirectory = folder;
            Console.SetOut(output);
            var result = assembly.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
            if (result is Task task) await task;
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
            Directory.Delete(folder, recursive: true);
        }
        Assert.That(output.ToString(), Does.Contain("1000 rows, first True").And.Match(@"False, (0\.\d\d|1\.00)"));
    }

    [Test]
    public void The_build_check_runs_both_commands_of_the_start()
    {
        string check = File.ReadAllText(Path.Combine(TestData.Root, ".ci", "run"));
        foreach (string command in StartBlock().Match(Readme).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            Assert.That(check, Does.Contain(command));
    }

    private static Assembly Compile(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists).Select(path => (MetadataReference)MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Readme",
            [CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Latest))],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.That(emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error), Is.Empty);
        return Assembly.Load(image.ToArray());
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex("## Start.*?```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex StartBlock();
}
