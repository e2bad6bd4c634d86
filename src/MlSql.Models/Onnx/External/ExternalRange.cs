using System.Globalization;
using System.Text;
using System.Text.Unicode;
using MlSql.Models.Onnx.Protobuf;
using MlSql.Models.Onnx.Tensors;

namespace MlSql.Models.Onnx.External;

/// <summary>Where the data of one tensor lie: a side file by the names of the folders to it, and a range within.</summary>
internal sealed record ExternalRange(TensorFacts Tensor, string Shown, string Location, string[] Components, long Offset)
{
    private const int LongestLocation = 4_096;

    public long Length => Tensor.Bytes;

    /// <summary>The location for messages.</summary>
    public string ShownLocation => ShownText.Name(Location);

    /// <summary>Reads the entries of a tensor whose data lie outside; a location that may not be opened is refused by its text alone.</summary>
    public static ExternalRange Read(ModelFile file, TensorFacts tensor)
    {
        string shown = tensor.Name.Length == 0 ? "without a name" : file.Shown(tensor.Name);
        Slice? location = null, offset = null, length = null;
        ProtobufReader fields = file.Fields(tensor.Message);
        while (fields.Next())
        {
            if (!fields.Is(TensorFields.ExternalData, WireType.Bytes)) continue;
            (Slice key, Slice value) = TextPair.Read(file, fields.Content);
            ReadOnlySpan<byte> name = key.Of(file.Span);
            if (name.SequenceEqual("location"u8)) Set(ref location, value);
            else if (name.SequenceEqual("offset"u8)) Set(ref offset, value);
            else if (name.SequenceEqual("length"u8)) Set(ref length, value);
        }
        if (location is not { Length: > 0 and <= LongestLocation } text || !Utf8.IsValid(text.Of(file.Span))) throw file.Errors.ExternalEntry(shown, "it has no location that is text");
        string path = Encoding.UTF8.GetString(text.Of(file.Span));
        if (Number(length) is { } bytes && bytes != tensor.Bytes) throw file.Errors.Mismatch(shown, $"{tensor.Bytes} bytes", $"{bytes} bytes in a side file");
        return new(tensor, shown, path, Split(file, shown, path), Number(offset) ?? 0);

        void Set(ref Slice? entry, Slice value)
        {
            if (entry is not null) throw file.Errors.ExternalEntry(shown, "a key is given twice");
            entry = value;
        }

        long? Number(Slice? entry) =>
            entry is not { } digits ? null
            : long.TryParse(digits.Of(file.Span), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw file.Errors.ExternalEntry(shown, $"not a number of bytes: {file.Shown(digits)}");
    }

    private static string[] Split(ModelFile file, string shown, string path)
    {
        string location = ShownText.Name(path);
        bool hasDrive = path.Length > 1 && char.IsAsciiLetter(path[0]) && path[1] == ':';
        if (path[0] is '/' or '\\' || hasDrive) throw file.Errors.ExternalAbsolute(shown, location);
        // A backslash parts folders on Windows only: a name that means two things is refused everywhere. A colon there names a stream within a file.
        string[] components = path.Split('/');
        if (path.Contains('\\') || components.Contains("..") || (OperatingSystem.IsWindows() && path.Contains(':'))) throw file.Errors.ExternalLeaves(shown, location);
        components = [.. components.Where(component => component is not ("" or "."))];
        if (path.Any(char.IsControl) || components.Length == 0) throw file.Errors.ExternalEntry(shown, $"not a file's name: {location}");
        return components;
    }
}
