using System.Collections.Immutable;
using MlSql.Columnar;
using MlSql.Columnar.Ipc;
using MlSql.Columnar.Memory;

namespace MlSql.Worker.Evaluation;

/// <summary>Arguments of which some arrive as the elements of one list, before all others: as if each was a column of its own.</summary>
internal sealed class PackedArguments
{
    private readonly ImmutableArray<int> _packed;
    private readonly ListElements _elements;
    private readonly ColumnView[] _columns;

    /// <summary>Binds to the columns that come: a list of the arguments at the places <paramref name="packed"/> (ascending), then the rest in its order. Throws <see cref="CodedException"/> MLS4309, MLS4311.</summary>
    public PackedArguments(ImmutableArray<int> packed, ReadOnlySpan<ArrowField> columns)
    {
        if (columns.IsEmpty) throw WorkerErrors.ArgumentCount(1, 0);
        int all = packed.Length + columns.Length - 1;
        if (packed[^1] >= all) throw WorkerErrors.ArgumentCount(packed[^1] + 1, all);
        if (columns[0].Type is not ListType { Element: var element } || !ListElements.Takes(element)) throw WorkerErrors.ArgumentType(columns[0].Name, columns[0].Type);
        (_packed, _elements, _columns) = (packed, new(element, packed.Length), new ColumnView[all]);
        var fields = new ArrowField[all];
        foreach (int place in packed) fields[place] = ArrowField.Of(columns[0].Name, element);
        for (int place = 0, next = 1; place < all; place++)
            if (fields[place] is null) fields[place] = columns[next++];
        Fields = [.. fields];
    }

    /// <summary>The arguments in their order.</summary>
    public ImmutableArray<ArrowField> Fields { get; }

    /// <summary>The arguments of a batch, valid until the next call. Throws <see cref="CodedException"/> MLS4309 for a list of another length.</summary>
    public ReadOnlySpan<ColumnView> Unpack(ReadOnlySpan<ColumnView> columns, int rows)
    {
        var lists = columns[0];
        int width = _packed.Length, first = rows == 0 ? 0 : lists.List(0).Start;
        for (int r = 0; r < rows; r++)
            if (!lists.IsValid(r) || lists.List(r) != (first + r * width, width)) throw WorkerErrors.ArgumentCount(width, lists.IsValid(r) ? lists.List(r).Length : 0);
        var elements = _elements.Split(lists.Children[0], first, rows);
        for (int place = 0, next = 1, taken = 0; place < _columns.Length; place++)
            _columns[place] = taken < width && _packed[taken] == place ? elements[taken++] : columns[next++];
        return _columns;
    }
}
