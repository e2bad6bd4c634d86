using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MlSql.Columnar;
using MlSql.Scoring.Outputs;

namespace MlSql.Rows;

/// <summary>A column of predictions that is written by scoring and read as values of .NET. Filled again and again, by one thread at a time.</summary>
internal sealed class PredictedColumn
{
    private readonly PredictedColumn[] _children;
    private byte[] _values = [];
    private string?[] _texts = [];
    private int[] _starts = [];
    private bool[] _nulls = [];
    private int _rows;

    public PredictedColumn(DataType type)
    {
        Type = type;
        _children = type switch
        {
            ListType list => [new(list.Element)],
            MapType map => [new(new StructType([new Field("key", map.Key), new Field("value", map.Value)]))],
            StructType fields => [.. fields.Fields.Select(f => new PredictedColumn(f.Type))],
            _ => [],
        };
    }

    public DataType Type { get; }

    /// <summary>What scoring writes to, for so many rows.</summary>
    public Output Open(int rows)
    {
        Reset(rows);
        return new(this);
    }

    /// <summary>A number of a DOUBLE column; false for NULL.</summary>
    public bool TryDouble(int row, out double value)
    {
        value = Values<double>()[row];
        return !_nulls[row];
    }

    /// <summary>The numbers of a list of DOUBLE; none for NULL.</summary>
    public double[] Doubles(int row) => _nulls[row] ? [] : _children[0].Values<double>()[_starts[row].._starts[row + 1]].ToArray();

    /// <summary>A value: lists as arrays, structs and maps as dictionaries.</summary>
    public object? Read(int row)
    {
        if (_nulls[row]) return null;
        return Type switch
        {
            BooleanType => Values<byte>()[row] != 0,
            StringType => _texts[row] ?? "",
            IntegerType { Bits: 8, Signed: true } => Values<sbyte>()[row],
            IntegerType { Bits: 8 } => Values<byte>()[row],
            IntegerType { Bits: 16, Signed: true } => Values<short>()[row],
            IntegerType { Bits: 16 } => Values<ushort>()[row],
            IntegerType { Bits: 32, Signed: true } => Values<int>()[row],
            IntegerType { Bits: 32 } => Values<uint>()[row],
            IntegerType { Bits: 64, Signed: true } => Values<long>()[row],
            IntegerType { Bits: 64 } => Values<ulong>()[row],
            FloatType { Bits: 32 } => Values<float>()[row],
            FloatType => Values<double>()[row],
            ListType { Element: FloatType { Bits: 64 } } => Doubles(row),
            ListType { Element: FloatType { Bits: 32 } } => _children[0].Values<float>()[_starts[row].._starts[row + 1]].ToArray(),
            ListType { Element: IntegerType { Bits: 64, Signed: true } } => _children[0].Values<long>()[_starts[row].._starts[row + 1]].ToArray(),
            ListType { Element: IntegerType { Bits: 32, Signed: true } } => _children[0].Values<int>()[_starts[row].._starts[row + 1]].ToArray(),
            ListType { Element: StringType } => Elements(row).Select(e => (string?)e).ToArray(),
            ListType => Elements(row).ToArray(),
            MapType => Elements(row).Cast<Dictionary<string, object?>>().ToDictionary(e => e["key"]!, e => e["value"]),
            StructType fields => fields.Fields.Select((f, i) => (f.Name, Value: _children[i].Read(row))).ToDictionary(f => f.Name, f => f.Value),
            _ => throw new UnreachableException(Type.ToString()),
        };
    }

    private IEnumerable<object?> Elements(int row) => Enumerable.Range(_starts[row], _starts[row + 1] - _starts[row]).Select(_children[0].Read);

    private Span<T> Values<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(_values.AsSpan())[.._rows];

    private void Reset(int rows)
    {
        _rows = rows;
        if (_nulls.Length < rows)
        {
            _nulls = new bool[rows];
            _values = Type is StringType or ListType or MapType or StructType ? [] : new byte[checked(rows * Unsafe.SizeOf<Int128>())];
            _texts = Type is StringType ? new string?[rows] : [];
            _starts = Type is ListType or MapType ? new int[rows + 1] : [];
        }
        _nulls.AsSpan(0, rows).Clear();
        if (Type is StructType)
            foreach (var field in _children) field.Reset(rows);
    }

    /// <summary>The column as scoring writes it.</summary>
    internal readonly struct Output(PredictedColumn column) : IColumnOutput<Output>
    {
        public DataType Type => column.Type;

        public int Rows => column._rows;

        public Span<T> Values<T>() where T : unmanaged => column.Values<T>();

        public void SetNull(int row) => column._nulls[row] = true;

        public void SetText(int row, ReadOnlySpan<byte> utf8) => column._texts[row] = Encoding.UTF8.GetString(utf8);

        public Output SetLists(ReadOnlySpan<int> lengths)
        {
            for (int row = 0; row < lengths.Length; row++) column._starts[row + 1] = column._starts[row] + lengths[row];
            return column._children[0].Open(column._starts[lengths.Length]);
        }

        public Output Field(int index) => new(column._children[index]);
    }
}
