using System.Collections.Immutable;

namespace MlSql.Models.Onnx.Export;

/// <summary>A setting of a node. A closed family.</summary>
internal abstract record NodeAttribute(string Name)
{
    public static NodeAttribute Of(string name, long value) => new WholeAttribute(name, value);

    public static NodeAttribute Of(string name, ImmutableArray<long> values) => new WholesAttribute(name, values);

    public static NodeAttribute Of(string name, ImmutableArray<float> values) => new RealsAttribute(name, values);

    public static NodeAttribute Of(string name, ImmutableArray<string> values) => new TextsAttribute(name, values);

    /// <summary>Appends the fields of AttributeProto.</summary>
    public void Write(ProtoWriter writer)
    {
        const int NameField = 1, WholeField = 3, RealsField = 7, WholesField = 8, TextsField = 9, KindField = 20;
        writer.Text(NameField, Name);
        switch (this)
        {
            case WholeAttribute whole:
                writer.Number(WholeField, whole.Value);
                writer.Number(KindField, 2);
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

    private sealed record WholesAttribute(string Name, ImmutableArray<long> Values) : NodeAttribute(Name);

    private sealed record RealsAttribute(string Name, ImmutableArray<float> Values) : NodeAttribute(Name);

    private sealed record TextsAttribute(string Name, ImmutableArray<string> Values) : NodeAttribute(Name);
}
