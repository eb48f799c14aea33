using System.Net;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Ingress.Whip;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Ingress.Whip;

public sealed class WhipWordsTests
{
    [Theory]
    [InlineData(null, Precondition.Missing)]
    [InlineData("\"abcdefgh.2\"", Precondition.Matches)]
    [InlineData("\"other\", \"abcdefgh.2\"", Precondition.Matches)]
    [InlineData("*", Precondition.Any)]
    [InlineData("\"abcdefgh.1\"", Precondition.Failed)]
    [InlineData("W/\"abcdefgh.2\"", Precondition.Failed)]
    [InlineData("abcdefgh.2", Precondition.Failed)]
    [InlineData("", Precondition.Failed)]
    internal void If_Match_is_judged_by_strong_comparison(string? field, Precondition expected) =>
        EntityTags.Judge(field is null ? [] : [field], EntityTags.Of("abcdefghijkl", 2)).ShouldBe(expected);

    [Fact]
    public void Turn_credentials_are_those_of_coturns_shared_secret_and_expire()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
        var links = new IceServerLinks(
            new WhipOptions { IceServers = ["stun:turn.example.net:3478", "turn:turn.example.net:3478?transport=udp"], TurnSecret = "north", TurnCredentialMinutes = 10 }, time);

        var servers = links.For("interview-1");
        var headers = links.HeadersFor("interview-1").ToList();

        servers[1].Username.ShouldBe("1000600:interview-1");
        // printf '1000600:interview-1' | openssl dgst -sha1 -hmac north -binary | base64
        servers[1].Credential.ShouldBe("p5J5vi/a7RjeGCuZJnbiLb+GXEM=");
        headers[0].ShouldBe("<stun:turn.example.net:3478>; rel=\"ice-server\"");
        headers[1].ShouldBe(
            "<turn:turn.example.net:3478?transport=udp>; rel=\"ice-server\"; username=\"1000600:interview-1\"; credential=\"p5J5vi/a7RjeGCuZJnbiLb+GXEM=\"; credential-type=\"password\"");
    }

    [Fact]
    public void An_IPv6_network_counts_as_one_address_and_no_IPv4_address_as_another()
    {
        var one = AddressKey.Of(IPAddress.Parse("2001:db8:1:2::1"));

        AddressKey.Of(IPAddress.Parse("2001:db8:1:2:ffff::9")).ShouldBe(one);
        AddressKey.Of(IPAddress.Parse("2001:db8:1:3::1")).ShouldNotBe(one);
        AddressKey.Of(IPAddress.Parse("::ffff:192.0.2.1")).ShouldBe(AddressKey.Of(IPAddress.Parse("192.0.2.1")));
        AddressKey.Of(IPAddress.Parse("192.0.2.1")).ShouldNotBe(AddressKey.Of(IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public void Every_fault_of_the_options_is_named_at_once()
    {
        var options = new WhipOptions
        {
            AllowedOrigins = ["https://careers.example.com/", "example.com"],
            IceServers = ["turn.example.net", "turn:x\r\nSet-Cookie: a"],
            TurnSecret = "s",
            TurnUsername = "u",
            MaxConnectionsPerAddress = 0,
        };

        var result = new WhipOptionsValidator().Validate(null, options);

        result.Failures!.Count().ShouldBe(7);
        new WhipOptionsValidator().Validate(null, new WhipOptions()).Succeeded.ShouldBeTrue();
    }
}
