using MlSql.Models.Onnx;
using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>The rows of one tensor output over all slices of a call: left in the runtime's memory where there is one slice, else copied side by side.</summary>
internal sealed class TensorPart(OrtApi api, string name, TensorElement element, int rows)
{
    private readonly TensorElement _read = TensorElements.Widened(element);
    private TensorValues? _inPlace;
    private TextSink? _texts;
    private byte[] _bytes = [];
    private int _length;
    private int? _width;

    /// <summary>The width, which may differ neither from what is known of the output nor between slices.</summary>
    public int Check(long width, int? known)
    {
        int expected = known ?? _width ?? checked((int)width);
        if (width != expected) throw RuntimeErrors.OutputWidth(name, expected, width);
        return expected;
    }

    /// <summary>Takes the first rows of a tensor; true when the value itself was taken.</summary>
    public bool Take(nint value, int fed, int kept, int width, bool only)
    {
        _width = width;
        if (element == TensorElement.Text)
        {
            (_texts ??= new TextSink()).Append(api, value, fed * width, kept * width);
            return false;
        }
        if (only && fed == kept && element == _read)
        {
            _inPlace = new TensorValues(_read, fed, width, new ValueHandle(api, value));
            return true;
        }
        CopyNumbers(value, kept, width);
        return false;
    }

    /// <summary>Takes a value without rows, repeated on so many rows.</summary>
    public bool TakeRow(nint value, int width, int times)
    {
        _width = width;
        for (int i = 0; i < times; i++)
        {
            if (element != TensorElement.Text) CopyNumbers(value, 1, width);
            else if (i == 0) (_texts ??= new TextSink()).Append(api, value, width, width);
            else _texts!.Repeat(width);
        }
        return false;
    }

    /// <summary>All rows; <paramref name="emptyWidth"/> is the width where nothing was taken.</summary>
    public TensorValues Finish(int finishedRows, int emptyWidth)
    {
        int width = _width ?? emptyWidth;
        if (element == TensorElement.Text) return (_texts ?? new TextSink()).Finish(finishedRows, width);
        return _inPlace ?? new TensorValues(_read, finishedRows, width, _bytes);
    }

    private void CopyNumbers(nint value, int count, int width)
    {
        int size = TensorElements.Bytes(_read);
        if (_bytes.Length == 0) _bytes = new byte[checked(rows * width * size)];
        TensorReader.CopyNumbers(api, value, element, count * width, _bytes.AsSpan(_length, count * width * size));
        _length += count * width * size;
    }
}

/// <summary>Elements of which nobody knows beforehand how many there will be.</summary>
internal sealed class GrowingValues(OrtApi api, TensorElement element)
{
    private readonly TensorElement _read = TensorElements.Widened(element);
    private readonly TextSink? _texts = element == TensorElement.Text ? new TextSink() : null;
    private byte[] _bytes = [];
    private int _count;

    public void Append(nint value, int count)
    {
        if (_texts is not null)
        {
            _texts.Append(api, value, count, count);
        }
        else
        {
            int size = TensorElements.Bytes(_read);
            if (_bytes.Length < (_count + count) * size) Array.Resize(ref _bytes, Math.Max((_count + count) * size, _bytes.Length * 2));
            TensorReader.CopyNumbers(api, value, element, count, _bytes.AsSpan(_count * size, count * size));
        }
        _count += count;
    }

    public TensorValues Finish() => _texts is null ? new TensorValues(_read, _count, 1, _bytes) : _texts.Finish(_count, 1);
}
