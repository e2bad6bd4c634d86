using MlSql.Columnar;
using MlSql.Models.Onnx;

namespace MlSql.UnitTests.Models.Onnx;

/// <summary>Every file of the folder of wrong, hostile and extreme models: refused with one code, or read.</summary>
[TestFixture]
internal sealed class BadFilesTests
{
    /// <summary>By file, the code and what the message must name; null for a file that only the runtime can judge.</summary>
    private static readonly Dictionary<string, (string Code, string[] Named)?> Verdicts = new()
    {
        ["empty.onnx"] = ("MLS7003", ["0 bytes", "empty.onnx"]),
        ["truncated_half.onnx"] = ("MLS7005", ["truncated_half.onnx", "277 bytes"]),
        ["truncated_last_byte.onnx"] = ("MLS7005", ["truncated_last_byte.onnx", "553 bytes"]),
        ["trailing_garbage.onnx"] = ("MLS7006", ["from byte 554 of 594"]),
        ["wrong_magic_png.onnx"] = ("MLS7004", ["PNG"]),
        ["text_not_model.onnx"] = ("MLS7004", ["HTML"]),
        ["git_lfs_pointer.onnx"] = ("MLS7004", ["Git LFS pointer"]),
        ["zip_named_onnx.onnx"] = ("MLS7004", ["a zip archive"]),
        // Its graph is announced with three bytes and has two.
        ["no_graph.onnx"] = ("MLS7005", ["there is no whole graph in it"]),
        ["no_nodes_no_outputs.onnx"] = ("MLS7008", ["no outputs cannot PREDICT"]),
        ["cyclic_graph.onnx"] = ("MLS7010", ["`a` -> `b` -> `a`"]),
        ["self_loop.onnx"] = ("MLS7011", ["reads its own output", "`Y`"]),
        ["dangling_input.onnx"] = ("MLS7012", ["Input `nothere` of node `Add`"]),
        ["duplicate_output_names.onnx"] = ("MLS7013", ["`Y` is produced twice"]),
        ["unknown_operator.onnx"] = null,
        ["unknown_domain.onnx"] = ("MLS7023", ["com.example.custom", "not registered"]),
        ["future_opset.onnx"] = ("MLS7021", ["999", "26"]),
        ["future_ir.onnx"] = ("MLS7020", ["250", "13"]),
        ["shape_mismatch.onnx"] = null,
        ["type_mismatch.onnx"] = null,
        ["huge_declared_tensor.onnx"] = ("MLS7032", ["`W`", "9007199254740992 bytes", "16 bytes"]),
        ["overflow_dims.onnx"] = ("MLS7031", ["overflows 64 bits"]),
        ["negative_dims.onnx"] = ("MLS7030", ["Negative dimension -4"]),
        ["huge_runtime_alloc.onnx"] = null,
        ["endless_loop.onnx"] = null,
        ["external_data_traversal.onnx"] = ("MLS7052", ["leaves the model's folder"]),
        ["external_data_absolute.onnx"] = ("MLS7051", ["Absolute external data location"]),
        ["external_data_backslash.onnx"] = ("MLS7052", ["leaves the model's folder"]),
        ["external_data_missing.onnx"] = ("MLS7056", ["weights-not-here.bin"]),
        ["external_data_dev.onnx"] = ("MLS7051", ["/dev/zero"]),
        ["nan_weights.onnx"] = null,
        ["unicode_names.onnx"] = null,
        ["many_inputs_2000.onnx"] = null,
        ["deep_chain_5000.onnx"] = null,
        ["nested_if_27.onnx"] = null,
        ["needs_locale_en_US.onnx"] = null,
        ["tree_feature_out_of_range.onnx"] = ("MLS7063", ["reads feature 99 of 4"]),
        ["tree_cycle.onnx"] = ("MLS7061", ["child pointers form a cycle (node 1 -> node 0"]),
    };

    [Test]
    public void Every_file_has_its_verdict()
    {
        foreach (string path in Directory.EnumerateFiles(TestData.Shared("fixtures", "bad", "onnx"), "*.onnx"))
        {
            string name = Path.GetFileName(path);
            Assert.That(Verdicts, Does.ContainKey(name), "a new file needs a verdict");
            TestDelegate read = () => OnnxReader.Read(path, new(), CancellationToken.None);
            if (Verdicts[name] is not var (code, named))
            {
                Assert.That(read, Throws.Nothing, name);
                continue;
            }
            CodedException error = Assert.Throws<CodedException>(read, name)!;
            TestContext.Out.WriteLine($"{name}: {error.Code} {error.Message} [{error.Hint}]");
            Assert.That(error.Code, Is.EqualTo(code), $"{name}: {error.Message}");
            Assert.That(error.Hint, Is.Not.Null.And.Not.Empty, name);
            foreach (string text in named) Assert.That(error.Message, Does.Contain(text), name);
        }
    }

    [TestCase("many_inputs_2000.onnx", 2_000, 1)]
    [TestCase("deep_chain_5000.onnx", 1, 1)]
    [TestCase("nested_if_27.onnx", 1, 1)]
    public void Extreme_but_valid_files_are_described(string name, int inputs, int outputs)
    {
        OnnxModel model = OnnxReader.Read(TestData.Shared("fixtures", "bad", "onnx", name), new(), CancellationToken.None);
        Assert.That(model.Inputs, Has.Length.EqualTo(inputs));
        Assert.That(model.Outputs, Has.Length.EqualTo(outputs));
    }
}
