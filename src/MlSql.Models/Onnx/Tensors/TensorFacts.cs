using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Tensors;

/// <summary>What a TensorProto declares.</summary>
/// <param name="Message">Where it lies.</param>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="Bytes">The bytes that its elements take in raw form; for text, 0.</param>
/// <param name="IsExternal">True when the elements lie in a side file.</param>
internal readonly record struct TensorFacts(Slice Message, Slice Name, long Bytes, bool IsExternal);
