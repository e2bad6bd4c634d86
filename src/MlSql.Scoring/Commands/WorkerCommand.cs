namespace MlSql.Scoring.Commands;

/// <summary>
/// What a process that serves an engine from outside is told to compute. The engine carries the bytes without looking at them: magic, protocol version, kind, then what the kind needs. A closed family.
/// </summary>
public abstract record WorkerCommand
{
    /// <summary>The version of the protocol that this program writes, and the latest that it reads.</summary>
    public const byte ProtocolVersion = 4;

    private protected WorkerCommand() { }

    private protected abstract byte Kind { get; }

    private static ReadOnlySpan<byte> Magic => "MLSQ"u8;

    /// <summary>True when the bytes are a command of any version of this program, not of someone else.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>The command as bytes; equal commands give equal bytes.</summary>
    public byte[] Write()
    {
        CommandWriter writer = new();
        writer.Raw(Magic);
        writer.Byte(ProtocolVersion);
        writer.Byte(Kind);
        WriteBody(writer);
        return writer.Written.ToArray();
    }

    /// <summary>
    /// The command of some bytes, null when they are not of this program. Throws <see cref="Columnar.CodedException"/> MLS4201 for a later version and MLS4202 for bytes that are damaged.
    /// Needs memory of a few times the bytes, whatever they say.
    /// </summary>
    public static WorkerCommand? Read(ReadOnlySpan<byte> bytes)
    {
        if (!IsOurs(bytes)) return null;
        CommandReader reader = new(bytes[Magic.Length..]);
        byte version = reader.Byte();
        if (version > ProtocolVersion) throw CommandErrors.TooNew(version);
        if (version != ProtocolVersion) throw CommandErrors.Malformed($"unknown version {version}");
        WorkerCommand command = reader.Byte() switch
        {
            PredictCommand.Number => PredictCommand.ReadBody(ref reader),
            EchoCommand.Number => new EchoCommand(),
            ProbeCommand.Number => ProbeCommand.ReadBody(ref reader),
            byte other => throw CommandErrors.Malformed($"unknown kind {other}"),
        };
        reader.End();
        return command;
    }

    private protected abstract void WriteBody(CommandWriter writer);
}

/// <summary>Gives back the first argument: for benchmarks, and to see that rows arrive.</summary>
public sealed record EchoCommand : WorkerCommand
{
    internal const byte Number = 2;

    private protected override byte Kind => Number;

    private protected override void WriteBody(CommandWriter writer) { }
}

/// <summary>
/// Gives a text a row that says who answers, pairs <c>key=value</c> separated by spaces: <c>version</c>, <c>pid</c>, <c>architecture</c>, <c>models</c> (made ready since the start), <c>loads</c> (of the model with this
/// content hash, 0 without one) and, where the tasks of a barrier stage are to meet, <c>met</c> (how many did).
/// </summary>
/// <param name="ContentHash">The model whose loads are counted, or null.</param>
/// <param name="Meet">Whether the tasks of the stage wait for each other and exchange a text before the first row is answered; needs a barrier stage.</param>
public sealed record ProbeCommand(string? ContentHash = null, bool Meet = false) : WorkerCommand
{
    internal const byte Number = 3;

    private protected override byte Kind => Number;

    internal static ProbeCommand ReadBody(ref CommandReader reader) => new(reader.Text() is { Length: > 0 } hash ? hash : null, reader.Flag());

    private protected override void WriteBody(CommandWriter writer)
    {
        writer.Text(ContentHash ?? "");
        writer.Flag(Meet);
    }
}
