using System.Collections.Immutable;
using MlSql.Cli.Terminal;

namespace MlSql.CliTests;

/// <summary>The chart under a training on a terminal.</summary>
public class LearningCurveTests
{
    private static readonly ImmutableArray<LearningPoint> s_points =
        [.. Enumerable.Range(1, 40).Select(i => new LearningPoint(i, 1.0 / i, 0.25 + 0.75 / i))];

    [Test]
    public void Train_and_eval_are_drawn_against_the_iterations() => Assert.That(LearningCurve.Draw(s_points, 80, unicode: false), Is.EqualTo("""
             1 | #
               |
               |
               |  o
        0.5125 |  *oooo
               |   **  oooooooooooooooooooooooooooooooooo
               |     ******
         0.025 |           ******************************
               +-----------------------------------------
                 1                                     40
        loss: * train  o eval  # both
        """));

    [Test]
    public void A_narrow_terminal_shows_the_last_iteration_of_each_column() => Assert.That(LearningCurve.Draw(s_points, 30, unicode: true), Is.EqualTo("""
             1 ┤ ●
               │
               │
               │
        0.5125 ┤  ◦◦
               │  • ◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦◦
               │   •••
         0.025 ┤      ••••••••••••••••
               └──────────────────────
                 1                  40
        loss: • train  ◦ eval  ● both
        """));

    [Test]
    public void No_line_is_wider_than_the_terminal_and_80_columns([Values(30, 31, 47, 80, 200)] int width, [Values(3, 39, 1_000)] int points)
    {
        ImmutableArray<LearningPoint> curve = [.. Enumerable.Range(0, points).Select(i => new LearningPoint(i, -1e-7 * i, null))];
        Assert.That(LearningCurve.Draw(curve, width, unicode: false)!.Split('\n').Max(l => l.Length), Is.LessThanOrEqualTo(Math.Min(width, 80)));
    }

    [Test]
    public void What_never_changes_is_a_line_at_the_bottom()
    {
        ImmutableArray<LearningPoint> flat = [.. Enumerable.Range(1, 5).Select(i => new LearningPoint(i, 2, null))];
        Assert.That(LearningCurve.Draw(flat, 80, unicode: false)!.Split('\n')[7], Is.EqualTo("2 | *****"));
    }

    [TestCase(2, 80)]
    [TestCase(10, 29)]
    public void Too_little_to_draw_or_too_little_room_gives_nothing(int points, int width) => Assert.That(LearningCurve.Draw(s_points[..points], width, unicode: true), Is.Null);

    [Test]
    public void Losses_that_are_not_finite_are_left_out()
    {
        Assert.That(LearningCurve.Draw([new(1, double.NaN, null), new(2, double.PositiveInfinity, null), new(3, double.NaN, null)], 80, unicode: true), Is.Null);
        Assert.That(LearningCurve.Draw([new(1, double.NaN, null), new(2, 1, null), new(3, 0, null)], 80, unicode: false), Does.StartWith("  1 |  *\n"));
    }
}
