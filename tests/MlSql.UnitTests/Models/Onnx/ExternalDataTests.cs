using System.Diagnostics;
using MlSql.Columnar;
using MlSql.Models.Onnx;
using MlSql.Models.Store.Interop;
using static MlSql.UnitTests.Models.Onnx.ProtoBytes;

namespace MlSql.UnitTests.Models.Onnx;

/// <summary>Data in side files: what lies in the model's folder is put within, whatever points out of it is not opened.</summary>
[TestFixture]
internal sealed class ExternalDataTests
{
    private const string Secret = "SECRET-CANARY-0123456789-abcdefg";
    private string _outside = "";
    private string _folder = "";

    [SetUp]
    public void MakeFolders()
    {
        _outside = Directory.CreateTempSubdirectory("mlsql-onnx-").FullName;
        _folder = Directory.CreateDirectory(Path.Combine(_outside, "model")).FullName;
        File.WriteAllText(Path.Combine(_outside, "secret.bin"), Secret);
        File.WriteAllBytes(Path.Combine(_folder, "w.bin"), [.. Enumerable.Range(0, 32).Select(i => (byte)(100 + i))]);
    }

    [TearDown]
    public void DeleteFolders() => Directory.Delete(_outside, recursive: true);

    /// <summary>Four floats in a side file, hung where a tensor can hang.</summary>
    private static byte[] Carrier(string carrier, params (string, string)[] entries)
    {
        byte[] tensor = ExternalTensor("W", [4], entries), indices = Bytes(2, Packed(1, 4), Int(2, 7), Packed(7, 0, 1, 2, 3));
        byte[] sparse = Message(Bytes(1, tensor), indices, Packed(3, 4));
        byte[] part = carrier switch
        {
            "initializer" => Bytes(5, tensor),
            "sparse_initializer" => Bytes(15, sparse),
            "value" => Node("Constant", [], ["W"], Attribute("value", Bytes(5, tensor))),
            "sparse_value" => Node("Constant", [], ["W"], Attribute("sparse_value", Bytes(22, sparse))),
            "tensors" => Message(Bytes(5, Tensor("W", [1], 1)), Node("Foo", [], ["other"], Attribute("values", Bytes(10, tensor), Bytes(10, tensor)))),
            "subgraph" => Message(Bytes(5, Tensor("W", [1], 1)), Node("If", ["X"], ["other"], Attribute("then_branch", Bytes(6, Bytes(5, tensor), Output("W", 4))))),
            _ => throw new ArgumentOutOfRangeException(nameof(carrier)),
        };
        return ModelWith(Graph(Input("X", 1, 4), part, Node("Add", ["X", "W"], ["Y"]), Output("Y", 1, 4)), Text(2, "after the graph"));
    }

    private OnnxModel Read(byte[] model)
    {
        string path = Path.Combine(_folder, "m.onnx");
        File.WriteAllBytes(path, model);
        return OnnxReader.Read(path, new(), CancellationToken.None);
    }

    private void Refused(string code, string carrier, params (string, string)[] entries)
    {
        CodedException error = Assert.Throws<CodedException>(() => Read(Carrier(carrier, entries)), $"{carrier} {string.Join(' ', entries)}")!;
        Assert.That(error.Code, Is.EqualTo(code), $"{carrier}: {error.Message}");
        Assert.That(error.Message + error.Hint, Does.Not.Contain("CANARY"));
    }

    private static readonly string[] Carriers = ["initializer", "sparse_initializer", "value", "sparse_value", "tensors", "subgraph"];

