using System.Text;
using MlSql.Columnar;
using MlSql.Models.Onnx;
using static MlSql.UnitTests.Models.Onnx.ProtoBytes;

namespace MlSql.UnitTests.Models.Onnx;

/// <summary>Refusals and allowances that no fixture shows, on models of a few bytes.</summary>
[TestFixture]
internal sealed class CraftedModelTests
{
    private static readonly byte[] X = Input("X", 1, 4);
    private static readonly byte[] Y = Output("Y", 1, 4);
    private static readonly byte[] Copy = Node("Identity", ["X"], ["Y"]);

    private static OnnxModel Read(byte[] model, OnnxLimits? limits = null) => OnnxReader.Read(model, limits ?? new(), CancellationToken.None);

    private static CodedException Refusal(string code, byte[] model, OnnxLimits? limits = null)
    {
        CodedException error = Assert.Throws<CodedException>(() => Read(model, limits))!;
        Assert.That(error.Code, Is.EqualTo(code), error.Message);
        return error;
    }

    [Test]
    public void A_plain_model_is_read()
    {
        OnnxModel model = Read(ModelWith(Graph(X, Y, Copy), Text(2, "tool"), Text(3, "1.0")));
        Assert.That(model.Inputs, Is.EqualTo(new[] { new GraphValue("X", new TensorValueType(TensorElement.Float, [1, 4])) }));
        Assert.That(model.Outputs.Single().Name, Is.EqualTo("Y"));
        Assert.That(model.Opsets[""], Is.EqualTo(17));
        Assert.That((model.Nodes, model.Producer, model.Classes), Is.EqualTo((1, "tool 1.0", (MlSql.Models.ClassLabels?)null)));
    }

    [Test]
    public void A_model_without_a_graph_or_an_opset_is_refused()
    {
        Refusal("MLS7007", Message(Int(1, 8), Opset("", 17)));
        Refusal("MLS7022", Message(Int(1, 8), Graph(X, Y, Copy)));
        Refusal("MLS7022", Message(Int(1, 8), Opset("", 0), Graph(X, Y, Copy)));
        Refusal("MLS7020", Message(Opset("", 17), Graph(X, Y, Copy)));
    }

    [Test]
    public void Newer_opsets_of_each_domain_are_refused_and_the_newest_known_are_not()
    {
        foreach ((string domain, int newest) in new[] { ("", 26), ("ai.onnx", 26), ("ai.onnx.ml", 5), ("com.microsoft", 1) })
        {
            Assert.That(() => Read(Message(Int(1, 13), Opset("", 17), Opset(domain, newest), Graph(X, Y, Copy))), Throws.Nothing, domain);
            Refusal("MLS7021", Message(Int(1, 13), Opset("", 17), Opset(domain, newest + 1), Graph(X, Y, Copy)));
        }
    }

    [Test]
    public void A_domain_that_is_only_imported_harms_nobody() =>
        Assert.That(Read(ModelWith(Graph(X, Y, Copy), Opset("com.example", 3))).Opsets["com.example"], Is.EqualTo(3));

    [Test]
    public void An_operator_that_opens_files_is_refused() => Refusal("MLS7024", Model(X, Y, Node("EPContext", ["X"], ["Y"], Domain("com.microsoft"))));

    [Test]
    public void Nodes_may_stand_in_any_order() =>
        Assert.That(Read(Model(X, Y, Node("Identity", ["b"], ["Y"]), Node("Identity", ["a"], ["b"]), Node("Identity", ["X"], ["a"]))).Nodes, Is.EqualTo(3));

    [Test, CancelAfter(60_000)]
    public void As_many_nodes_as_allowed_are_read_in_linear_time()
    {
        const int Nodes = 200_000;
        byte[][] backwards = [.. Enumerable.Range(0, Nodes).Select(i => Node("Identity", [i == Nodes - 1 ? "X" : $"t{i + 1}"], [i == 0 ? "Y" : $"t{i}"]))];
        byte[] model = Model([X, Y, .. backwards]);
        Assert.That(Read(model).Nodes, Is.EqualTo(Nodes));
        Refusal("MLS7040", Model([X, Y, .. backwards, Node("Identity", ["X"], ["more"])]));
    }

