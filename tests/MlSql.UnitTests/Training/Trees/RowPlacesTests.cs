using MlSql.Columnar;
using MlSql.Training.Rows;
using MlSql.Training.Trees.Reading;

namespace MlSql.UnitTests.Training.Trees;

/// <summary>Where rows belong when they are read again.</summary>
public class RowPlacesTests
{
    private const int Rows = (1 << 20) + 5_000;

    private static readonly RowPart[] Parts = [.. Enumerable.Range(0, Rows).Select(i => (RowPart)(i * 2_654_435_761L % 97 % 4))];

    [Test]
    public void A_row_knows_how_many_of_each_part_come_before_it()
    {
        RowPlaces places = Remembered();
        Random random = new(3);
        Span<int> counts = stackalloc int[3];
        foreach (int row in (int[])[0, 1, 2_047, 2_048, (1 << 20) - 1, 1 << 20, Rows - 1, .. Enumerable.Range(0, 50).Select(_ => random.Next(Rows))])
        {
            places.Before(row, counts);
            int[] expected = new int[3];
            foreach (RowPart part in Parts.AsSpan(0, row))
                if (part != RowPart.Dropped) expected[(int)part]++;
            Assert.That(counts.ToArray(), Is.EqualTo(expected), $"row {row}");
        }
    }

    [Test]
    public void A_row_that_was_not_there_is_an_error()
    {
        RowPlaces places = Remembered();
        CodedException error = Assert.Throws<CodedException>(() => places.Before(3L << 20, new int[3]))!;
        Assert.That(error.Code, Is.EqualTo("MLS3031"));
    }

    // Pieces of any size, the last ones first.
    private static RowPlaces Remembered()
    {
        RowPlaces places = new(new(1L << 30));
        List<(int Start, int Count)> pieces = [];
        for (int start = 0; start < Rows; start += pieces[^1].Count) pieces.Add((start, Math.Min(Rows - start, 1_000 + start % 700)));
        pieces.Reverse();
        Parallel.ForEach(pieces, piece => places.Set(piece.Start, Parts.AsSpan(piece.Start, piece.Count)));
        places.Freeze();
        return places;
    }
}
