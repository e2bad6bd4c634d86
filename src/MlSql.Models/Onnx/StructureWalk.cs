using MlSql.Models.Onnx.Protobuf;
using MlSql.Models.Onnx.Tensors;

namespace MlSql.Models.Onnx;

/// <summary>
/// Goes once over all messages of a model, however they nest: every byte of them parses, nothing nests too deep, nodes are counted, and each constant tensor is checked wherever it hangs. Keeps its own stack.
/// </summary>
internal sealed class StructureWalk(ModelFile file)
{
    private readonly TensorCheck _tensors = new(file);
    private readonly Stack<Frame> _frames = new();

    /// <summary>Tensors whose data lie in side files, in the file's order.</summary>
    public List<TensorFacts> External { get; } = [];

    /// <summary>Nodes in all graphs and functions.</summary>
    public int Nodes { get; private set; }

    public void Run()
    {
        Enter(MessageKind.Model, new(0, file.Bytes.Length), 0);
        while (_frames.TryPop(out Frame frame))
        {
            ProtobufReader fields = file.Fields(new(frame.Position, frame.End - frame.Position));
            while (fields.Next())
            {
                if (fields.Wire != WireType.Bytes || MessageSchema.Child(frame.Kind, fields.Number) is not { } child) continue;
                if (MessageSchema.IsSingle(frame.Kind, fields.Number))
                {
                    // Protocol Buffers would merge the two; what is checked must be what is run.
                    if ((frame.Seen >> fields.Number & 1) != 0) throw new MalformedProtobufException("a part is given twice", fields.Start);
                    frame.Seen |= 1u << fields.Number;
                }
                file.Cancel.ThrowIfCancellationRequested();
                if (child == MessageKind.Tensor)
                {
                    TensorFacts tensor = _tensors.Check(fields.Content);
                    if (!tensor.IsExternal) continue;
                    if (External.Count == file.Limits.Nodes) throw file.Errors.ExternalCount(file.Limits.Nodes);
                    External.Add(tensor);
                    continue;
                }
                if (child == MessageKind.SparseTensor) _tensors.CheckSparse(fields.Content);
                _frames.Push(frame with { Position = fields.Position });
                Enter(child, fields.Content, frame.Depth);
                break;
            }
        }
    }

    private void Enter(MessageKind kind, Slice message, int depth)
    {
        if (kind == MessageKind.Node && ++Nodes > file.Limits.Nodes) throw file.Errors.NodeCount(file.Limits.Nodes);
        if (kind == MessageKind.Graph && ++depth > file.Limits.Depth) throw file.Errors.Nesting("Graphs", file.Limits.Depth);
        _frames.Push(new(kind, message.Start, message.End, depth, 0));
    }

    private record struct Frame(MessageKind Kind, int Position, int End, int Depth, uint Seen);
}