    [Test]
    public void An_input_with_an_initialiser_is_no_input_whatever_comes_first()
    {
        byte[] constant = Bytes(5, Tensor("C", [1], 1));
        foreach (byte[][] parts in new byte[][][] { [X, Input("C", 1), constant], [X, constant, Input("C", 1)] })
            Assert.That(Read(Model([.. parts, Y, Node("Add", ["X", "C"], ["Y"])])).Inputs.Select(input => input.Name), Is.EqualTo(new[] { "X" }));
    }

    [Test]
    public void A_name_has_one_producer()
    {
        byte[] constant = Bytes(5, Tensor("Y", [1], 1));
        foreach (byte[] twice in new byte[][] { Message(constant), Message(Copy), Message(Input("X", 1)), Message(constant, constant) })
            Refusal("MLS7013", Model(X, Y, Copy, twice));
        Refusal("MLS7015", Model(X, Y, Y, Copy));
        Refusal("MLS7014", Model(X, Y, Output("Z", 1), Copy));
        Refusal("MLS7019", Model(X, Y, Node("Identity", ["X"], ["Y"], Attribute("a", Int(3, 1)), Attribute("a", Int(3, 2)))));
    }

    [Test]
    public void A_long_cycle_is_named_in_the_direction_of_its_values()
    {
        CodedException error = Refusal("MLS7010", Model(X, Y, Node("Add", ["X", "c"], ["a"]), Node("Identity", ["a"], ["b"]), Node("Identity", ["b"], ["c"]), Node("Identity", ["c"], ["Y"])));
        Assert.That(error.Message, Does.Contain("`a` -> `b` -> `c` -> `a`"));
        byte[][] ring = [.. Enumerable.Range(0, 5_000).Select(i => Node("Identity", [$"t{(i + 1) % 5_000}"], [$"t{i}"]))];
        Assert.That(Refusal("MLS7010", Model([X, Y, Copy, .. ring])).Message, Does.Contain("…").And.Length.LessThan(300));
    }

    [Test]
    public void Graphs_within_see_the_names_around_them()
    {
        byte[] branch = Message(Node("Add", ["X", "late"], ["t"]), Output("t", 1));
        byte[] If(params byte[][] branches) => Node("If", ["cond"], ["Y"], Attribute("then_branch", Bytes(6, branches)), Attribute("else_branch", Bytes(6, branches)));
        byte[] condition = Bytes(11, Text(1, "cond"), Bytes(2, Bytes(1, Int(1, 9), Bytes(2))));
        OnnxModel model = Read(Model(X, condition, Y, If(branch), Node("Identity", ["X"], ["late"])));
        Assert.That(model.Nodes, Is.EqualTo(4));
        Assert.That(Refusal("MLS7012", Model(X, condition, Y, If(branch))).Message, Does.Contain("`late` of node `Add`"));
        Refusal("MLS7010", Model(X, condition, Y, If(branch), Node("Identity", ["Y"], ["late"])));
        Refusal("MLS7011", Model(X, condition, Y, If(Node("Add", ["X", "Y"], ["t"]), Output("t", 1))));
    }

    [Test]
    public void Nesting_nodes_ranks_and_sizes_have_limits()
    {
        static byte[] Nested(int depth)
        {
            byte[] body = Message(Node("Identity", ["X"], ["Y"]), Output("Y", 1));
            for (int i = 1; i < depth; i++) body = Message(Node("If", ["X"], ["Y"], Attribute("then_branch", Bytes(6, body))), Output("Y", 1));
            return Model(X, body);
        }
        Assert.That(() => Read(Nested(64)), Throws.Nothing);
        Refusal("MLS7041", Nested(65));
        byte[][] chain = [X, Y, .. Enumerable.Range(0, 10).Select(i => Node("Identity", ["X"], [i == 0 ? "Y" : $"t{i}"]))];
        Assert.That(() => Read(Model(chain), new() { Nodes = 10 }), Throws.Nothing);
        Refusal("MLS7040", Model(chain), new() { Nodes = 9 });
        Refusal("MLS7044", Model(chain), new() { Names = 9 });
        Refusal("MLS7042", Model(chain), new() { FileBytes = 50 });
        Refusal("MLS7034", Model(X, Y, Copy, Bytes(5, Tensor("W", [1, 1, 1, 1, 1, 1, 1, 1, 1], 1))));
        Refusal("MLS7034", Model(Input("X", 1, 1, 1, 1, 1, 1, 1, 1, 1), Y, Copy));
        Refusal("MLS7043", Model(X, Y, Copy, Bytes(5, Tensor("W", [4], 1, 2, 3, 4))), new() { TensorBytes = 15 });
        Refusal("MLS7043", Model(X, Y, Copy, Bytes(15, Bytes(1, Tensor("S", [1], 1)), Bytes(2, Packed(1, 1), Int(2, 7), Packed(7, 5)), Packed(3, 1L << 40))));
    }

