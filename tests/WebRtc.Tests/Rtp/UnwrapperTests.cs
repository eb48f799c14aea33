using CsCheck;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class UnwrapperTests
{
    [Fact]
    public void A_sequence_number_wraps_forwards_and_back()
    {
        var unwrapper = default(SequenceUnwrapper);

        var unwrapped = ((ushort[])[65_534, 65_535, 0, 65_533, 1, 65_535, 2]).Select(s => unwrapper.Unwrap(s) - 65_536).ToList();

        unwrapped.ShouldBe([65_534, 65_535, 65_536, 65_533, 65_537, 65_535, 65_538]);
    }

    [Fact]
    public void A_packet_from_before_the_first_is_not_below_zero()
    {
        var unwrapper = default(SequenceUnwrapper);

        var first = unwrapper.Unwrap(3);

        unwrapper.Unwrap(65_535).ShouldBe(first - 4);
        unwrapper.Unwrap(65_535).ShouldBePositive();
        unwrapper.Unwrap(4).ShouldBe(first + 1);
    }

    [Fact]
    public void Late_packets_do_not_draw_it_back()
    {
        var unwrapper = default(SequenceUnwrapper);
        var first = unwrapper.Unwrap(40_000);

        foreach (var late in (ushort[])[20_000, 10_000, 8_000])
            unwrapper.Unwrap(late).ShouldBe(first - 40_000 + late);

        unwrapper.Unwrap(40_001).ShouldBe(first + 1);
    }

    [Fact]
    public void Any_walk_of_steps_below_half_a_cycle_is_followed() =>
        Gen.Select(Gen.UShort, Gen.Int[1, 32_767].List[1, 200]).Sample((start, steps) =>
        {
            var unwrapper = default(SequenceUnwrapper);
            var timestamps = default(TimestampUnwrapper);
            var at = unwrapper.Unwrap(start);
            var time = timestamps.Unwrap((uint)start << 16);
            foreach (var step in steps)
            {
                at += step;
                time += (long)step << 16;
                unwrapper.Unwrap((ushort)at).ShouldBe(at);
                timestamps.Unwrap((uint)time).ShouldBe(time);
            }
        }, iter: 500, seed: "0000000000001");

    [Fact]
    public void A_timestamp_wraps_forwards_and_back()
    {
        var unwrapper = default(TimestampUnwrapper);
        var first = unwrapper.Unwrap(uint.MaxValue - 959);

        unwrapper.Unwrap(0).ShouldBe(first + 960);
        unwrapper.Unwrap(uint.MaxValue - 1919).ShouldBe(first - 960);
        unwrapper.Unwrap(960).ShouldBe(first + 1920);
    }

    [Fact]
    public void A_timestamp_is_located_without_moving()
    {
        var unwrapper = default(TimestampUnwrapper);
        var located = unwrapper.Locate(7);
        var first = unwrapper.Unwrap(7);

        unwrapper.Locate(2_000_000_000).ShouldBe(first + 2_000_000_000 - 7);

        located.ShouldBe(first);
        unwrapper.Locate(4_000_000_000).ShouldBe(first - 7 - (long)uint.MaxValue - 1 + 4_000_000_000);
    }
}
