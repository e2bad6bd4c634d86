using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Models;

namespace MlSql.Scoring.Commands;

/// <summary>Scores rows with one version of a model, whose file travels beside the command.</summary>
/// <param name="Model">The model's name, for messages.</param>
/// <param name="Version">The version's number, for messages.</param>
/// <param name="ContentHash">SHA-256 of the file's bytes in lower-case hex (<see cref="Models.ModelFormat.ContentHash"/>).</param>
/// <param name="FileLength">Bytes of the file.</param>
/// <param name="Output">What comes out.</param>
/// <param name="OutputType">The type that the engine was promised; numbers are widened to it where the model's own are narrower.</param>
/// <param name="Arguments">The names of the arguments in their order: the features, or the elements of a sole matrix. For messages, and to find the columns of a table.</param>
public sealed record PredictCommand(string Model, int Version, string ContentHash, long FileLength, ScoreOutput Output, DataType OutputType, ImmutableArray<string> Arguments) : WorkerCommand
{
    internal const byte Number = 1;
    private const int HashLength = 64;

    /// <summary>The probability from which on the positive class is predicted.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>The class of <see cref="ScoreOutput.Probability"/>; null = the predicted one.</summary>
    public int? ClassIndex { get; init; }

    /// <summary>Further fields of a booster's <see cref="ScoreOutput.Row"/>.</summary>
    public PredictionDetails Details { get; init; }

    /// <summary>How many attributions an <see cref="ScoreOutput.Explanation"/> lists.</summary>
    public int TopFeatures { get; init; }

    /// <summary>The places, ascending, of arguments that arrive as the elements of one list before all others; empty where each arrives by itself.</summary>
    public ImmutableArray<int> Packed { get; init; } = [];

    /// <summary>Longest time that a batch of a graph may run; <see cref="Timeout.InfiniteTimeSpan"/> = no limit.</summary>
    public TimeSpan BatchTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The most memory in bytes that a graph's values may hold at once; 0 = no limit of its own.</summary>
    public long ArenaBytes { get; init; }

    /// <summary>The name of the model's file among the files of the engine's session.</summary>
    public string FileName => FileNameOf(ContentHash);

    private protected override byte Kind => Number;

    /// <summary>The name under which the file of a model travels.</summary>
    public static string FileNameOf(string contentHash) => contentHash + ".mlsqlm";

    /// <inheritdoc/>
    public bool Equals(PredictCommand? other) => other is not null && Write().AsSpan().SequenceEqual(other.Write());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ContentHash, Output, Arguments.Length);

    internal static PredictCommand ReadBody(ref CommandReader reader)
    {
        string model = reader.Text();
        int version = reader.Whole();
        string hash = reader.Text();
        // The hash becomes a file's name.
        if (hash.Length != HashLength || !hash.All(char.IsAsciiHexDigitLower)) throw CommandErrors.Malformed("the model's content hash is not one");
        long length = reader.Length();
        byte output = reader.Byte();
        if (output > (byte)ScoreOutput.Explanation) throw CommandErrors.Malformed($"unknown output {output}");
        DataType type = DataTypeForm.Read(ref reader);
        var arguments = new string[reader.Count(sizeof(int))];
        for (int i = 0; i < arguments.Length; i++) arguments[i] = reader.Text();
        double threshold = reader.Real();
        if (!(threshold >= 0 && threshold <= 1)) throw CommandErrors.Malformed("the threshold does not lie between 0 and 1");
        return new(model, version, hash, length, (ScoreOutput)output, type, [.. arguments])
        {
            Threshold = threshold,
            ClassIndex = reader.Flag() ? reader.Whole() : null,
            BatchTimeout = reader.Whole() is > 0 and var milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : Timeout.InfiniteTimeSpan,
            ArenaBytes = reader.Length(),
            Details = reader.Byte() is var details && details <= (byte)PredictionDetails.All ? (PredictionDetails)details : throw CommandErrors.Malformed($"unknown details {details}"),
            TopFeatures = reader.Whole() is >= 0 and var top ? top : throw CommandErrors.Malformed("a number of features below 0"),
            Packed = ReadPlaces(ref reader, arguments.Length),
        };
    }

    private protected override void WriteBody(CommandWriter writer)
    {
        writer.Text(Model);
        writer.Whole(Version);
        writer.Text(ContentHash);
        writer.Length(FileLength);
        writer.Byte((byte)Output);
        DataTypeForm.Write(writer, OutputType);
        writer.Whole(Arguments.Length);
        foreach (string argument in Arguments) writer.Text(argument);
        writer.Real(Threshold);
        writer.Flag(ClassIndex is not null);
        if (ClassIndex is { } index) writer.Whole(index);
        writer.Whole(BatchTimeout == Timeout.InfiniteTimeSpan ? 0 : (int)Math.Clamp(BatchTimeout.TotalMilliseconds, 1, int.MaxValue));
        writer.Length(ArenaBytes);
        writer.Byte((byte)Details);
        writer.Whole(TopFeatures);
        writer.Whole(Packed.Length);
        foreach (int place in Packed) writer.Whole(place);
    }

    private static ImmutableArray<int> ReadPlaces(ref CommandReader reader, int arguments)
    {
        int[] places = new int[reader.Count(sizeof(int))];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = reader.Whole();
            if (places[i] >= arguments || (i > 0 && places[i] <= places[i - 1])) throw CommandErrors.Malformed("the places of packed arguments are not ascending ones");
        }
        return [.. places];
    }
}
