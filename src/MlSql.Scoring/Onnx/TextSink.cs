using MlSql.Scoring.Onnx.Interop;

namespace MlSql.Scoring.Onnx;

/// <summary>Gathers the texts of one tensor after another: their UTF-8 bytes in one block, and where each begins.</summary>
internal sealed class TextSink
{
    private byte[] _bytes = [];
    private int[] _starts = [0];
    private nuint[] _given = [];
    private int _count, _length;

    /// <summary>Appends the first <paramref name="count"/> of a tensor's <paramref name="all"/> texts.</summary>
    public void Append(OrtApi api, nint value, int all, int count)
    {
        if (count == 0) return;
        int total = api.TextBytes(value);
        if (_bytes.Length < _length + total) Array.Resize(ref _bytes, Math.Max(_length + total, _bytes.Length * 2));
        if (_starts.Length < _count + all + 1) Array.Resize(ref _starts, Math.Max(_count + all + 1, _starts.Length * 2));
        if (_given.Length != all) _given = new nuint[all];
        api.CopyTexts(value, _bytes.AsSpan(_length, total), _given);
        for (int i = 1; i <= count; i++) _starts[_count + i] = _length + (i < all ? checked((int)_given[i]) : total);
        _count += count;
        _length = _starts[_count];
    }

    /// <summary>Repeats the last <paramref name="count"/> texts.</summary>
    public void Repeat(int count)
    {
        int from = _starts[_count - count], bytes = _length - from;
        if (_bytes.Length < _length + bytes) Array.Resize(ref _bytes, Math.Max(_length + bytes, _bytes.Length * 2));
        if (_starts.Length < _count + count + 1) Array.Resize(ref _starts, Math.Max(_count + count + 1, _starts.Length * 2));
        _bytes.AsSpan(from, bytes).CopyTo(_bytes.AsSpan(_length));
        for (int i = 1; i <= count; i++) _starts[_count + i] = _starts[_count + i - count] + bytes;
        _count += count;
        _length += bytes;
    }

    public TensorValues Finish(int rows, int width) => new(rows, width, _bytes, _starts);
}
