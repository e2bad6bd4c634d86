using System.Globalization;
using System.Text;
using MlSql.Columnar;
using MlSql.Columnar.Memory;
using MlSql.Models;
using MlSql.Training.Kernels;

namespace MlSql.Training.Rows;

/// <summary>The labels: values for regression, codes of the classes in the order of first sight for classification.</summary>
internal sealed class LabelColumn
{
    // Above this many we stop counting and say "more than".
    private const int MaxClasses = 1_000;

    private readonly Field _label;
    private readonly bool _classes;
    private readonly TextDictionary _texts;
    private readonly Dictionary<double, int> _numbers = [];
    private readonly double[] _segment = new double[RowStore.SegmentRows];
    private readonly int[] _codeOfEnum;
    private double _firstClass = double.NaN;
    private double _secondClass = double.NaN;
    private int _count;

    /// <summary>Throws MLS3008 for a type that cannot be a label of the task.</summary>
    public LabelColumn(Field label, ModelTask task, MemoryBudget budget)
    {
        _label = label;
        _classes = task == ModelTask.Classification;
        _texts = new(label.Name, budget);
        _codeOfEnum = label.Type is EnumType e ? Enumerable.Repeat(-1, e.Values.Length).ToArray() : [];
        bool text = label.Type is StringType or EnumType;
        if (!NumberReader.CanRead(label.Type) && !(text && _classes))
            throw TrainingErrors.LabelType(label.Name, label.Type, _classes ? "classification" : "regression", Hint(text));
        for (int i = 0; i < Parts.Length; i++) Parts[i] = new(budget);
        Kind = label.Type switch
        {
            StringType or EnumType => ClassKind.Text,
            BooleanType => ClassKind.Boolean,
            IntegerType or DecimalType { Scale: 0 } => ClassKind.Integer,
            _ => ClassKind.Real,
        };
    }

    public ChunkedArray<double>[] Parts { get; private set; } = new ChunkedArray<double>[RowSelection.Parts];

    public ClassKind Kind { get; }

    private bool IsText => Kind == ClassKind.Text;

    /// <summary>Reads rows and marks those with NULL (or NaN) as dropped. Throws MLS3007, MLS3009.</summary>
    public void Load(ColumnView view, int start, int count, Span<RowPart> parts)
    {
        _count = count;
        Span<double> values = _segment.AsSpan(0, count);
        if (IsText)
        {
            for (int i = 0; i < count; i++) values[i] = view.IsValid(start + i) ? TextCode(view, start + i) : double.NaN;
            if (_texts.Count > MaxClasses) throw TooMany();
        }
        else
        {
            NumberReader.Read(view, start, values);
        }
        for (int i = 0; i < count; i++)
        {
            if (double.IsNaN(values[i])) parts[i] = RowPart.Dropped;
            else if (double.IsInfinity(values[i])) throw TrainingErrors.InfiniteLabel(_label.Name);
        }
    }

    public void Hash(Span<ulong> hashes)
    {
        if (!IsText) RowHash.MixNumbers(_segment.AsSpan(0, _count), hashes);
        else
            for (int i = 0; i < _count; i++) hashes[i] = RowHash.Mix(hashes[i], double.IsNaN(_segment[i]) ? RowHash.Null : _texts.Hash((int)_segment[i]));
    }

    public void Store(RowSelection selection)
    {
        if (_classes && !IsText)
        {
            for (int i = 0; i < _count; i++)
            {
                double value = _segment[i] + 0.0; // -0 becomes 0
                if (!double.IsNaN(value)) _segment[i] = value == _firstClass ? 0 : value == _secondClass ? 1 : NumberCode(value);
            }
        }
        selection.Append<double>(_segment.AsSpan(0, _count), Parts);
    }

