using Google.Protobuf;
using MlSql.Engines.Spark.Connect.Protocol;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class ProtocolTests
{
    // The value of a map's entry is left out when it is empty; absent and empty mean the same there.
    private static readonly string[] HasEmptyMapValue = ["16-errors.04.FetchErrorDetails"];

    [Test]
    public void Every_recorded_message_is_written_back_byte_by_byte()
    {
        int frames = 0;
        Assert.Multiple(() =>
        {
            foreach (Recording recording in Recording.Of("*"))
            {
                foreach (byte[] request in recording.Requests) frames += Check(recording, Recording.RequestParser(recording.Method), request);
                foreach (byte[] response in recording.Responses) frames += Check(recording, Recording.ResponseParser(recording.Method), response);
            }
        });
        Assert.That(frames, Is.EqualTo(445));
    }

    [Test]
    public void A_field_of_a_later_version_survives()
    {
        // Field 4711, text "new", behind a session id.
        byte[] later = [.. new ConfigResponse { SessionId = "s" }.ToByteArray(), 0xBA, 0xA6, 0x02, 3, .. "new"u8];
        Assert.That(ConfigResponse.Parser.ParseFrom(later).ToByteArray(), Is.EqualTo(later));
    }

    private static int Check(Recording recording, MessageParser parser, byte[] bytes)
    {
        IMessage message = parser.ParseFrom(bytes);
        byte[] written = message.ToByteArray();
        if (HasEmptyMapValue.Contains(recording.Name)) Assert.That(parser.ParseFrom(written), Is.EqualTo(message), recording.Name);
        else Assert.That(written, Is.EqualTo(bytes), recording.Name);
        return 1;
    }
}
