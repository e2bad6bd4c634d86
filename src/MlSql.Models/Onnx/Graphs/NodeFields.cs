using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Graphs;

/// <summary>What names a node: the singular fields of a NodeProto.</summary>
internal readonly record struct NodeFields(Slice Message, Slice Name, Slice Operator, Slice Domain, Slice Overload)
{
    public const int Input = 1;
    public const int Output = 2;

    public static NodeFields Read(ModelFile file, Slice message)
    {
        Slice name = default, @operator = default, domain = default, overload = default;
        ProtobufReader fields = file.Fields(message);
        while (fields.Next())
        {
            if (fields.Wire != WireType.Bytes) continue;
            switch (fields.Number)
            {
                case 3: name = fields.Content; break;
                case 4: @operator = fields.Content; break;
                case 7: domain = fields.Content; break;
                case 8: overload = fields.Content; break;
            }
        }
        return new(message, name, @operator, domain, overload);
    }

    /// <summary>The first input's name; empty when there is none.</summary>
    public Slice FirstInput(ModelFile file)
    {
        ProtobufReader fields = file.Fields(Message);
        while (fields.Next())
            if (fields.Is(Input, WireType.Bytes)) return fields.Content;
        return default;
    }

    public bool Is(ModelFile file, ReadOnlySpan<byte> domain, ReadOnlySpan<byte> @operator) =>
        Domain.Of(file.Span).SequenceEqual(domain) && Operator.Of(file.Span).SequenceEqual(@operator);

    /// <summary>As a message names it.</summary>
    public string Shown(ModelFile file) =>
        Name.Length == 0 ? $"node {file.Shown(Operator)}" : $"node {file.Shown(Name)} ({file.Shown(Operator)})";
}
