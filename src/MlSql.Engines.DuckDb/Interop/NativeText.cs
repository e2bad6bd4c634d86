using System.Runtime.InteropServices;

namespace MlSql.Engines.DuckDb.Interop;

/// <summary>Reads the zero-terminated UTF-8 texts of the library.</summary>
internal static unsafe class NativeText
{
    /// <summary>Reads a text that the library keeps.</summary>
    public static string? Borrowed(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    /// <summary>Reads a text and frees it.</summary>
    public static string? Owned(byte* text)
    {
        if (text == null) return null;
        string? value = Marshal.PtrToStringUTF8((nint)text);
        NativeMethods.duckdb_free(text);
        return value;
    }
}
