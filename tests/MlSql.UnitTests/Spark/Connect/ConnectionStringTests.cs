using MlSql.Columnar;
using MlSql.Engines.Spark.Connect;

namespace MlSql.UnitTests.Spark.Connect;

internal sealed class ConnectionStringTests
{
    private static ConnectionString Parse(string text, params (string Key, string Value)[] environment) => ConnectionString.Parse(text, key => environment.FirstOrDefault(e => e.Key == key).Value);

    [TestCase("sc://host", "host", 15002)]
    [TestCase("sc://host/", "host", 15002)]
    [TestCase("sc://host:1", "host", 1)]
    [TestCase("sc://host:65535/;user_id=a", "host", 65535)]
    [TestCase("sc://10.1.2.3:80/;", "10.1.2.3", 80)]
    [TestCase("sc://[::1]", "::1", 15002)]
    [TestCase("sc://[fe80::1]:7", "fe80::1", 7)]
    public void Host_and_port(string text, string host, int port)
    {
        ConnectionString server = Parse(text);
        Assert.That((server.Host, server.Port), Is.EqualTo((host, port)));
        Assert.That(server.Address.Port, Is.EqualTo(port));
    }

    [TestCase("localhost", false)]
    [TestCase("LOCALHOST", false)]
    [TestCase("127.0.0.1", false)]
    [TestCase("127.8.8.8", false)]
    [TestCase("[::1]", false)]
    [TestCase("example.org", true)]
    [TestCase("10.0.0.1", true)]
    public void A_token_means_TLS_unless_the_server_is_on_this_machine(string host, bool tls)
    {
        Assert.That(Parse($"sc://{host}/;token=x").UseTls, Is.EqualTo(tls));
        Assert.That(Parse($"sc://{host}/;token=x").Address.Scheme, Is.EqualTo(tls ? "https" : "http"));
        Assert.That(Parse($"sc://{host}/").UseTls, Is.False);
        Assert.That(Parse($"sc://{host}/;use_ssl=true").UseTls, Is.True);
    }

    [Test]
    public void Parameters_are_decoded_and_unknown_ones_become_headers()
    {
        ConnectionString server = Parse("sc://h/;user_id=a%20b;session_id=6d6c7371-6c00-4000-8000-000000249006;token=x%3D%3D;x-cluster-id=c%3B1;X-Other=2;grpc_keepalive_enabled=false;grpc_keepalive_time_ms=30000;grpc_keepalive_timeout_ms=5000;grpc_keepalive_without_calls=false;user_agent=me");
        Assert.Multiple(() =>
        {
            Assert.That(server.UserId, Is.EqualTo("a b"));
            Assert.That(server.SessionId, Is.EqualTo(Guid.Parse("6d6c7371-6c00-4000-8000-000000249006")));
            Assert.That(server.Token, Is.EqualTo("x=="));
            Assert.That(server.UserAgent, Is.EqualTo("me"));
            Assert.That(server.Headers, Is.EqualTo(new KeyValuePair<string, string>[] { new("x-other", "2"), new("x-cluster-id", "c;1") }));
            Assert.That(server.KeepAlive, Is.EqualTo(new KeepAlive(false, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), false)));
        });
    }

    [Test]
    public void The_environment_gives_what_is_left_open()
    {
        ConnectionString server = Parse("sc://localhost", ("SPARK_CONNECT_AUTHENTICATE_TOKEN", "t"), ("SPARK_USER", "u"), ("USER", "v"));
        Assert.That((server.Token, server.UserId), Is.EqualTo(("t", "u")));
        server = Parse("sc://localhost/;token=own;user_id=w", ("SPARK_CONNECT_AUTHENTICATE_TOKEN", "t"), ("USER", "v"));
        Assert.That((server.Token, server.UserId), Is.EqualTo(("own", "w")));
        Assert.That(Parse("sc://localhost", ("USER", "v")).UserId, Is.EqualTo("v"));
        Assert.That(Parse("sc://localhost").UserId, Is.Empty);
    }

    [TestCase("")]
    [TestCase("http://host")]
    [TestCase("SC://host")]
    [TestCase("sc:/host")]
    [TestCase("sc://")]
    [TestCase("sc:///;a=b")]
    [TestCase("sc://host:0")]
    [TestCase("sc://host:65536")]
    [TestCase("sc://host:x")]
    [TestCase("sc://host:")]
    [TestCase("sc://host:1:2")]
    [TestCase("sc://::1")]
    [TestCase("sc://[::1")]
    [TestCase("sc://[host]")]
    [TestCase("sc://[::1]x:3")]
    [TestCase("sc://user@host")]
    [TestCase("sc://ho st")]
    [TestCase("sc://host/path")]
    [TestCase("sc://host/path;a=b")]
    [TestCase("sc://host;a=b")]
    [TestCase("sc://host/;a")]
    [TestCase("sc://host/;a=b=c")]
    [TestCase("sc://host/;=b")]
    [TestCase("sc://host/;a=1;a=2")]
    [TestCase("sc://host/;session_id=7")]
    [TestCase("sc://host/;use_ssl=yes")]
    [TestCase("sc://host/;token=x;use_ssl=false")]
    [TestCase("sc://host/;token=a%0Ab")]
    [TestCase("sc://host/;x=a%0D%0Ab")]
    [TestCase("sc://host/;x y=1")]
    [TestCase("sc://host/;grpc-timeout=1S")]
    [TestCase("sc://host/;content-type=text")]
    [TestCase("sc://host/;te=x")]
    [TestCase("sc://host/;grpc_keepalive_time_ms=1")]
    [TestCase("sc://host/;grpc_keepalive_time_ms=x")]
    public void What_is_wrong_is_said_with_a_way_out(string text)
    {
        CodedException error = Assert.Catch<CodedException>(() => Parse(text))!;
        Assert.That(error.Code, Is.EqualTo("MLS6210"));
        Assert.That(error.Hint, Is.Not.Empty);
    }

    [Test]
    public void A_long_user_agent_is_refused() =>
        Assert.That(() => Parse("sc://h/;user_agent=" + new string('a', 2049)), Throws.InstanceOf<CodedException>().With.Property("Code").EqualTo("MLS6210"));

    [Test]
    public void No_text_of_it_holds_the_secret()
    {
        Assert.That(Parse("sc://host:7/;token=hidden;other=hidden").ToString(), Is.EqualTo("sc://host:7"));
        foreach (string text in new[] { "sc://host/;token=hidden;token=hidden", "sc://host/;token=hidden=", "sc://host/;token=hidden;use_ssl=false", "sc://host/;token=hidden%01" })
            Assert.That(Assert.Catch<CodedException>(() => Parse(text))!.ToString(), Does.Not.Contain("hidden"), text);
    }
}
