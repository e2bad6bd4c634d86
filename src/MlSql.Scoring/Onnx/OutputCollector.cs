using MlSql.Columnar;
using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Puts together one output of all slices of a call.</summary>
internal abstract class OutputCollector
{
    /// <summary>The collector for an output whose type the session declares as <paramref name="declared"/>; its element types are the graph's and cannot change. Throws <see cref="CodedException"/> MLS4109 or MLS4114.</summary>
    public static OutputCollector Create(OrtApi api, GraphOutput output, GraphValueType declared, int rows) => declared switch
    {
        TensorValueType t => new TensorCollector(api, output, t.Element, rows),
        SequenceValueType { Element: MapValueType { Value: TensorValueType value } map } => new MapCollector(api, output, map.Key, value.Element, rows),
        SequenceValueType { Element: TensorValueType t } => new ListsCollector(api, output, t.Element, rows),
        SequenceValueType => throw RuntimeErrors.OutputUnsupported(output.Name, "it is a sequence of neither maps nor tensors"),
        _ => throw RuntimeErrors.OutputUnsupported(output.Name, "it is a map, not a sequence of one a row"),
    };

    /// <summary>
    /// Takes the first <paramref name="kept"/> of the <paramref name="fed"/> rows of a run. True when the value became the collector's own; else the caller still releases it.
    /// <paramref name="only"/>: there is no other run.
    /// </summary>
    public abstract bool Take(nint value, int fed, int kept, bool only);

    /// <summary>The column of all rows.</summary>
    public abstract GraphColumn Finish();
}

/// <summary>A tensor with a row a row, or without rows.</summary>
internal sealed class TensorCollector(OrtApi api, GraphOutput output, TensorElement element, int rows) : OutputCollector
{
    private readonly TensorPart _part = new(api, output.Name, element, rows);
    private bool _batchWide;

    public override bool Take(nint value, int fed, int kept, bool only)
    {
        api.Describe(value, out var shape);
        if (output.BatchWide)
        {
            int width = _part.Check(Product(shape), output.Width);
            _batchWide = only;
            return _part.TakeRow(value, width, only ? 1 : kept);
        }
        if (shape.Length == 0 || shape[0] != fed) throw RuntimeErrors.OutputRows(output.Name, fed, shape.Length == 0 ? 1 : shape[0]);
        return _part.Take(value, fed, kept, _part.Check(Product(shape[1..]), output.Type is ListType ? output.Width : 1), only);
    }

    public override GraphColumn Finish() => new ValueColumn(_part.Finish(_batchWide ? 1 : rows, output.Width ?? (output.Type is ListType ? 0 : 1)), _batchWide);

    internal static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes) product = checked(product * size);
        return product;
    }
}

/// <summary>A sequence of one map a row.</summary>
internal sealed class MapCollector(OrtApi api, GraphOutput output, TensorElement key, TensorElement value, int rows) : OutputCollector
{
    private readonly GrowingValues _keys = new(api, key);
    private readonly GrowingValues _values = new(api, value);
    private readonly int[] _offsets = new int[rows + 1];
    private int _row;

    public override bool Take(nint sequence, int fed, int kept, bool only)
    {
        int count = api.ElementCount(sequence);
        if (count != fed) throw RuntimeErrors.OutputRows(output.Name, fed, count);
        for (int i = 0; i < kept; i++)
        {
            nint map = api.ElementOf(sequence, i);
            try
            {
                int entries = TakeHalf(map, 0, _keys);
                TakeHalf(map, 1, _values);
                _offsets[_row + 1] = _offsets[_row] + entries;
                _row++;
            }
            finally
            {
                api.ReleaseValue(map);
            }
        }
        return false;
    }

    public override GraphColumn Finish() => new MapColumn(_offsets, _keys.Finish(), _values.Finish());

    private int TakeHalf(nint map, int which, GrowingValues into)
    {
        nint half = api.ElementOf(map, which);
        try
        {
            api.Describe(half, out var shape);
            int count = checked((int)TensorCollector.Product(shape));
            into.Append(half, count);
            return count;
        }
        finally
        {
            api.ReleaseValue(half);
        }
    }
}

/// <summary>A sequence of tensors, each of which has a row a row.</summary>
internal sealed class ListsCollector(OrtApi api, GraphOutput output, TensorElement element, int rows) : OutputCollector
{
    private TensorPart[]? _parts;

    public override bool Take(nint sequence, int fed, int kept, bool only)
    {
        int count = api.ElementCount(sequence);
        _parts ??= [.. Enumerable.Range(0, count).Select(i => new TensorPart(api, $"{output.Name}[{i}]", element, rows))];
        if (count != _parts.Length) throw RuntimeErrors.OutputWidth(output.Name, _parts.Length, count);
        for (int i = 0; i < count; i++)
        {
            nint part = api.ElementOf(sequence, i);
            bool taken = false;
            try
            {
                api.Describe(part, out var shape);
                if (shape.Length == 0 || shape[0] != fed) throw RuntimeErrors.OutputRows($"{output.Name}[{i}]", fed, shape.Length == 0 ? 1 : shape[0]);
                taken = _parts[i].Take(part, fed, kept, _parts[i].Check(TensorCollector.Product(shape[1..]), null), only);
            }
            finally
            {
                if (!taken) api.ReleaseValue(part);
            }
        }
        return false;
    }

    public override GraphColumn Finish() => new ListsColumn([.. (_parts ?? []).Select(part => part.Finish(rows, 0))]);
}
