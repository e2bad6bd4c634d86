using System.Collections.Immutable;
using System.Text;
using MlSql.Models.Store.Manifests;

namespace MlSql.UnitTests.Models;

/// <summary>The files' form as the first release wrote it: later ones must go on reading it.</summary>
[TestFixture]
internal sealed class ManifestFormTests
{
    private static ModelHead Head { get; } = new("churn", "0123", "Churn")
    {
        LastVersion = 3,
        Versions = [1, 3],
        Defaults = [1, 3],
        Aliases = ImmutableSortedDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase).Add("champion", 1),
        Comment = "who leaves",
    };

    private const string HeadText = """
        {"mlsql":"model","format":1,"sha256":"44dede6655229f97405ac044152fa2e1ef70c8c7192453e5168b70d636da7949"}
        {
          "name": "Churn",
          "folder": "churn",
          "id": "0123",
          "last_version": 3,
          "versions": [
            1,
            3
          ],
          "defaults": [
            1,
            3
          ],
          "aliases": {
            "champion": 1
          },
          "comment": "who leaves"
        }

        """;

    [Test]
    public void A_head_is_written_in_the_first_form() => Assert.That(Encoding.UTF8.GetString(Head.ToBytes()), Is.EqualTo(HeadText));

    [Test]
    public void A_head_of_the_first_form_is_read()
    {
        ModelHead head = ModelHead.Parse(Encoding.UTF8.GetBytes(HeadText), "churn", "model.json");
        Assert.That((head.Name, head.LastVersion, head.Default, head.PreviousDefault, head.Aliases["CHAMPION"], head.Comment), Is.EqualTo(("Churn", 3, 3, (int?)1, 1, "who leaves")));
        Assert.That(head.ToBytes(), Is.EqualTo(Head.ToBytes()));
    }

    [Test]
    public void A_version_is_written_in_the_first_form()
    {
        // What came later is left out where there is none of it.
        byte[] bytes = new VersionManifest("0123", 2, new string('f', 64), 17, SampleModels.Details with { Stopping = null }).ToBytes();
        Assert.That(Encoding.UTF8.GetString(bytes), Does.StartWith("{\"mlsql\":\"version\",\"format\":1,\"sha256\":\"7be5f58c3a438d34deb5030540a54aef7fd866ddc3b9981efa272fb2f98409d8\"}\n{\n  \"model_id\": \"0123\",\n  \"version\": 2,\n"));
    }
}
