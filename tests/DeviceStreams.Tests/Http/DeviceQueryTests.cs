using System.Text;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Tests.Support;

namespace MediaScore.DeviceStreams.Tests.Http;

public sealed class DeviceQueryTests
{
    [Theory]
    [InlineData("?waitS=20", true, 20L)]
    [InlineData("x=1&waitS=0", true, 0L)]
    [InlineData("WAITS=20", true, null)]
    [InlineData("", true, null)]
    [InlineData("waitS=31", false, null)]
    [InlineData("waitS=-1", false, null)]
    [InlineData("waitS=", false, null)]
    [InlineData("waitS=1e1", false, null)]
    public void A_number_of_a_query_is_within_its_bounds_or_none(string query, bool isRight, long? value)
    {
        DeviceQuery.TryRead(query, "waitS", 0, 30, out var read).ShouldBe(isRight);

        if (isRight)
            read.ShouldBe(value);
    }

    [Fact]
    public void No_spoilt_query_or_key_throws_or_leaves_its_bounds()
    {
        var (mutator, keys) = (new Mutator(11), 0);
        for (var i = 0; i < Mutator.CountOr(20_000); i++)
        {
            var query = Encoding.Latin1.GetString(mutator.Spoil("?waitS=20&takenAt=1795681800000"u8.ToArray()));
            if (DeviceQuery.TryRead(query, "waitS", 0, 30, out var wait))
                (wait ?? 0).ShouldBeInRange(0, 30);

            var header = Encoding.Latin1.GetString(mutator.Spoil("Bearer key-of-the-kiosk-1"u8.ToArray()));
            if (DeviceKey.Of(new Dictionary<string, string> { ["Authorization"] = header }) is not { } key)
                continue;
            keys++;
            key.Length.ShouldBeInRange(DeviceCredentials.MinKeyLength, DeviceCredentials.MaxKeyLength);
            key.ShouldAllBe(letter => letter > ' ' && letter <= '~');
        }

        keys.ShouldBeGreaterThan(100);
    }
}
