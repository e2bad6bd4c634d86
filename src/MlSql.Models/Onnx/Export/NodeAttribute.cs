using System.Buffers.Binary;
using System.Collections.Immutable;

namespace MlSql.Models.Onnx.Export;

/// <summary>A setting of a node. A closed family.</summary>
internal abstract record NodeAttribute(string Name)
{
    public static NodeAttribute Of(string name, long value) => new WholeAttribute(name, value);

    public static NodeAttribute Of(string name, float value) => new RealAttribute(name, value);

    public static NodeAttribute Of(string name, string value) => new TextAttribute(name, value);

    /// <summary>A tensor of one dimension.</summary>
    public static NodeAttribute Tensor(string name, ImmutableArray<double> values, TensorElement element) => new TensorAttribute(name, values, element);

    public static NodeAttribute Of(string name, ImmutableArray<long> values) => new WholesAttribute(name, values);

    public static NodeAttribute Of(string name, ImmutableArray<float> values) => new RealsAttribute(name, values);

    public static NodeAttribute Of(string name, ImmutableArray<string> values) => new TextsAttribute(name, values);

    /// <summary>Appends the fields of AttributeProto.</summary>
    public void Write(ProtoWriter writer)
    {
        const int NameField = 1, RealField = 2, WholeField = 3, TextField = 4, TensorField = 5, RealsField = 7, WholesField = 8, TextsField = 9, KindField = 20;
        writer.Text(NameField, Name);
        switch (this)
        {
            case WholeAttribute whole:
                writer.Number(WholeField, whole.Value);
                writer.Number(KindField, 2);
                break;
            case RealAttribute real:
                writer.Real32(RealField, real.Value);
                writer.Number(KindField, 1);
                break;
            case TextAttribute text:
                writer.Text(TextField, text.Value);
                writer.Number(KindField, 3);
                break;
            case TensorAttribute tensor:
                writer.Message(TensorField, tensor.Message());
                writer.Number(KindField, 4);
                break;
            case RealsAttribute reals:
                foreach (float value in reals.Values) writer.Real32(RealsField, value);
                writer.Number(KindField, 6);
                break;
            case WholesAttribute wholes:
                foreach (long value in wholes.Values) writer.Number(WholesField, value);
                writer.Number(KindField, 7);
                break;
            case TextsAttribute texts:
                foreach (string value in texts.Values) writer.Text(TextsField, value);
                writer.Number(KindField, 8);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(GetType().Name);
        }
    }

    private sealed record WholeAttribute(string Name, long Value) : NodeAttribute(Name);

    private sealed record RealAttribute(string Name, float Value) : NodeAttribute(Name);

    private sealed record TextAttribute(string Name, string Value) : NodeAttribute(Name);

    private sealed record TensorAttribute(string Name, ImmutableArray<double> Values, TensorElement Element) : NodeAttribute(Name)
    {
        public ProtoWriter Message()
        {
            const int DimensionField = 1, ElementField = 2, NameField = 8, RawField = 9;
            byte[] data = new byte[Values.Length * (Element switch { TensorElement.Double => sizeof(double), TensorElement.Float => sizeof(float), _ => 1 })];
            for (int i = 0; i < Values.Length; i++)
            {
                if (Element == TensorElement.Double) BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(i * sizeof(double)), Values[i]);
                else if (Element == TensorElement.Float) BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * sizeof(float)), (float)Values[i]);
                else data[i] = (byte)Values[i];
            }
            ProtoWriter tensor = new();
            tensor.Number(DimensionField, Values.Length);
            tensor.Number(ElementField, (long)Element);
            tensor.Text(NameField, Name);
            tensor.Bytes(RawField, data);
            return tensor;
        }
    }

    private sealed record WholesAttribute(string Name, ImmutableArray<long> Values) : NodeAttribute(Name);

    private sealed record RealsAttribute(string Name, ImmutableArray<float> Values) : NodeAttribute(Name);

    private sealed record TextsAttribute(string Name, ImmutableArray<string> Values) : NodeAttribute(Name);
}
