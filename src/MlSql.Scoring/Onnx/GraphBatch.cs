using System.Collections.Immutable;
using MlSql.Models.Onnx;

namespace MlSql.Scoring.Onnx;

/// <summary>One output of a graph for the rows of a batch. A closed family.</summary>
public abstract class GraphColumn
{
    private protected GraphColumn() { }

    internal abstract void Free();
}

/// <summary>A value (width 1) or a list of values a row; or, when <paramref name="batchWide"/>, one such row that stands for every row.</summary>
public sealed class ValueColumn(TensorValues values, bool batchWide) : GraphColumn
{
    /// <summary>Rows · Width elements, or Width where they are for all rows.</summary>
    public TensorValues Values => values;

    /// <summary>True when <see cref="Values"/> has a single row, which stands for every row.</summary>
    public bool BatchWide => batchWide;

    internal override void Free() => values.Free();
}

/// <summary>A map a row: the entries of row r are <see cref="Offsets"/>[r] … <see cref="Offsets"/>[r + 1] of <see cref="Keys"/> and <see cref="Values"/>.</summary>
public sealed class MapColumn : GraphColumn
{
    private readonly int[] _offsets;

    internal MapColumn(int[] offsets, TensorValues keys, TensorValues values)
    {
        (_offsets, Keys, Values) = (offsets, keys, values);
    }

    /// <summary>Rows + 1 positions, ascending.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>The keys of all rows' entries, one after another; 64-bit integers or texts.</summary>
    public TensorValues Keys { get; }

    /// <summary>The values of all rows' entries.</summary>
    public TensorValues Values { get; }

    internal override void Free()
    {
        Keys.Free();
        Values.Free();
    }
}

/// <summary>A list of lists a row: list i of row r is row r of <see cref="Parts"/>[i].</summary>
public sealed class ListsColumn : GraphColumn
{
    internal ListsColumn(ImmutableArray<TensorValues> parts) => Parts = parts;

    /// <summary>The tensors of the sequence, each with all rows.</summary>
    public ImmutableArray<TensorValues> Parts { get; }

    internal override void Free()
    {
        foreach (var part in Parts) part.Free();
    }
}

/// <summary>What a graph computed for the rows of one call. Dispose it when the values are copied.</summary>
public sealed class GraphBatch : IDisposable
{
    private readonly ulong[]? _valid;

    internal GraphBatch(int rows, ImmutableArray<GraphOutput> outputs, ImmutableArray<GraphColumn> columns, ulong[]? valid)
    {
        (Rows, Outputs, Columns, _valid) = (rows, outputs, columns, valid);
    }

    /// <summary>Rows scored.</summary>
    public int Rows { get; }

    /// <summary>What the columns are.</summary>
    public ImmutableArray<GraphOutput> Outputs { get; }

    /// <summary>One column an output of the structure, in its order.</summary>
    public ImmutableArray<GraphColumn> Columns { get; }

    /// <summary>A bit a row, least significant first, 0 where all outputs are NULL because a feature is; empty when no row is so.</summary>
    public ReadOnlySpan<ulong> Validity => _valid;

    /// <summary>False when all outputs of the row are NULL because a feature is.</summary>
    public bool IsValid(int row) => _valid is null || (_valid[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>Gives the runtime its memory back; the columns' values cannot be read any more.</summary>
    public void Dispose()
    {
        foreach (var column in Columns) column.Free();
    }
}
