using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Models;
using MlSql.Models.Onnx;

namespace MlSql;

/// <summary>What kind of answer a graph's outputs are.</summary>
/// <param name="Task">Classification where the first output is a class a row and the second a number a class; regression where the only output is a number; else the outputs as they are.</param>
/// <param name="Classes">A classifier's classes, ascending.</param>
/// <param name="ClassOrder">For each class the position of its number in the second output.</param>
internal sealed record GraphAnswer(ModelTask Task, ClassLabels? Classes, ImmutableArray<int> ClassOrder)
{
    /// <summary>Looks at the outputs as a trial run found them; <paramref name="named"/> are the classes that the file names, in its own order.</summary>
    public static GraphAnswer Of(ImmutableArray<GraphOutput> outputs, ClassLabels? named)
    {
        if (outputs is [{ BatchWide: false, Type: IntegerType { Bits: 64, Signed: true } or StringType } label, { BatchWide: false, Type: ListType { Element: FloatType } or MapType { Value: FloatType } } second, ..]
            && ClassesOf(label.Type is StringType ? ClassKind.Text : ClassKind.Integer, second.Width, named) is { } classes)
        {
            int[] order = [.. Enumerable.Range(0, classes.Values.Length)];
            Array.Sort(order, (a, b) => Compare(classes.Kind, classes.Values[a], classes.Values[b]));
            return new(ModelTask.Classification, new ClassLabels(classes.Kind, [.. order.Select(i => classes.Values[i])]), [.. order]);
        }
        bool number = outputs is [{ BatchWide: false, Type: FloatType or IntegerType }];
        return new(number ? ModelTask.Regression : ModelTask.Graph, null, []);
    }

    private static ClassLabels? ClassesOf(ClassKind kind, int? count, ClassLabels? named)
    {
        if (named is not null && named.Kind == kind && (count is null || named.Values.Length == count) && named.Values.Distinct().Count() == named.Values.Length) return named;
        // Classes that no node names are counted, also where the labels are texts.
        return count is { } k ? new ClassLabels(ClassKind.Integer, [.. Enumerable.Range(0, k).Select(i => i.ToString(CultureInfo.InvariantCulture))]) : null;
    }

    private static int Compare(ClassKind kind, string a, string b) => kind == ClassKind.Integer
        ? long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture))
        : Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
}
