using System.Text;
using System.Text.Json.Nodes;
using MlSql.Columnar;
using MlSql.Models.Boosters;
using MlSql.Models.Trees;
using MlSql.Scoring.Trees;

namespace MlSql.UnitTests.Models.Boosters;

/// <summary>XGBoost models that contradict themselves in one place, in both forms where both can say it.</summary>
internal sealed class HostileXgBoostTests
{
    private const string Tree = XgBoostFile.Tree;
    private const string Parameters = "learner/learner_model_param/";

    [Test]
    public void The_small_model_is_read_in_both_forms()
    {
        Assert.That(BoosterVerdict.Of(XgBoostFile.Json(XgBoostFile.Small()), false, "json").End, Is.EqualTo("read"));
        Assert.That(BoosterVerdict.Of(XgBoostFile.Ubj(XgBoostFile.Small()), false, "ubj").End, Is.EqualTo("read"));
    }

    [TestCase(Tree + "tree_param/num_nodes", "\"2147483647\"", "has 3 numbers where 2147483647 belong")]
    [TestCase(Tree + "tree_param/num_nodes", "\"0\"", "has 0 nodes")]
    [TestCase(Tree + "tree_param/num_nodes", "\"1e999\"", "is no whole number")]
    [TestCase(Tree + "tree_param/num_nodes", "[3]", "is no whole number")]
    [TestCase(Tree + "tree_param", "[]", "is no object")]
    [TestCase(Tree + "left_children", "[1, -1]", "has 2 numbers where 3 belong")]
    [TestCase(Tree + "left_children", "\"1\"", "is no array of numbers")]
    [TestCase(Tree + "left_children", "[0, -1, -1]", "has two parents")]
    [TestCase(Tree + "left_children", "[2, -1, -1]", "has two parents")]
    [TestCase(Tree + "left_children", "[3, -1, -1]", "a child that is not there")]
    [TestCase(Tree + "left_children", "[-2, -1, -1]", "is no index")]
    [TestCase(Tree + "left_children", "[1.5, -1, -1]", "is no index")]
    [TestCase(Tree + "left_children", "[1, [], -1]", "is no array of numbers")]
    [TestCase(Tree + "split_indices", "[2, 0, 0]", "reads column 2, which is not there")]
    [TestCase(Tree + "split_indices", "[1e999, 0, 0]", "is no index")]
    [TestCase(Tree + "split_type", "[1, 0, 0]", "splits by categories and has none")]
    [TestCase(Tree + "split_type", "[2, 0, 0]", "unknown split_type")]
    [TestCase(Tree + "split_conditions", "[0.5, 1, null]", "is no array of numbers")]
    [TestCase("learner/gradient_booster/model/tree_info", "[1]", "adds to output 1, which is not there")]
    [TestCase("learner/gradient_booster/model/tree_info", "[0.5]", "adds to output 0.5, which is not there")]
    [TestCase("learner/gradient_booster/model/tree_info", "[0, 0]", "has 2 numbers where 1 belong")]
    [TestCase("learner/gradient_booster/model/trees", "[7]", "is no array")]
    [TestCase("learner/gradient_booster/model/trees", "[[]]", "tree 0 is no object")]
    [TestCase("learner/gradient_booster/name", "\"dart\"", "has no gbtree")]
    [TestCase("learner/gradient_booster/name", "3", "is no text")]
    [TestCase("learner/feature_names", "[\"a\"]", "1 names for 2 features")]
    [TestCase("learner/feature_names", "[\"a\", 2]", "is no text")]
    [TestCase("learner/feature_names", "[\"a\", \"a\"]", "two features are called `a`")]
    [TestCase(Parameters + "num_feature", "\"-1\"", "num_feature is -1")]
    [TestCase(Parameters + "num_feature", "\"2147483647\"", "num_feature is 2147483647")]
    [TestCase(Parameters + "num_class", "\"2147483647\"", "there are 2147483647 outputs")]
    [TestCase(Parameters + "base_score", "\"x\"", "base_score is `x`")]
    [TestCase(Parameters + "base_score", "\"[1,2,3]\"", "3 base scores for 1 outputs")]
    [TestCase(Parameters + "base_score", "\"1e999\"", "base_score is `1e999`")]
    [TestCase("version", "[3]", "has 1 numbers where 3 belong")]
    [TestCase("learner", "null", "is no object")]
    public void A_member_that_cannot_be_is_named(string path, string json, string message)
    {
        if (!json.Contains("1e999,", StringComparison.Ordinal))
        {
            var binary = BoosterVerdict.Of(XgBoostFile.Ubj(XgBoostFile.With(path, json)), false, "ubj");
            Assert.That(binary.End, Is.EqualTo("MLS7202"));
            Assert.That(binary.Message, Does.Contain(message));
        }
        var text = BoosterVerdict.Of(XgBoostFile.Json(XgBoostFile.With(path, json)), false, "json");
        Assert.That(text.End, Is.EqualTo("MLS7202"));
        Assert.That(text.Message, Does.Contain(message));
    }

