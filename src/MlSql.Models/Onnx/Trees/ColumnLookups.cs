using System.Collections.Immutable;
using System.Text;
using MlSql.Models.Onnx.Graphs;
using MlSql.Models.Onnx.Protobuf;

namespace MlSql.Models.Onnx.Trees;

/// <summary>Operators that look texts and whole numbers up.</summary>
internal static class ColumnLookups
{
    /// <summary>ONNX-ML's OneHotEncoder: a column a category, 1 for its own value and 0 for any other.</summary>
    public static ColumnTensor OneHot(ModelFile file, ColumnTensor tensor, AttributeTable attributes)
    {
        if (attributes.IntegerOf("zeros") == 0) throw new UnrecognisedException("its OneHotEncoder fails for an unseen category");
        string[] texts = Texts(file, attributes, "cats_strings");
        long[] codes = Codes(attributes, "cats_int64s");
        if (texts.Length > 0 == codes.Length > 0 || texts.Distinct(StringComparer.Ordinal).Count() != texts.Length || codes.Distinct().Count() != codes.Length) throw new UnrecognisedException("its OneHotEncoder has no clear categories");
        if ((long)tensor.Columns.Length * (texts.Length + codes.Length) > ColumnShapes.MostColumns) throw new UnrecognisedException("its OneHotEncoder gives too many columns");
        var columns = ImmutableArray.CreateBuilder<SymbolicColumn>();
        foreach (SymbolicColumn column in tensor.Columns)
        {
            if (texts.Length > 0) columns.AddRange(texts.Select(text => Levels(column, ImmutableDictionary<string, double>.Empty.Add(text, 1), 0)));
            else columns.AddRange(codes.Select(code => Codes(tensor, column, ImmutableDictionary<long, double>.Empty.Add(code, 1), 0)));
        }
        return new(TensorElement.Float, tensor.Shape.Add(texts.Length + codes.Length), columns.ToImmutable());
    }

    /// <summary>ONNX-ML's LabelEncoder to numbers.</summary>
    public static ColumnTensor Encode(ModelFile file, ColumnTensor tensor, AttributeTable attributes)
    {
        // The first version numbers its texts.
        string[] classes = Texts(file, attributes, "classes_strings"), texts = classes.Length > 0 ? classes : Texts(file, attributes, "keys_strings");
        long[] codes = Codes(attributes, "keys_int64s"), wholes = classes.Length > 0 ? [.. classes.Select((_, i) => (long)i)] : Codes(attributes, "values_int64s");
        double[] reals = attributes.RealsOf("values_floats");
        int count = texts.Length + codes.Length;
        if (count == 0 || texts.Length > 0 == codes.Length > 0 || wholes.Length + reals.Length != count || wholes.Length > 0 == reals.Length > 0) throw new UnrecognisedException("its LabelEncoder does not give numbers for texts or whole numbers");
        double[] values = reals.Length > 0 ? reals : Array.ConvertAll(wholes, w => (double)w);
        double other = reals.Length > 0 ? attributes.RealOf("default_float") ?? -0f : attributes.IntegerOf("default_int64") ?? -1;
        if (reals.Length == 0 && values.Append(other).Any(v => Math.Abs(v) > 1 << 24)) throw new UnrecognisedException("its LabelEncoder gives numbers beyond 2^24");
        if (texts.Distinct(StringComparer.Ordinal).Count() + codes.Distinct().Count() != count) throw new UnrecognisedException("its LabelEncoder gives a key two values");
        return new(reals.Length > 0 ? TensorElement.Float : TensorElement.Int64, tensor.Shape, texts.Length > 0
            ? [.. Each(tensor, texts.Zip(values).ToImmutableDictionary(p => p.First, p => p.Second, StringComparer.Ordinal), (column, levels) => Levels(column, levels, other))]
            : [.. Each(tensor, codes.Zip(values).ToImmutableDictionary(p => p.First, p => p.Second), (column, levels) => Codes(tensor, column, levels, other))]);
    }

    // Steps behind it change every value of every column.
    private static IEnumerable<SymbolicColumn> Each<T>(ColumnTensor tensor, T levels, Func<SymbolicColumn, T, SymbolicColumn> look) where T : System.Collections.ICollection =>
        (long)tensor.Columns.Length * levels.Count <= ColumnShapes.MostColumns ? tensor.Columns.Select(column => look(column, levels)) : throw new UnrecognisedException("its LabelEncoder has too many keys");

    private static LevelColumn Levels(SymbolicColumn column, ImmutableDictionary<string, double> levels, double other) =>
        column is TextColumn text ? new(text.Slot, levels, other) : throw new UnrecognisedException("it looks up texts in what are none");

    private static CodeColumn Codes(ColumnTensor tensor, SymbolicColumn column, ImmutableDictionary<long, double> codes, double other) =>
        column is NumberColumn { Steps.IsEmpty: true, Slot.IsWhole: true } number && tensor.Element == TensorElement.Int64 ? new(number.Slot, codes, other) : throw new UnrecognisedException("it looks up whole numbers in what are none");

    private static long[] Codes(AttributeTable attributes, string name)
    {
        List<long> codes = [];
        foreach (long code in attributes.IntegersOf(name)) codes.Add(code);
        return [.. codes];
    }

    private static string[] Texts(ModelFile file, AttributeTable attributes, string name) => [.. attributes.TextsOf(name).Select(text => Text(file, text))];

    // A category of broken bytes meets no column, but its replacement might.
    private static string Text(ModelFile file, Slice text) =>
        System.Text.Unicode.Utf8.IsValid(text.Of(file.Span)) ? Encoding.UTF8.GetString(text.Of(file.Span)) : throw new UnrecognisedException("a text in it is not valid UTF-8");
}
