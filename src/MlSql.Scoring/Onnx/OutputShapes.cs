using System.Collections.Immutable;
using System.Globalization;
using MlSql.Columnar;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Finds the types of a graph's outputs: by what neutral rows give, or else by what it declares.</summary>
internal static class OutputShapes
{
    private const int MoreRows = 3;

    /// <summary>Runs the graph on 1 and on 3 neutral rows, or on a whole batch where its size is fixed.</summary>
    public static ImmutableArray<GraphOutput> Observe(GraphSession session, ImmutableArray<GraphInput> inputs, ImmutableArray<string> outputs, int? batch, RunLimits limits)
    {
        using var run = session.Begin(limits, batch ?? MoreRows);
        int few = batch ?? 1, more = batch ?? MoreRows;
        var atFew = ShapesOf(run, inputs, outputs, few);
        var atMore = more == few ? atFew : ShapesOf(run, inputs, outputs, more);
        return [.. outputs.Select((name, i) => TypeOf(name, session.Outputs.First(o => o.Name == name).Type, atFew[i], few, atMore[i], more))];
    }

    /// <summary>What the outputs are by their declarations.</summary>
    public static ImmutableArray<GraphOutput> Declared(ImmutableArray<GraphValue> outputs) => [.. outputs.Select(o => o.Type switch
    {
        TensorValueType { Shape.IsDefault: true } t => Scalar(o.Name, t.Element, batchWide: false),
        TensorValueType { Shape.Length: 0 } t => Scalar(o.Name, t.Element, batchWide: true),
        TensorValueType t => t.Shape[1..].Aggregate((long?)1, (product, size) => product * size) is var width && width == 1 ? Scalar(o.Name, t.Element, batchWide: false) : List(o.Name, t.Element, (int?)width, batchWide: false),
        SequenceValueType { Element: MapValueType { Value: TensorValueType value } map } => Map(o.Name, map.Key, value.Element),
        SequenceValueType { Element: TensorValueType t } => Lists(o.Name, t.Element),
        _ => throw RuntimeErrors.OutputUnsupported(o.Name, "it is neither a tensor nor a sequence of maps or tensors"),
    })];

    // Of each output: one shape for a tensor, as many as there are elements for a sequence (of maps: without sizes).
    private static long[][][] ShapesOf(GraphRun run, ImmutableArray<GraphInput> inputs, ImmutableArray<string> outputs, int rows)
    {
        var source = new TrialRows(inputs, different: false);
        var tensors = new InputTensor[inputs.Length];
        var values = new nint[outputs.Length];
        try
        {
            for (int i = 0; i < tensors.Length; i++)
            {
                tensors[i] = new InputTensor(run.Api, inputs[i]);
                tensors[i].Prepare(rows);
                source.Fill(i, tensors[i], 0, 0, rows, new RowMask(rows));
            }
            run.Run(new Utf8Names([.. inputs.Select(i => i.Name)]), [.. tensors.Select(t => t.Value)], new Utf8Names(outputs), values);
            return [.. values.Select(v => ShapesOf(run.Api, v))];
        }
        finally
        {
            foreach (var tensor in tensors) tensor?.Dispose();
            foreach (nint value in values)
                if (value != 0) run.Api.ReleaseValue(value);
        }
    }

    private static long[][] ShapesOf(OrtApi api, nint value)
    {
        if (TensorReader.IsTensor(api, value))
        {
            api.Describe(value, out var shape);
            return [shape.ToArray()];
        }
        var elements = new long[api.ElementCount(value)][];
        for (int i = 0; i < elements.Length; i++)
        {
            nint element = api.ElementOf(value, i);
            try
            {
                elements[i] = TensorReader.IsTensor(api, element) ? ShapesOf(api, element)[0] : [];
            }
            finally
            {
                api.ReleaseValue(element);
            }
        }
        return elements;
    }

    private static GraphOutput TypeOf(string name, GraphValueType declared, long[][] few, int fewRows, long[][] more, int moreRows) => declared switch
    {
        TensorValueType t => TypeOfTensor(name, t.Element, few[0], fewRows, more[0], moreRows),
        SequenceValueType { Element: MapValueType { Value: TensorValueType value } map } when few.Length == fewRows && more.Length == moreRows => Map(name, map.Key, value.Element),
        SequenceValueType { Element: TensorValueType t } when few.Length == more.Length && few.All(s => HasRows(s, fewRows)) && more.All(s => HasRows(s, moreRows)) => Lists(name, t.Element),
        SequenceValueType => throw RuntimeErrors.OutputUnsupported(name, string.Create(CultureInfo.InvariantCulture, $"its sequence has {few.Length} elements for {Rows(fewRows)} and {more.Length} for {moreRows}, or tensors that are not by row")),
        _ => throw RuntimeErrors.OutputUnsupported(name, "it is neither a tensor nor a sequence of maps or tensors"),
    };

    private static GraphOutput TypeOfTensor(string name, TensorElement element, long[] few, int fewRows, long[] more, int moreRows)
    {
        if (HasRows(few, fewRows) && HasRows(more, moreRows))
        {
            long width = TensorCollector.Product(few.AsSpan(1)), other = TensorCollector.Product(more.AsSpan(1));
            return width != other ? List(name, element, null, batchWide: false) : Tensor(name, element, checked((int)width));
        }
        if (!few.AsSpan().SequenceEqual(more))
            throw RuntimeErrors.OutputUnsupported(name, string.Create(CultureInfo.InvariantCulture, $"it has the shape [{string.Join(", ", few)}] for {Rows(fewRows)} and [{string.Join(", ", more)}] for {moreRows}"));
        long all = TensorCollector.Product(few);
        return all == 1 ? Scalar(name, element, batchWide: true) : List(name, element, checked((int)all), batchWide: true);
    }

    /// <summary>A tensor of so many values a row.</summary>
    public static GraphOutput Tensor(string name, TensorElement element, int width) => width == 1 ? Scalar(name, element, batchWide: false) : List(name, element, width, batchWide: false);

    /// <summary>A map a row.</summary>
    public static GraphOutput Map(string name, TensorElement key, TensorElement value) => new(name, name, new MapType(TensorElements.TypeOf(key), TensorElements.TypeOf(value)), false, null);

    private static string Rows(int rows) => rows == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{rows} rows");

    private static bool HasRows(long[] shape, int rows) => shape.Length > 0 && shape[0] == rows;

    private static GraphOutput Scalar(string name, TensorElement element, bool batchWide) => new(name, name, TensorElements.TypeOf(element), batchWide, 1);

    private static GraphOutput List(string name, TensorElement element, int? width, bool batchWide) => new(name, name, new ListType(TensorElements.TypeOf(element)), batchWide, width);

    private static GraphOutput Lists(string name, TensorElement element) => new(name, name, new ListType(new ListType(TensorElements.TypeOf(element))), false, null);
}