    [TestCase("binary:logistic", "1")]
    [TestCase("binary:logistic", "0")]
    [TestCase("binary:logistic", "-3")]
    [TestCase("count:poisson", "0")]
    [TestCase("count:poisson", "-1")]
    public void A_base_score_without_a_raw_score_is_refused(string objective, string score)
    {
        JsonObject root = XgBoostFile.With("learner/objective/name", $"\"{objective}\"");
        root["learner"]!["learner_model_param"]!["base_score"] = score;
        Assert.That(BoosterVerdict.Of(XgBoostFile.Json(root), false, "json").Message, Does.Contain($"base_score is `{score}`"));
    }

    [Test]
    public void A_text_of_the_file_is_shown_short_and_without_what_steers_a_terminal()
    {
        foreach (string path in new[] { "learner/objective/name", "learner/gradient_booster/name", "learner/learner_model_param/base_score" })
        {
            string hostile = JsonValue.Create("\u001b[2J" + new string('a', 100_000)).ToJsonString();
            var verdict = BoosterVerdict.Of(XgBoostFile.Json(XgBoostFile.With(path, hostile)), false, path);
            Assert.That(verdict.End, Is.AnyOf("MLS7202", "MLS7203"), path);
        }
        string twice = "{\"learner\":1,\"\\u001b" + new string('b', 10_000) + "\":1,\"\\u001b" + new string('b', 10_000) + "\":2}";
        Assert.That(BoosterVerdict.Of(Encoding.UTF8.GetBytes(twice), false, "a name twice").Message, Does.Contain("is there twice"));
    }

    [Test]
    public void A_name_that_is_there_twice_is_refused_in_both_forms()
    {
        byte[] json = Encoding.UTF8.GetBytes(XgBoostFile.Small().ToJsonString().Replace("\"name\":\"gbtree\"", "\"name\":\"gbtree\",\"name\":\"gbtree\"", StringComparison.Ordinal));
        Assert.That(BoosterVerdict.Of(json, false, "json").Message, Does.Contain("`name` is there twice"));
        byte[] name = XgBoostFile.Ubj(new JsonObject { ["a"] = true });
        byte[] ubj = [.. name[..^1], .. name[1..]];
        Assert.That(BoosterVerdict.Of(ubj, false, "ubj").Message, Does.Contain("`a` is there twice"));
    }

