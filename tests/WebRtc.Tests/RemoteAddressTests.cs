using System.Net;

namespace MediaScore.WebRtc.Tests;

public sealed class RemoteAddressTests
{
    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1%3")]
    public void An_end_point_comes_back_as_it_was(string address)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(address), 40_000);

        RemoteAddress.From(endPoint).ToEndPoint().ShouldBe(endPoint);
    }

    [Fact]
    public void It_shows_no_address() =>
        RemoteAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40_000)).ToString().ShouldBe("udp peer");
}