    [Test]
    public void Tensors_carry_what_they_declare()
    {
        foreach (byte[] tensor in new byte[][]
        {
            Message(Packed(1, 3), Int(2, 1), Floats(4, 1, 2, 3)),
            Message(Int(1, 3), Int(2, 7), Packed(7, 1, 2, -3)),
            Message(Int(1, 3), Int(2, 6), Int(5, 1), Int(5, 2), Int(5, 3)),
            Message(Packed(1, 3), Int(2, 22), Packed(5, 1, 2)),
            Message(Packed(1, 3), Int(2, 22), Bytes(9, [1, 2])),
            Message(Packed(1, 2), Int(2, 8), Text(6, "a"), Text(6, "")),
            Message(Packed(1, 0), Int(2, 1)),
        }) Assert.That(() => Read(Model(X, Y, Copy, Bytes(5, tensor, Text(8, "W")))), Throws.Nothing);
        foreach (byte[] tensor in new byte[][]
        {
            Message(Packed(1, 4), Int(2, 1), Floats(4, 1, 2, 3)),
            Message(Packed(1, 3), Int(2, 1)),
            Message(Packed(1, 3), Int(2, 1), Packed(7, 1, 2, 3)),
            Message(Packed(1, 1), Int(2, 1), Floats(4, 1), Bytes(9, [0, 0, 0, 0])),
            Message(Packed(1, 1), Int(2, 8), Bytes(9, [65])),
        }) Refusal("MLS7032", Model(X, Y, Copy, Bytes(5, tensor, Text(8, "W"))));
        Refusal("MLS7033", Model(X, Y, Copy, Bytes(5, Packed(1, 1), Int(2, 99), Bytes(9, [0]))));
        Refusal("MLS7031", Model(X, Y, Copy, Bytes(5, Packed(1, 1L << 62), Int(2, 1), Bytes(9, [0]))));
    }

    [Test]
    public void A_part_given_twice_is_no_model_since_readers_would_merge_it() => Refusal("MLS7005", ModelWith(Graph(X, Y, Copy), Graph()));

    [Test]
    public void Functions_of_the_model_may_be_called_but_not_in_a_circle_nor_without_end()
    {
        static byte[] Function(string name, params byte[][] nodes) =>
            Bytes(25, [Text(1, name), Text(4, "x"), Text(5, "y"), Text(10, "local"), .. nodes.Select(node => node.Length > 0 && node[0] == 0x0A ? [0x3A, .. node[1..]] : node)]);
        byte[] call = Node("f0", ["X"], ["Y"], Domain("local"));
        Assert.That(() => Read(ModelWith(Graph(X, Y, call), Function("f0", Node("Identity", ["x"], ["y"])))), Throws.Nothing);
        Refusal("MLS7016", ModelWith(Graph(X, Y, call), Function("f0", Node("f1", ["x"], ["y"], Domain("local"))), Function("f1", Node("f0", ["x"], ["y"], Domain("local")))));
        Refusal("MLS7012", ModelWith(Graph(X, Y, call), Function("f0", Node("Add", ["x", "X"], ["y"]))));
        // Each calls the next twice: 2^40 nodes in a file of 3 KB.
        byte[][] doubling = [.. Enumerable.Range(0, 40).Select(i => Function($"f{i}", Node($"f{i + 1}", ["x"], ["t"], Domain("local")), Node($"f{i + 1}", ["t"], ["y"], Domain("local")))), Function("f40", Node("Identity", ["x"], ["y"]))];
        Refusal("MLS7040", ModelWith(Graph(X, Y, call), doubling));
    }

    [Test]
    public void Names_that_must_be_fed_are_text()
    {
        byte[] name = [0xC3, 0x28];
        byte[] tensor = Bytes(2, Bytes(1, Int(1, 1)));
        Refusal("MLS7017", Model(Bytes(11, Bytes(1, name), tensor), Y, Bytes(1, Bytes(1, name), Text(2, "Y"), Text(4, "Identity"))));
        Assert.That(() => Read(Model(X, Y, Bytes(1, Text(1, "X"), Bytes(2, name), Text(4, "Identity")), Bytes(1, Bytes(1, name), Text(2, "Y"), Text(4, "Identity")))), Throws.Nothing);
        Assert.That(Read(ModelWith(Graph(X, Y, Copy), Bytes(2, name))).Producer, Is.EqualTo("\uFFFD("));
    }

