namespace MlSql.Models.Boosters;

/// <summary>A value of an XGBoost file, of whichever of the two forms. A closed family.</summary>
internal abstract record XgBoostNode
{
    private XgBoostNode() { }

    internal sealed record Members(Dictionary<string, XgBoostNode> Values) : XgBoostNode;

    internal sealed record Items(List<XgBoostNode> Values) : XgBoostNode;

    /// <summary>An array of nothing but numbers; booleans are 0 and 1.</summary>
    internal sealed record Numbers(double[] Values) : XgBoostNode;

    internal sealed record Text(string Value) : XgBoostNode;

    internal sealed record Number(double Value) : XgBoostNode;

    internal sealed record Nothing : XgBoostNode;

    /// <summary>Arrays and objects lie at most this deep in each other; XGBoost's lie seven deep.</summary>
    public const int MaxDepth = 32;

    /// <summary>Makes an array, packed where it holds nothing but numbers.</summary>
    public static XgBoostNode OfItems(List<XgBoostNode> values) =>
        values.Count > 0 && values.TrueForAll(v => v is Number) ? new Numbers([.. values.Select(v => ((Number)v).Value)]) : new Items(values);
}
