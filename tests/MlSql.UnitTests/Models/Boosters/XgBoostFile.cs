using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace MlSql.UnitTests.Models.Boosters;

/// <summary>A small XGBoost model of one split, to be spoilt, and its two forms.</summary>
internal static class XgBoostFile
{
    /// <summary>x0 below ½ gives 1, else 2.</summary>
    public static JsonObject Small() => JsonNode.Parse("""
        {"learner": {
            "feature_names": [], "feature_types": [],
            "gradient_booster": {"model": {"tree_info": [0], "trees": [{
                "tree_param": {"num_nodes": "3", "size_leaf_vector": "1"},
                "left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [0, 0, 0], "split_conditions": [0.5, 1, 2], "split_type": [0, 0, 0],
                "default_left": [0, 0, 0], "loss_changes": [1, 0, 0], "sum_hessian": [4, 2, 2],
                "categories": [], "categories_nodes": [], "categories_segments": [], "categories_sizes": []}]}, "name": "gbtree"},
            "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "2", "num_target": "1"},
            "objective": {"name": "reg:squarederror"}},
         "version": [3, 2, 0]}
        """)!.AsObject();

    /// <summary>The small model with one member changed: a path of names and positions, and its value as JSON.</summary>
    public static JsonObject With(string path, string json)
    {
        JsonObject root = Small();
        string[] names = path.Split('/');
        JsonNode at = root;
        foreach (string name in names[..^1]) at = at is JsonArray array ? array[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : at[name]!;
        at[names[^1]] = JsonNode.Parse(json);
        return root;
    }

    /// <summary>The path of the small model's only tree, a slash behind it.</summary>
    public const string Tree = "learner/gradient_booster/model/trees/0/";

    public static byte[] Json(JsonNode root) => Encoding.UTF8.GetBytes(root.ToJsonString());

    /// <summary>UBJSON; numbers are doubles.</summary>
    public static byte[] Ubj(JsonNode? node) => node switch
    {
        null => "Z"u8.ToArray(),
        JsonObject o => [(byte)'{', .. o.SelectMany(m => (byte[])[.. Utf8(m.Key), .. Ubj(m.Value)]), (byte)'}'],
        JsonArray a => [(byte)'[', .. a.SelectMany(Ubj), (byte)']'],
        JsonValue v when v.TryGetValue(out string? text) => [(byte)'S', .. Utf8(text)],
        JsonValue v when v.TryGetValue(out bool flag) => [(byte)(flag ? 'T' : 'F')],
        _ => [(byte)'D', .. BigEndian(BitConverter.DoubleToInt64Bits(double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)))],
    };

    /// <summary>A length, marked L, as XGBoost writes it.</summary>
    public static byte[] Length(long length) => [(byte)'L', .. BigEndian(length)];

    private static byte[] Utf8(string text) => [.. Length(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] BigEndian(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
