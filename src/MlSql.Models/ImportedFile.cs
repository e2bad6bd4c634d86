using System.Security.Cryptography;
using MlSql.Columnar;
using MlSql.Models.Boosters;
using MlSql.Models.Onnx;

namespace MlSql.Models;

/// <summary>The formats of model files.</summary>
public enum ImportFormat
{
    /// <summary>An ONNX graph.</summary>
    Onnx,

    /// <summary>LightGBM's text.</summary>
    LightGbm,

    /// <summary>XGBoost's JSON or UBJSON.</summary>
    XgBoost,
}

/// <summary>What a model file holds. A closed family.</summary>
public abstract record ImportedFile
{
    private ImportedFile() { }

    /// <summary>Reads a file; without a format its beginning tells which it has. Throws <see cref="CodedException"/> (MLS70xx, MLS72xx).</summary>
    public static ImportedFile Read(string path, ImportFormat? format, OnnxLimits limits, CancellationToken cancel)
    {
        byte[] bytes = OnnxReader.Load(path, limits, cancel);
        format ??= LightGbmReader.Recognises(bytes) ? ImportFormat.LightGbm : XgBoostReader.Recognises(bytes) ? ImportFormat.XgBoost : ImportFormat.Onnx;
        return format switch
        {
            ImportFormat.LightGbm => new Booster(LightGbmReader.Read(bytes, path, cancel), Convert.ToHexStringLower(SHA256.HashData(bytes))),
            ImportFormat.XgBoost => new Booster(XgBoostReader.Read(bytes, path, cancel), Convert.ToHexStringLower(SHA256.HashData(bytes))),
            _ => new Graph(OnnxReader.Read(path, bytes, limits, cancel)),
        };
    }

    /// <summary>An ONNX graph.</summary>
    public sealed record Graph(OnnxModel Model) : ImportedFile;

    /// <summary>A model of LightGBM or XGBoost, and the SHA-256 of its file in lower-case hex.</summary>
    public sealed record Booster(BoosterModel Model, string Sha256) : ImportedFile;
}
