namespace MlSql.Models.Onnx;

/// <summary>What ONNX Runtime 1.30.0 loads: found by handing it models of each version.</summary>
internal static class RuntimeSupport
{
    public const string Runtime = "ONNX Runtime 1.30.0";
    public const long IrVersion = 13;

    /// <summary>The newest operator set of a domain; null for a domain that is not allowed.</summary>
    public static int? Opset(string domain) => domain switch
    {
        "" or "ai.onnx" => 26,
        "ai.onnx.ml" => 5,
        "com.microsoft" => 1,
        _ => null,
    };

    /// <summary>True for an operator of an allowed domain that opens a file which the model names.</summary>
    public static bool ReadsFiles(string domain, string name) => domain == "com.microsoft" && name == "EPContext";
}
