using MediaScore.MediaServer.Api;

namespace MediaScore.MediaServer.Tests.Api;

public sealed class StreamSeatsTests
{
    private readonly StreamSeats _seats = new(perKey: 2);

    [Fact]
    public void The_oldest_of_one_key_gives_way_and_other_keys_are_left_alone()
    {
        using var first = _seats.Take("a", CancellationToken.None, CancellationToken.None);
        using var second = _seats.Take("a", CancellationToken.None, CancellationToken.None);
        using var other = _seats.Take("b", CancellationToken.None, CancellationToken.None);

        using var third = _seats.Take("a", CancellationToken.None, CancellationToken.None);

        first.Ending.IsCancellationRequested.ShouldBeTrue();
        second.Ending.IsCancellationRequested.ShouldBeFalse();
        other.Ending.IsCancellationRequested.ShouldBeFalse();
        third.Ending.IsCancellationRequested.ShouldBeFalse();
        _seats.Count.ShouldBe(3);
    }

    [Fact]
    public void A_seat_ends_with_its_reader_or_its_server_and_is_free_again()
    {
        using var reader = new CancellationTokenSource();
        var seat = _seats.Take("a", reader.Token, CancellationToken.None);

        reader.Cancel();

        seat.Ending.IsCancellationRequested.ShouldBeTrue();
        seat.Dispose();
        seat.Dispose();
        _seats.Count.ShouldBe(0);
    }
}
