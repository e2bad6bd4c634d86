using System.Text;
using System.Text.Unicode;

namespace MlSql.Models.Onnx;

/// <summary>Tells files that are often taken for models by how they begin.</summary>
internal static class FileKind
{
    private const int Looked = 512;
    private const string Download = "a failed download? fetch the file again and look at it";

    /// <summary>Throws when the bytes begin like another format; none of these beginnings is a model's.</summary>
    public static void RefuseOthers(ReadOnlySpan<byte> bytes, OnnxErrors errors)
    {
        if (Of(bytes) is var (kind, hint)) throw errors.LooksLike(kind, hint);
    }

    /// <summary>True when the beginning reads as text: said of bytes that turned out to be no model.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, Looked)];
        foreach (byte b in start)
            if (b < ' ' && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) return false;
        // A character may be cut at the end of what is looked at.
        return bytes.Length > Looked || Utf8.IsValid(start);
    }

    private static (string Kind, string Hint)? Of(ReadOnlySpan<byte> bytes)
    {
        if (Starts(bytes, "version https://git-lfs")) return ("a Git LFS pointer: the real file was not fetched", "git lfs pull fetches it");
        if (Starts(bytes, "\u0089PNG")) return ("PNG", "name the .onnx file");
        if (Starts(bytes, "\u00FF\u00D8\u00FF")) return ("JPEG", "name the .onnx file");
        if (Starts(bytes, "GIF8")) return ("GIF", "name the .onnx file");
        if (Starts(bytes, "%PDF")) return ("PDF", "name the .onnx file");
        if (Starts(bytes, "PK\u0003\u0004") || Starts(bytes, "PK\u0005\u0006")) return ("a zip archive", "unpack it and name the .onnx file within; PyTorch's .pt files and ML.NET models are zip archives too and must be exported to ONNX");
        if (Starts(bytes, "\u001F\u008B")) return ("gzip", "gunzip it first");
        if (Starts(bytes, "BZh") || Starts(bytes, "\u00FD7zXZ") || Starts(bytes, "7z\u00BC\u00AF") || Starts(bytes, "\u0028\u00B5\u002F\u00FD")) return ("a compressed file", "unpack it first");
        if (Starts(bytes, "\u0089HDF")) return ("HDF5 (Keras?)", "export the model to ONNX");
        if (Starts(bytes, "\u007FELF")) return ("a program", "name the .onnx file");
        if (Starts(bytes, "PAR1")) return ("Parquet", "name the .onnx file");
        if (bytes.Length > 8 && (Starts(bytes[4..], "TFL3") || Starts(bytes[4..], "ORTM"))) return ("a model of TensorFlow Lite or ONNX Runtime's own format", "export the model to ONNX");
        if (bytes.Length > 2 && bytes[0] == 0x80 && bytes[1] is >= 2 and <= 5) return ("a Python pickle (joblib, scikit-learn)", "pickles run code when opened and are never read; export the model to ONNX");
        if (Starts(bytes, "tree\n") || Starts(bytes, "tree\r\n")) return ("LightGBM's text format", "leave FORMAT out, or write FORMAT lightgbm");
        if (IsText(bytes))
        {
            ReadOnlySpan<byte> text = bytes.TrimStart(" \t\r\n\u00EF\u00BB\u00BF"u8);
            if (text.StartsWith("<"u8)) return ("HTML or XML", Download);
            if (text.StartsWith("{"u8) || text.StartsWith("["u8)) return ("JSON", "of models in JSON only XGBoost's are read (Booster.save_model); save a LightGBM model as text, export others to ONNX");
        }
        return null;
    }

    private static bool Starts(ReadOnlySpan<byte> bytes, string latin1)
    {
        Span<byte> start = stackalloc byte[latin1.Length];
        Encoding.Latin1.GetBytes(latin1, start);
        return bytes.StartsWith(start);
    }
}
