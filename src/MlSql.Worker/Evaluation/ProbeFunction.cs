using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Columnar.Memory;
using MlSql.Scoring.Commands;
using MlSql.Worker.Barrier;
using MlSql.Worker.Models;

namespace MlSql.Worker.Evaluation;

/// <summary>Says in a text who answers.</summary>
internal sealed class ProbeFunction(ProbeCommand command, ModelCache models, BarrierClient barrier, int partition) : IColumnFunction
{
    private static readonly string s_version = typeof(ProbeFunction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private byte[]? _text;

    /// <inheritdoc/>
    public ArrowField Output { get; } = ArrowField.Of("probe", new StringType());

    /// <inheritdoc/>
    public void Compute(ReadOnlySpan<ColumnView> arguments, int rows, ArrowOutput output, CancellationToken cancel)
    {
        _text ??= Encoding.UTF8.GetBytes(Describe(cancel));
        for (int row = 0; row < rows; row++) output.SetText(row, _text);
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private string Describe(CancellationToken cancel)
    {
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        long loads = command.ContentHash is null ? 0 : models.LoadsOf(command.ContentHash);
        string text = string.Create(CultureInfo.InvariantCulture, $"version={s_version} pid={Environment.ProcessId} architecture={architecture} models={models.Loads} loads={loads}");
        if (!command.Meet) return text;
        barrier.Barrier(cancel);
        var met = barrier.AllGather(string.Create(CultureInfo.InvariantCulture, $"{partition}"), cancel);
        return string.Create(CultureInfo.InvariantCulture, $"{text} met={met.Length}");
    }
}
