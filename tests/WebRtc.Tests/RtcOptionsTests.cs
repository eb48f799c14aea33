namespace MediaScore.WebRtc.Tests;

public sealed class RtcOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => new RtcOptionsValidator().Validate(null, new RtcOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void Every_fault_is_told_at_once_with_name_and_value()
    {
        var options = new RtcOptions
        {
            Address = "localhost",
            UdpPort = 70_000,
            PublicAddresses = ["interviews.example.com", "0.0.0.0"],
            MaxHandshakes = 4,
            MaxTcpConnections = 10,
        };

        var failures = new RtcOptionsValidator().Validate(null, options).Failures.ShouldNotBeNull().ToList();

        failures.ShouldContain(f => f.Contains("UdpPort", StringComparison.Ordinal));
        failures.ShouldContain(f => f.Contains("'localhost'", StringComparison.Ordinal));
        failures.ShouldContain(f => f.Contains("'interviews.example.com'", StringComparison.Ordinal));
        failures.ShouldContain(f => f.Contains("'0.0.0.0'", StringComparison.Ordinal));
        failures.ShouldContain(f => f.Contains("MaxHandshakesPerAddress is 8", StringComparison.Ordinal));
        failures.ShouldContain(f => f.Contains("MaxTcpConnectionsPerAddress is 32", StringComparison.Ordinal));
    }
}