    /// <summary>Takes the rows of all threads' labels, of which this is the first, in the order of the runs of each part. The others are empty afterwards. Throws MLS3007.</summary>
    public void Arrange(LabelColumn[] all, IReadOnlyList<RowRun>[] runs)
    {
        foreach (LabelColumn other in all.Where(labels => _classes && labels != this))
        {
            int[] codes = IsText ? _texts.Take(other._texts) : [.. other._numbers.OrderBy(pair => pair.Value).Select(pair => NumberCode(pair.Key))];
            if (_texts.Count > MaxClasses) throw TooMany();
            foreach (ChunkedArray<double> part in other.Parts)
                for (int block = 0; block < part.Blocks; block++)
                    foreach (ref double code in part.Block(block)) code = codes[(int)code];
        }
        Parts = ChunkedArray<double>.Arrange([.. all.Select(labels => labels.Parts)], runs);
    }

    /// <summary>Sorts the classes by value and rewrites the stored codes as their indexes. Throws MLS3006, MLS3007 above so many.</summary>
    public ClassLabels FinishClasses(int most)
    {
        int count = Codes;
        if (count > most) throw TrainingErrors.TooManyClasses(_label.Name, count.ToString(CultureInfo.InvariantCulture), most);
        int[] order = Enumerable.Range(0, count).ToArray();
        if (IsText) Array.Sort(order, (a, b) => _texts.Utf8(a).SequenceCompareTo(_texts.Utf8(b)));
        else order = _numbers.OrderBy(pair => pair.Key).Select(pair => pair.Value).ToArray();
        if (count == 1) throw TrainingErrors.OneClass(_label.Name, ClassText(order[0]));
        double[] indexes = new double[count];
        for (int i = 0; i < count; i++) indexes[order[i]] = i;
        if (!order.AsSpan().SequenceEqual([.. Enumerable.Range(0, count)]))
            foreach (ChunkedArray<double> part in Parts)
                for (int block = 0; block < part.Blocks; block++)
                    foreach (ref double code in part.Block(block)) code = indexes[(int)code];
        return new(Kind, [.. order.Select(ClassText)]);
    }

    /// <summary>How many codes there are.</summary>
    public int Codes => IsText ? _texts.Count : _numbers.Count;

    /// <summary>For each code the index of its class; -1 for one that is none of them.</summary>
    public double[] IndexesIn(ClassLabels classes) => [.. Enumerable.Range(0, Codes).Select(code => (double)classes.Values.IndexOf(ClassText(code)))];

    private string ClassText(int code)
    {
        if (IsText) return Encoding.UTF8.GetString(_texts.Utf8(code));
        double value = _numbers.First(pair => pair.Value == code).Key;
        return Kind switch
        {
            ClassKind.Boolean => value == 0 ? "false" : "true",
            ClassKind.Integer => ((Int128)value).ToString(CultureInfo.InvariantCulture),
            _ => _label.Type is FloatType { Bits: 32 } ? ((float)value).ToString("R", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture),
        };
    }

    private int NumberCode(double value)
    {
        if (_numbers.TryGetValue(value, out int code)) return code;
        if (_numbers.Count == MaxClasses) throw TooMany();
        if (_numbers.Count == 0) _firstClass = value;
        else if (_numbers.Count == 1) _secondClass = value;
        _numbers.Add(value, _numbers.Count);
        return _numbers.Count - 1;
    }

    private int TextCode(ColumnView view, int row)
    {
        if (view.Type is not EnumType type) return _texts.CodeOf(view.Text(row));
        int index = EnumReader.Index(view, type, row);
        if (_codeOfEnum[index] < 0) _codeOfEnum[index] = _texts.CodeOf(Encoding.UTF8.GetBytes(type.Values[index]));
        return _codeOfEnum[index];
    }

    private Columnar.CodedException TooMany() => TrainingErrors.TooManyClasses(_label.Name, string.Create(CultureInfo.InvariantCulture, $"more than {MaxClasses:N0}"), MaxClasses);

    private string Hint(bool text) => text
        ? "Train logistic_regression for classes, or make a number of the label in the query."
        : _classes ? "Labels of classes are texts, enums, numbers or booleans; CAST it in the query." : $"Make a number of it in the query, for example epoch({_label.Name}) for a time.";
}
