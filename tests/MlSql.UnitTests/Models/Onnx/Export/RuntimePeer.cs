using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace MlSql.UnitTests.Models.Onnx.Export;

/// <summary>A tensor for the peer: type is double (bits in <see cref="long"/>), int64, bool or string.</summary>
internal sealed record PeerTensor(string Type, int[] Shape, object[] Values);

/// <summary>A graph and its inputs.</summary>
internal sealed record PeerJob(string Name, ReadOnlyMemory<byte> Graph, Dictionary<string, PeerTensor> Inputs);

/// <summary>What ONNX Runtime gave, or why it gave nothing.</summary>
internal sealed record PeerAnswer(string? Fault, PeerOutput[] Outputs, string[] Inputs, Dictionary<string, string> Metadata);

/// <summary>An output: doubles as such, whole numbers and texts as text.</summary>
internal sealed record PeerOutput(string Name, int[] Shape, double[] Numbers, string[] Texts);

/// <summary>Runs graphs in real ONNX Runtime, all of them in one child process of Python.</summary>
internal static class RuntimePeer
{
    /// <summary>The answers by name; skips the test with the reason where there is no peer.</summary>
    public static Dictionary<string, PeerAnswer> Run(IReadOnlyCollection<PeerJob> jobs)
    {
        string script = TestData.Shared("peers", "peers-home.sh");
        if (!File.Exists(script)) Assert.Ignore($"No peers at {script}.");
        var (status, home) = Start("bash", [script], null);
        if (status != 0) Assert.Ignore($"{script} found no peers: {home}");
        var (python, version) = Start("python3.11", ["--version"], null);
        if (python != 0) Assert.Ignore($"No python3.11 for the peers: {version}");

        string folder = Directory.CreateTempSubdirectory("mlsql-export-").FullName;
        try
        {
            string asked = Path.Combine(folder, "jobs.json"), answered = Path.Combine(folder, "answers.json");
            File.WriteAllText(asked, JsonSerializer.Serialize(jobs.Select((job, i) => Describe(job, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i}.onnx"))))));
            var (code, said) = Start("python3.11", [Path.Combine(TestData.Root, "tests", "MlSql.UnitTests", "Models", "Onnx", "Export", "run_graphs.py"), asked, answered], home.Trim());
            Assert.That(code, Is.Zero, said);
            using var json = JsonDocument.Parse(File.ReadAllBytes(answered));
            TestContext.Progress.WriteLine($"ONNX Runtime {json.RootElement.GetProperty("version")} ran {jobs.Count} graphs.");
            return json.RootElement.GetProperty("results").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, Read);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static object Describe(PeerJob job, string path)
    {
        File.WriteAllBytes(path, job.Graph.Span);
        return new { name = job.Name, model = path, inputs = job.Inputs.ToDictionary(i => i.Key, i => new { type = i.Value.Type, shape = i.Value.Shape, values = i.Value.Values }) };
    }

    private static PeerAnswer Read(JsonElement result)
    {
        if (result.TryGetProperty("fault", out var fault)) return new(fault.GetString(), [], [], []);
        var inputs = result.GetProperty("inputs").EnumerateArray().Select(i => $"{i.GetProperty("name").GetString()} {i.GetProperty("type").GetString()} {i.GetProperty("shape").GetRawText()}");
        return new(null, [.. result.GetProperty("outputs").EnumerateArray().Select(ReadOutput)], [.. inputs], result.GetProperty("metadata").Deserialize<Dictionary<string, string>>()!);
    }

    private static PeerOutput ReadOutput(JsonElement output)
    {
        var values = output.GetProperty("values").EnumerateArray();
        int[] shape = output.GetProperty("shape").Deserialize<int[]>()!;
        string name = output.GetProperty("name").GetString()!;
        if (output.GetProperty("type").GetString() != "double") return new(name, shape, [], [.. values.Select(v => v.ToString())]);
        Assert.That(output.GetProperty("item").GetInt32(), Is.EqualTo(sizeof(double)), name);
        return new(name, shape, [.. values.Select(v => BitConverter.Int64BitsToDouble(v.GetInt64()))], []);
    }

    private static (int Status, string Output) Start(string program, string[] arguments, string? pythonPath)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        if (pythonPath is not null) start.Environment["PYTHONPATH"] = pythonPath;
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
            {
                process.Kill(entireProcessTree: true);
                return (-1, $"{program} did not end within 3 minutes");
            }
            return (process.ExitCode, process.ExitCode == 0 ? output : output + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            return (-1, fault.Message);
        }
    }
}
