using MediaScore.MediaServer.Hosting;

namespace MediaScore.MediaServer.Tests.Hosting;

public sealed class ServerAddressesTests
{
    private static readonly string[] Https = ["https://192.168.1.20:5443", "https://127.0.0.1:5443"];

    [Fact]
    public void Links_for_the_network_are_those_that_others_reach()
    {
        var addresses = new ServerAddresses("");
        addresses.Listening("http://127.0.0.1:5080", "http://127.0.0.1:5081", Https);

        addresses.CandidateUrl("i", "t").ShouldBe("http://127.0.0.1:5080/interviews/i?token=t");
        addresses.CandidateLanUrls("i", "t").ShouldBe(["https://192.168.1.20:5443/interviews/i?token=t"]);
    }

    [Fact]
    public void Where_the_owner_has_named_an_address_there_is_no_other()
    {
        var addresses = new ServerAddresses("https://interviews.example.com/");
        addresses.Listening("http://127.0.0.1:5080", "http://127.0.0.1:5081", Https);

        addresses.CandidateUrl("i", "t").ShouldBe("https://interviews.example.com/interviews/i?token=t");
        addresses.CandidateLanUrls("i", "t").ShouldBeEmpty();
    }
}
