using System.Collections.Immutable;

namespace MlSql.Engines.Spark.Text;

/// <summary>A stretch of a text for Spark and what it stands for in the statement as written.</summary>
/// <param name="Start">Where it begins in the text for Spark, in UTF-16 code units, as everywhere here.</param>
/// <param name="Length">Its length there.</param>
/// <param name="OriginalStart">Where it, or what it stands for, begins in the statement.</param>
/// <param name="Copied">True for a stretch taken over as written: its positions map one by one.</param>
internal readonly record struct TextPiece(int Start, int Length, int OriginalStart, bool Copied);

/// <summary>One statement as Spark gets it, without gaps in its pieces.</summary>
internal sealed record SparkText(string Text, ImmutableArray<TextPiece> Pieces)
{
    /// <summary>The position in the statement as written that a position of <see cref="Text"/> came from; the end of the text maps behind its last piece.</summary>
    public int OriginalOf(int position)
    {
        if (Pieces.IsEmpty) return 0;
        int low = 0, high = Pieces.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Pieces[middle].Start <= position) low = middle;
            else high = middle - 1;
        }
        TextPiece piece = Pieces[low];
        return piece.Copied ? piece.OriginalStart + Math.Clamp(position - piece.Start, 0, piece.Length) : piece.OriginalStart;
    }

    /// <summary>As <see cref="OriginalOf"/> for a position that counts code points, as those of Spark's errors do: from the text's beginning (start index), or from a line's ("line 2 pos 9": the line counts from 1, the position from 0).</summary>
    public int OriginalOfCodePoint(int position, int line = 1)
    {
        int at = 0;
        for (; line > 1 && Text.IndexOf('\n', at) is >= 0 and var end; line--) at = end + 1;
        for (int i = 0; i < position && at < Text.Length; i++) at += char.IsHighSurrogate(Text[at]) && at + 1 < Text.Length && char.IsLowSurrogate(Text[at + 1]) ? 2 : 1;
        return OriginalOf(at);
    }
}
