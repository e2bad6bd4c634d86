using System.Globalization;

namespace MlSql.Models.Boosters;

/// <summary>The members of one object of an XGBoost file, checked as they are read.</summary>
internal sealed class XgBoostFields(Dictionary<string, XgBoostNode> members, string path, BoosterErrors errors)
{
    public static XgBoostFields Of(XgBoostNode node, string path, BoosterErrors errors) =>
        node is XgBoostNode.Members members ? new(members.Values, path, errors) : throw errors.Malformed($"{path} is no object");

    public XgBoostFields Inner(string name) => Of(Member(name), $"{path}.{name}", errors);

    public bool Has(string name) => members.ContainsKey(name);

    public string Text(string name) => Member(name) is XgBoostNode.Text text ? text.Value : throw errors.Malformed($"{path}.{name} is no text");

    /// <summary>A whole number, written as text as parameters are, or as a number.</summary>
    public int Integer(string name)
    {
        double value = Member(name) switch
        {
            XgBoostNode.Number number => number.Value,
            XgBoostNode.Text text when double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
            _ => double.NaN,
        };
        return value == Math.Floor(value) && value >= int.MinValue && value <= int.MaxValue ? (int)value : throw errors.Malformed($"{path}.{name} is no whole number");
    }

    public double[] Numbers(string name) => Member(name) switch
    {
        XgBoostNode.Numbers numbers => numbers.Values,
        XgBoostNode.Items { Values.Count: 0 } => [],
        _ => throw errors.Malformed($"{path}.{name} is no array of numbers"),
    };

    public double[] Numbers(string name, int count)
    {
        double[] numbers = Numbers(name);
        return numbers.Length == count ? numbers : throw errors.Malformed($"{path}.{name} has {numbers.Length} numbers where {count} belong");
    }

    public List<XgBoostNode> Items(string name) => Member(name) switch
    {
        XgBoostNode.Items items => items.Values,
        _ => throw errors.Malformed($"{path}.{name} is no array"),
    };

    private XgBoostNode Member(string name) => members.GetValueOrDefault(name) ?? throw errors.Malformed($"{path} has no {name}");
}
