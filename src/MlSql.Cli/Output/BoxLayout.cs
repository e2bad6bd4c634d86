namespace MlSql.Cli.Output;

/// <summary>Which columns of a table are shown, and how wide. <paramref name="ElidedAfter"/> counts the shown columns left of the gap; -1 when all columns are shown.</summary>
internal sealed record BoxLayout(int[] Shown, int[] Widths, int ElidedAfter)
{
    private const int SmallestText = 8;
    private const int GapWidth = 3;

    /// <summary>
    /// Fits columns into the width. Text gives way first, the widest column most; then columns in the middle are left out. A number gives way only where it alone is wider than the terminal.
    /// </summary>
    public static BoxLayout Fit(int[] natural, bool[] shrinks, int width)
    {
        int[] widths = [.. natural];
        int excess = Needed(widths) - width;
        while (excess > 0)
        {
            int widest = -1;
            int next = SmallestText;
            for (int i = 0; i < widths.Length; i++)
            {
                if (!shrinks[i] || widths[i] <= SmallestText) continue;
                if (widest < 0 || widths[i] > widths[widest])
                {
                    if (widest >= 0) next = Math.Max(next, widths[widest]);
                    widest = i;
                }
                else if (widths[i] < widths[widest]) next = Math.Max(next, widths[i]);
            }
            if (widest < 0) break;
            int cut = Math.Clamp(widths[widest] - next, 1, excess);
            widths[widest] -= cut;
            excess -= cut;
        }
        return excess <= 0 ? new([.. Enumerable.Range(0, widths.Length)], widths, -1) : Elide(widths, width);
    }

    private static int Needed(ReadOnlySpan<int> widths)
    {
        int needed = 1;
        foreach (int width in widths) needed += width + 3;
        return needed;
    }

    // Takes columns alternately from the left and the right end while they fit beside the gap.
    private static BoxLayout Elide(int[] widths, int width)
    {
        int room = width - 1 - (widths.Length > 1 ? GapWidth + 3 : 0);
        List<int> left = [];
        List<int> right = [];
        int from = 0, to = widths.Length - 1;
        while (from <= to)
        {
            int column = left.Count <= right.Count ? from : to;
            int needed = widths[column] + 3;
            if (needed > room)
            {
                if (left.Count > 0) break;
                widths[column] = Math.Max(1, room - 3);
                needed = room;
            }
            room -= needed;
            if (column == from)
            {
                left.Add(column);
                from++;
            }
            else
            {
                right.Insert(0, column);
                to--;
            }
        }
        int[] shown = [.. left, .. right];
        return new(shown, [.. shown.Select(i => widths[i])], shown.Length == widths.Length ? -1 : left.Count);
    }
}