    // Each of 2,000 leaves would copy the same vector of 5,000 numbers: 80 MB of a file of 60 KB.
    [Test]
    public void A_vector_that_many_leaves_share_is_refused()
    {
        const int Nodes = 3_999, Width = 5_000;
        JsonObject root = XgBoostFile.Small();
        JsonNode tree = root["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!;
        tree["tree_param"]!["num_nodes"] = $"{Nodes}";
        tree["tree_param"]!["size_leaf_vector"] = $"{Width}";
        tree["left_children"] = Numbers(Nodes, i => i < Nodes / 2 ? 2 * i + 1 : -1);
        tree["right_children"] = Numbers(Nodes, i => i < Nodes / 2 ? 2 * i + 2 : 0);
        foreach (string name in new[] { "split_indices", "split_conditions", "split_type", "default_left", "loss_changes", "sum_hessian" }) tree[name] = Numbers(Nodes, _ => 0);
        tree["leaf_weights"] = Numbers(Width, _ => 1);
        root["learner"]!["learner_model_param"]!["num_target"] = $"{Width}";
        Assert.That(BoosterVerdict.Of(XgBoostFile.Json(root), false, "shared vectors").End, Is.EqualTo("MLS7202"));
    }

    // 100 sets of one category each, the largest that there may be, are 2 MiB each as bits.
    [Test]
    public void Sets_of_huge_categories_are_refused_before_they_are_made()
    {
        JsonObject root = XgBoostFile.Small();
        JsonNode tree = root["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!;
        tree["categories"] = Numbers(100, _ => (1 << 24) - 1);
        tree["categories_nodes"] = Numbers(100, _ => 0);
        tree["categories_segments"] = Numbers(100, i => i);
        tree["categories_sizes"] = Numbers(100, _ => 1);
        Assert.That(() => XgBoostReader.Read(XgBoostFile.Json(root), "model", default), Throws.TypeOf<CodedException>().With.Property("Code").EqualTo("MLS7203"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => XgBoostReader.Read(XgBoostFile.Ubj(root), "model", default), Throws.TypeOf<CodedException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(70 << 20));
    }

    [TestCase("[0, 0]", "[3, 3]", "overlap")]
    [TestCase("[0, 2]", "[2, 2]", "do not fit categories")]
    [TestCase("[0, 0.5]", "[1, 1]", "is no index")]
    [TestCase("[-1, 0]", "[1, 1]", "is no index")]
    public void Segments_of_categories_share_nothing(string segments, string sizes, string message)
    {
        JsonObject root = XgBoostFile.With(Tree + "split_type", "[1, 0, 0]");
        JsonNode tree = root["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!;
        tree["categories"] = JsonNode.Parse("[1, 5, 70]");
        tree["categories_nodes"] = JsonNode.Parse("[0, 1]");
        tree["categories_segments"] = JsonNode.Parse(segments);
        tree["categories_sizes"] = JsonNode.Parse(sizes);
        Assert.That(BoosterVerdict.Of(XgBoostFile.Json(root), false, "json").Message, Does.Contain(message));
    }

    [TestCase("[1.5]", "is no category")]
    [TestCase("[-1]", "is no category")]
    [TestCase("[16777216]", "is no category")]
    [TestCase("[1e999]", "is no category")]
    public void A_category_is_a_whole_number_below_two_to_the_24(string categories, string message)
    {
        string json = XgBoostFile.With(Tree + "categories_nodes", "[0]").ToJsonString()
            .Replace("\"categories\":[]", $"\"categories\":{categories}", StringComparison.Ordinal)
            .Replace("\"categories_segments\":[]", "\"categories_segments\":[0]", StringComparison.Ordinal)
            .Replace("\"categories_sizes\":[]", "\"categories_sizes\":[1]", StringComparison.Ordinal);
        Assert.That(BoosterVerdict.Of(Encoding.UTF8.GetBytes(json), false, "json").Message, Does.Contain(message));
    }

    [Test]
    public void Infinite_leaves_are_infinite_predictions()
    {
        string json = XgBoostFile.Small().ToJsonString().Replace("[0.5,1,2]", "[0.5,1e999,-1e999]", StringComparison.Ordinal);
        Assert.That(BoosterVerdict.Of(Encoding.UTF8.GetBytes(json), false, "json").End, Is.EqualTo("read"));
        var model = XgBoostReader.Read(Encoding.UTF8.GetBytes(json), "model", default);
        double[] scores = new double[1];
        TreeWalk.Score((TreeStructure)model.Structure, [0, 0], scores);
        Assert.That(scores[0], Is.EqualTo(double.PositiveInfinity));
    }

    private static JsonArray Numbers(int count, Func<int, int> value) => [.. Enumerable.Range(0, count).Select(i => (JsonNode)value(i))];
}
