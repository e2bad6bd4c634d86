using System.Text;
using MlSql.Columnar;
using MlSql.Models.Boosters;

namespace MlSql.UnitTests.Models.Boosters;

/// <summary>LightGBM texts that are wrong in one way.</summary>
internal sealed class HostileLightGbmTests
{
    private const string Header = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=a b
        feature_infos=[0:1] [0:1]
        tree_sizes=300


        """;

    private const string Trees = """
        Tree=0
        num_leaves=3
        num_cat=1
        split_feature=0 1
        split_gain=2 1
        threshold=0.5 0
        decision_type=2 1
        left_child=1 -1
        right_child=-2 -3
        cat_boundaries=0 1
        cat_threshold=6
        leaf_value=0.1 0.2 inf
        leaf_weight=1 1 1
        leaf_count=5 6 7
        internal_value=0 0
        internal_weight=3 2
        internal_count=18 12
        is_linear=0
        shrinkage=0.1


        end of trees

        """;

    private static string Small => Header + Trees;

    [TestCase("\n")]
    [TestCase("\r\n")]
    public void The_small_model_is_read(string end) => Assert.That(Verdict(Small.Replace("\n", end, StringComparison.Ordinal)).End, Is.EqualTo("read"));

    [TestCase("num_leaves=3", "num_leaves=2147483647", "numbers where 2147483647 belong")]
    [TestCase("num_leaves=3", "num_leaves=-3", "has -3 leaves")]
    [TestCase("num_leaves=3", "num_leaves=1", "leaf_value has 3 numbers where 1 belong")]
    [TestCase("num_leaves=3", "num_leaves=3 3", "num_leaves has 2 numbers where 1 belong")]
    [TestCase("num_leaves=3", "num_leaves=3.0", "num_leaves holds what is no number")]
    [TestCase("num_leaves=3\n", "", "has no num_leaves")]
    [TestCase("leaf_value=0.1", "leaf_value=x", "leaf_value holds what is no number")]
    [TestCase("leaf_value=0.1", "leaf_value=0,1", "leaf_value holds what is no number")]
    [TestCase("split_feature=0 1", "split_feature=0 2", "reads column 2, which is not there")]
    [TestCase("split_feature=0 1", "split_feature=-1 1", "which is not there")]
    [TestCase("split_feature=0 1", "split_feature=0 99999999999", "holds what is no number")]
    [TestCase("left_child=1 -1", "left_child=0 -1", "a child that cannot be its own")]
    [TestCase("left_child=1 -1", "left_child=-1 -1", "a child that cannot be its own")]
    [TestCase("left_child=1 -1", "left_child=2 -1", "a child that cannot be its own")]
    [TestCase("left_child=1 -1", "left_child=1 -2147483648", "a child that cannot be its own")]
    [TestCase("decision_type=2 1", "decision_type=12 1", "unknown decision_type")]
    [TestCase("threshold=0.5 0", "threshold=nan 0", "compares with NaN")]
    [TestCase("threshold=0.5 0", "threshold=0.5 1", "a set that is not there")]
    [TestCase("threshold=0.5 0", "threshold=0.5 0.5", "a set that is not there")]
    [TestCase("threshold=0.5 0", "threshold=0.5 1e999", "a set that is not there")]
    [TestCase("num_cat=1", "num_cat=0", "a set that is not there")]
    [TestCase("cat_boundaries=0 1", "cat_boundaries=0 2", "do not fit cat_threshold")]
    [TestCase("cat_boundaries=0 1", "cat_boundaries=1 0", "do not fit cat_threshold")]
    [TestCase("cat_boundaries=0 1", "cat_boundaries=-1 1", "do not fit cat_threshold")]
    [TestCase("cat_threshold=6", "cat_threshold=4294967296", "holds what is no number")]
    [TestCase("is_linear=0", "is_linear=1", "has no leaf_const")]
    [TestCase("is_linear=0", "is_linear=1\nleaf_const=1 1 1\nnum_features=1 2147483647 0\nleaf_features=0 1\nleaf_coeff=1 1", "do not fit leaf_features")]
    [TestCase("is_linear=0", "is_linear=1\nleaf_const=1 1 1\nnum_features=1 1 0\nleaf_features=0 2\nleaf_coeff=1 1", "reads a column that is not there")]
    [TestCase("max_feature_idx=1", "max_feature_idx=2", "2 feature_names for max_feature_idx 2")]
    [TestCase("max_feature_idx=1", "max_feature_idx=2147483647", "2 feature_names for max_feature_idx 2147483647")]
    [TestCase("feature_names=a b", "feature_names=a a", "two features are called `a`")]
    [TestCase("num_tree_per_iteration=1", "num_tree_per_iteration=0", "num_tree_per_iteration is 0")]
    [TestCase("sigmoid:1", "sigmoid:x", "the objective's sigmoid")]
    [TestCase("sigmoid:1", "sigmoid:0", "the objective's sigmoid")]
    [TestCase("sigmoid:1", "sigmoid:nan", "the objective's sigmoid")]
    [TestCase("sigmoid:1", "sigmoid:1e999", "the objective's sigmoid")]
    public void A_line_that_cannot_be_is_named(string line, string wrong, string message)
    {
        Assert.That(Small, Does.Contain(line));
        var verdict = Verdict(Small.Replace(line, wrong, StringComparison.Ordinal));
        Assert.That(verdict.End, Is.EqualTo("MLS7202"));
        Assert.That(verdict.Message, Does.Contain(message));
    }

    [TestCase("tree_sizes=300", "tree_sizes=300 300", "1 trees where tree_sizes announces 2")]
    [TestCase("tree_sizes=300", "tree_sizes=", "trees follow where tree_sizes announces none")]
    [TestCase("num_tree_per_iteration=1", "num_tree_per_iteration=2", "do not divide among 2 outputs")]
    [TestCase("end of trees", "end of", "there is no line \"end of trees\"")]
    public void Trees_that_are_not_there_are_missed(string line, string wrong, string message)
    {
        var verdict = Verdict(Small.Replace(line, wrong, StringComparison.Ordinal));
        Assert.That(verdict.End, Is.EqualTo("MLS7201"));
        Assert.That(verdict.Message, Does.Contain(message));
    }

    [TestCase("version=v4", "version=v5", "its format is `v5`")]
    [TestCase("objective=binary", "objective=rocket", "its objective is `rocket")]
    public void What_is_not_known_is_said(string line, string wrong, string message)
    {
        var verdict = Verdict(Small.Replace(line, wrong, StringComparison.Ordinal));
        Assert.That(verdict.End, Is.EqualTo("MLS7203"));
        Assert.That(verdict.Message, Does.Contain(message));
    }

    // 2 billion outputs of no trees would be 16 GB of bases.
    [TestCase("2000000000")]
    [TestCase("2147483647")]
    public void Outputs_without_trees_allocate_nothing(string outputs) =>
        Assert.That(Verdict(Header.Replace("tree_sizes=300", "tree_sizes=", StringComparison.Ordinal).Replace("iteration=1", "iteration=" + outputs, StringComparison.Ordinal) + "end of trees\n").End, Is.EqualTo("MLS7201"));

    [Test]
    public void A_text_of_the_file_is_shown_short_and_without_what_steers_a_terminal()
    {
        Assert.That(Verdict(Small.Replace("=binary", "=\u001b[2J" + new string('x', 100_000), StringComparison.Ordinal)).End, Is.EqualTo("MLS7203"));
        byte[] latin = Encoding.Latin1.GetBytes(Small.Replace("feature_names=a b", "feature_names=\u00e4 b", StringComparison.Ordinal));
        Assert.That(BoosterVerdict.Of(latin, true, "Latin-1").Message, Does.Contain("feature_names is not valid UTF-8"));
    }

    [Test]
    public void Lines_in_great_number_cost_a_bounded_multiple_of_their_bytes()
    {
        string keys = string.Concat(Enumerable.Range(0, 100_000).Select(i => FormattableString.Invariant($"k{i}\n")));
        Assert.That(Verdict("tree\n" + keys).End, Is.EqualTo("MLS7201"));
        Assert.That(Verdict("tree\n" + string.Concat(Enumerable.Repeat("a\n", 200_000))).End, Is.EqualTo("MLS7201"));
        Assert.That(Verdict(Small.Replace("feature_names=a b", "feature_names=" + string.Concat(Enumerable.Repeat("a ", 200_000)), StringComparison.Ordinal)).End, Is.EqualTo("MLS7202"));
        Assert.That(Verdict(Header + string.Concat(Enumerable.Repeat("Tree\n", 100_000))).End, Is.EqualTo("MLS7202"));
    }

    [Test]
    public void The_cut_model_of_the_bad_files_is_refused_as_cut()
    {
        string file = TestData.Shared("fixtures", "bad", "other", "lightgbm_truncated.txt");
        Assert.That(() => LightGbmReader.Read(File.ReadAllBytes(file), file, default),
            Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS7201").And.Message.Contains(file).And.Message.Contains("there is no line \"end of trees\" behind tree 0"));
    }

    [Test]
    public void A_cancelled_read_ends()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.That(() => LightGbmReader.Read(Encoding.UTF8.GetBytes(Small), "model", source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => XgBoostReader.Read(XgBoostFile.Ubj(XgBoostFile.Small()), "model", source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => XgBoostReader.Read(XgBoostFile.Json(XgBoostFile.Small()), "model", source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static BoosterVerdict Verdict(string text) => BoosterVerdict.Of(Encoding.UTF8.GetBytes(text), true, "text");
}