    [Test]
    public void Types_without_a_column_are_refused()
    {
        byte[] Of(byte[] type) => Model(Bytes(11, Text(1, "X"), type), Y, Copy);
        foreach (byte[] type in new byte[][] { [], Bytes(2), Bytes(2, Bytes(1, Int(1, 14))), Bytes(2, Bytes(9, Bytes(1, Bytes(1, Int(1, 1))))), Bytes(2, Bytes(4)) }) Refusal("MLS7018", Of(type));
        byte[] deep = Bytes(1, Int(1, 1));
        for (int i = 0; i < 100; i++) deep = Bytes(4, Bytes(1, deep));
        Refusal("MLS7041", Of(Bytes(2, deep)));
        GraphValueType free = Read(Model(Bytes(11, Text(1, "X"), Bytes(2, Bytes(1, Int(1, 1), Bytes(2, Bytes(1, Text(2, "N")), Bytes(1), Bytes(1, Int(1, -1)), Bytes(1, Int(1, 3)))))), Y, Copy)).Inputs.Single().Type;
        Assert.That(free, Is.EqualTo(new TensorValueType(TensorElement.Float, [null, null, null, 3])));
        GraphValueType unknown = Read(Of(Bytes(2, Bytes(1, Int(1, 1))))).Inputs.Single().Type;
        Assert.That(((TensorValueType)unknown).Shape.IsDefault);
    }

    [Test]
    public void Control_characters_of_names_never_reach_a_terminal()
    {
        string name = "a\u001B[31m\u0007\u202E\u009B" + new string('z', 200);
        string message = Refusal("MLS7012", Model(X, Y, Node("Add", ["X", name], ["Y"]))).Message;
        Assert.That(message.Any(char.IsControl), Is.False);
        Assert.That(message, Does.Contain("`a\uFFFD[31m\uFFFD\uFFFD\uFFFDz").And.Contain("…").And.Length.LessThan(250));
    }

    [TestCase("[\"a\", \"b, c\"]", "a|b, c")]
    [TestCase("a, b,c", "a|b|c")]
    [TestCase("[\"a\", 1]", "")]
    [TestCase("[['a']]", "")]
    [TestCase("[\"\\ud800\"]", "")]
    [TestCase(" ", "")]
    public void Feature_names_come_from_the_metadata(string value, string names) =>
        Assert.That(string.Join('|', Read(ModelWith(Graph(X, Y, Copy), Bytes(14, Text(1, "feature_names"), Text(2, value)))).FeatureNames), Is.EqualTo(names));

    [TestCase("PK\u0003\u0004rest", "zip")]
    [TestCase("\u001F\u008B\u0008\u0000", "gzip")]
    [TestCase("\u0080\u0004\u0095\u0010", "pickle")]
    [TestCase("tree\nversion=v4\n", "LightGBM")]
    [TestCase("  {\"learner\": {}}", "JSON")]
    [TestCase("\u0089HDF\r\n", "HDF5")]
    [TestCase("<!DOCTYPE html>", "HTML")]
    public void Other_formats_are_named(string start, string kind) => Assert.That(Refusal("MLS7004", Encoding.Latin1.GetBytes(start)).Message, Does.Contain(kind));

    [Test]
    public void Text_that_is_no_model_is_called_text() => Assert.That(Refusal("MLS7005", "Not found.\n"u8.ToArray()).Message, Does.Contain("it looks like text"));

    [Test]
    public void What_is_no_file_is_refused()
    {
        string folder = TestContext.CurrentContext.WorkDirectory;
        foreach ((string path, string code) in new[] { (Path.Combine(folder, "nothing.onnx"), "MLS7001"), (folder, "MLS7002"), ("", "MLS7001"), (Path.Combine(typeof(OnnxReader).Assembly.Location, "x"), "MLS7001") })
            Assert.That(Assert.Throws<CodedException>(() => OnnxReader.Read(path, new(), CancellationToken.None))!.Code, Is.EqualTo(code), path);
    }

    [Test]
    public void Reading_can_be_cancelled() =>
        Assert.That(() => OnnxReader.Read(Model(X, Y, Copy), new(), new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
}
