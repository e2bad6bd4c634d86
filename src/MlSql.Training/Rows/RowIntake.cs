using MlSql.Columnar.Memory;
using MlSql.Training.Rounds;

namespace MlSql.Training.Rows;

/// <summary>Takes rows from any number of threads, each into a store of its own, and puts them in order when all are there.</summary>
internal sealed class RowIntake : IDisposable
{
    private readonly RowStore _first;
    private readonly List<RowStore> _stores = [];
    private readonly ThreadLocal<(int Number, RowStore Store)> _mine;
    private readonly List<RowRun>[] _pieces = new List<RowRun>[RowSelection.Parts];
    private long _rows;

    public RowIntake(TrainingSpec spec, MemoryBudget budget)
    {
        _first = new(spec, budget);
        for (int part = 0; part < _pieces.Length; part++) _pieces[part] = [];
        _mine = new(Open);
    }

    /// <summary>Rows taken so far.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Appends rows and gives the number of this piece: 0, 1, 2 … as they came.</summary>
    public int Append(ReadOnlySpan<ColumnView> columns, int rows)
    {
        (int number, RowStore store) = _mine.Value;
        Span<long> starts = stackalloc long[RowSelection.Parts];
        for (int part = 0; part < starts.Length; part++) starts[part] = store.RowsOf((RowPart)part);
        store.Append(columns, rows);
        Interlocked.Add(ref _rows, rows);
        lock (_pieces)
        {
            for (int part = 0; part < starts.Length; part++) _pieces[part].Add(new(number, starts[part], store.RowsOf((RowPart)part) - starts[part]));
            return _pieces[0].Count - 1;
        }
    }

    /// <summary>All rows in one store, piece after piece in this order, null for the one in which they came. Nothing can be appended afterwards.</summary>
    public RowStore Arrange(IReadOnlyList<int>? order, BlockCrew crew, CancellationToken cancel)
    {
        int pieces = _pieces[0].Count;
        if (pieces == 0) return _first;
        if (order is not null && (order.Count != pieces || order.Distinct().Count() != pieces)) throw new ArgumentException($"{order.Count} pieces of rows were put in order, but {pieces} came.", nameof(order));
        _first.Arrange(_stores, [.. _pieces.Select(part => Join(order is null ? part : order.Select(piece => part[piece])))], crew, cancel);
        return _first;
    }

    public void Dispose() => _mine.Dispose();

    private static List<RowRun> Join(IEnumerable<RowRun> pieces)
    {
        List<RowRun> runs = [];
        foreach (RowRun piece in pieces)
        {
            if (runs.Count > 0 && runs[^1] is var last && last.Store == piece.Store && last.Start + last.Count == piece.Start) runs[^1] = last with { Count = last.Count + piece.Count };
            else if (piece.Count > 0) runs.Add(piece);
        }
        return runs;
    }

    private (int, RowStore) Open()
    {
        lock (_stores)
        {
            _stores.Add(_stores.Count == 0 ? _first : _first.Another());
            return (_stores.Count - 1, _stores[^1]);
        }
    }
}