    [TestCaseSource(nameof(Carriers))]
    public void Data_in_the_folder_are_put_within(string carrier)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub", "deep"));
        File.Copy(Path.Combine(_folder, "w.bin"), Path.Combine(_folder, "sub", "deep", "v.bin"));
        foreach ((string Key, string Value)[] entries in new (string, string)[][]
        {
            [("location", "w.bin"), ("offset", "8"), ("length", "16")],
            [("location", "./sub//deep/v.bin"), ("offset", "8")],
        })
        {
            OnnxModel model = Read(Carrier(carrier, entries));
            OnnxModel again = OnnxReader.Read(model.Bytes, new(), CancellationToken.None);
            Assert.That(again.Bytes.Span.SequenceEqual(model.Bytes.Span));
            Assert.That((again.Producer, again.Nodes), Is.EqualTo(("after the graph", model.Nodes)));
            byte[] expected = [.. Enumerable.Range(0, 16).Select(i => (byte)(108 + i))];
            Assert.That(model.Bytes.Span.IndexOf((ReadOnlySpan<byte>)[0x4A, 16, .. expected]), Is.Positive, "the data, as raw data");
            Assert.That(model.Bytes.Span.IndexOf("w.bin"u8), Is.Negative);
        }
    }

    [Test]
    public void A_model_with_its_data_within_is_the_model_that_never_had_a_side_file()
    {
        byte[] within = Model(Input("X", 1, 2), Bytes(5, Packed(1, 2), Int(2, 1), Text(8, "W"), Bytes(9, [100, 101, 102, 103, 104, 105, 106, 107])), Node("Add", ["X", "W"], ["Y"]), Output("Y", 1, 2));
        byte[] beside = Model(Input("X", 1, 2), Bytes(5, ExternalTensor("W", [2], ("location", "w.bin"))), Node("Add", ["X", "W"], ["Y"]), Output("Y", 1, 2));
        Assert.That(Read(beside).Bytes.ToArray(), Is.EqualTo(within));
    }

    [TestCaseSource(nameof(Carriers))]
    public void Locations_that_lead_out_are_refused(string carrier)
    {
        foreach (string location in new[] { "/etc/passwd", "/dev/zero", "C:\\secret.bin", "c:secret.bin", "\\\\server\\share\\x", Path.Combine(_outside, "secret.bin") }) Refused("MLS7051", carrier, ("location", location));
        foreach (string location in new[] { "../secret.bin", "sub/../../secret.bin", "..", "w.bin/..", "..\\secret.bin", "a\\b" }) Refused("MLS7052", carrier, ("location", location));
        foreach (string location in new[] { "w.bin\0", "w\n.bin", ".", "./" }) Refused("MLS7058", carrier, ("location", location));
        Refused("MLS7056", carrier, ("location", "not-here.bin"));
        Refused("MLS7056", carrier, ("location", "w.bin/x"));
        Refused("MLS7055", carrier, ("location", "sub"));
    }

    [TestCaseSource(nameof(Carriers))]
    public void Links_and_special_files_are_refused(string carrier)
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Windows makes links for administrators only.");
        File.CreateSymbolicLink(Path.Combine(_folder, "link.bin"), Path.Combine(_outside, "secret.bin"));
        File.CreateSymbolicLink(Path.Combine(_folder, "inner.bin"), "w.bin");
        File.CreateSymbolicLink(Path.Combine(_folder, "nowhere.bin"), "nothing");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "up"), _outside);
        foreach (string location in new[] { "link.bin", "inner.bin", "nowhere.bin", "up/secret.bin", "up/model/w.bin", "up" }) Refused("MLS7053", carrier, ("location", location));
        if (!OperatingSystem.IsLinux()) return;
        Assert.That(FileLink.TryLink(Path.Combine(_outside, "secret.bin"), Path.Combine(_folder, "hard.bin")), Is.True);
        Refused("MLS7054", carrier, ("location", "hard.bin"));
        using Process pipe = Process.Start("mkfifo", Path.Combine(_folder, "pipe.bin"));
        pipe.WaitForExit();
        Refused("MLS7055", carrier, ("location", "pipe.bin"));
        CodedException model = Assert.Throws<CodedException>(() => OnnxReader.Read(Path.Combine(_folder, "pipe.bin"), new(), CancellationToken.None))!;
        Assert.That((model.Code, model.Message), Is.EqualTo(("MLS7002", $"Not a plain file but a named pipe: {Path.Combine(_folder, "pipe.bin")}")));
        Assert.That(Assert.Throws<CodedException>(() => OnnxReader.Read("/dev/zero", new(), CancellationToken.None))!.Message, Does.Contain("a device"));
    }

    [SetUp]
    public void MakeSubfolder() => Directory.CreateDirectory(Path.Combine(_folder, "sub"));

    [TestCaseSource(nameof(Carriers))]
    public void Ranges_are_held_against_the_file_and_the_tensor(string carrier)
    {
        Refused("MLS7057", carrier, ("location", "w.bin"), ("offset", "17"));
        Refused("MLS7057", carrier, ("location", "w.bin"), ("offset", "9223372036854775807"));
        Refused("MLS7032", carrier, ("location", "w.bin"), ("length", "15"));
        foreach (string number in new[] { "-1", "", "1e3", " 1", "9223372036854775808" }) Refused("MLS7058", carrier, ("location", "w.bin"), ("offset", number));
        Refused("MLS7058", carrier, ("offset", "0"));
        Refused("MLS7058", carrier, ("location", "w.bin"), ("location", "../secret.bin"));
    }

    [Test]
    public void A_link_to_the_model_itself_is_the_users_own_affair()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Windows makes links for administrators only.");
        File.WriteAllBytes(Path.Combine(_folder, "m.onnx"), Carrier("initializer", ("location", "w.bin")));
        File.CreateSymbolicLink(Path.Combine(_folder, "latest.onnx"), "m.onnx");
        Assert.That(OnnxReader.Read(Path.Combine(_folder, "latest.onnx"), new(), CancellationToken.None).Nodes, Is.EqualTo(1));
    }

    [Test]
    public void A_tensor_with_data_within_and_beside_or_of_text_is_refused()
    {
        foreach (byte[] tensor in new[] { Message(ExternalTensor("W", [1], ("location", "w.bin")), Bytes(9, [0, 0, 0, 0])), Message(ExternalTensor("W", [1], ("location", "w.bin")), Int(2, 8)) })
            Assert.That(Assert.Throws<CodedException>(() => Read(Model(Input("X", 1), Bytes(5, tensor), Output("X", 1))))!.Code, Is.EqualTo("MLS7032"));
    }

    [TestCaseSource(nameof(Carriers))]
    public void A_model_from_memory_has_no_side_files(string carrier) =>
        Assert.That(Assert.Throws<CodedException>(() => OnnxReader.Read(Carrier(carrier, ("location", "w.bin")), new(), CancellationToken.None))!.Code, Is.EqualTo("MLS7050"));
}
