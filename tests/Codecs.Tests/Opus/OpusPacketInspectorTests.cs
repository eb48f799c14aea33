using MediaScore.Codecs.Opus;

namespace MediaScore.Codecs.Tests.Opus;

public class OpusPacketInspectorTests
{
    [Theory]
    [InlineData(0, 10.0, OpusMode.Silk)]
    [InlineData(1, 20.0, OpusMode.Silk)]
    [InlineData(3, 60.0, OpusMode.Silk)]
    [InlineData(12, 10.0, OpusMode.Hybrid)]
    [InlineData(15, 20.0, OpusMode.Hybrid)]
    [InlineData(16, 2.5, OpusMode.Celt)]
    [InlineData(31, 20.0, OpusMode.Celt)]
    public void Configuration_numbers_give_mode_and_frame_length_of_RFC_6716_table_2(int configuration, double milliseconds, OpusMode mode)
    {
        OpusPacketInspector.TryInspect([(byte)(configuration << 3), 1, 2, 3], out var info).ShouldBeTrue();

        info.Mode.ShouldBe(mode);
        info.Duration.TotalMilliseconds.ShouldBe(milliseconds);
        info.Channels.ShouldBe(1);
    }

    [Fact]
    public void Stereo_bit_and_frame_codes_are_read()
    {
        OpusPacketInspector.TryInspect([(1 << 3) | 4 | 1, 9, 9], out var twoEqual).ShouldBeTrue();
        OpusPacketInspector.TryInspect([(1 << 3) | 2, 1, 9, 8, 8, 8], out var twoDifferent).ShouldBeTrue();
        OpusPacketInspector.TryInspect([(1 << 3) | 3, 6, 1, 2, 3, 4, 5, 6], out var six).ShouldBeTrue();

        twoEqual.ShouldBe(new OpusPacketInfo(OpusMode.Silk, 2, 960, 2));
        twoDifferent.FrameCount.ShouldBe(2);
        six.Duration.ShouldBe(TimeSpan.FromMilliseconds(120));
        six.SampleCountAt(16_000).ShouldBe(1920);
    }

    [Theory]
    [InlineData("", "no byte at all (R1)")]
    [InlineData("09010203", "code 1 with an odd body (R3)")]
    [InlineData("0A0501", "code 2 whose first length passes the end (R4)")]
    [InlineData("0A", "code 2 without a length")]
    [InlineData("0AFC", "code 2 with half a length")]
    [InlineData("0B", "code 3 without a frame count (R6)")]
    [InlineData("0B00", "code 3 with no frames (R5)")]
    [InlineData("0B07", "140 ms (R5)")]
    [InlineData("0B02010203", "code 3, constant size, that does not divide (R6)")]
    [InlineData("0B41FFFF", "padding past the end (R6)")]
    [InlineData("0B42050102", "padding longer than the body (R6)")]
    [InlineData("0B820501", "variable sizes past the end (R7)")]
    public void Packets_that_break_a_rule_are_refused(string hex, string rule) =>
        OpusPacketInspector.TryInspect(Convert.FromHexString(hex), out _).ShouldBeFalse(rule);

    [Fact]
    public void Padding_and_variable_sizes_of_code_3_are_followed()
    {
        // Two frames of 1 and 2 bytes, then 3 bytes of padding.
        OpusPacketInspector.TryInspect([(1 << 3) | 3, 0xC2, 3, 1, 0xA, 0xB, 0xB, 0, 0, 0], out var info).ShouldBeTrue();

        info.FrameCount.ShouldBe(2);
    }

    [Fact]
    public void Single_frames_over_1275_bytes_are_refused()
    {
        OpusPacketInspector.TryInspect(new byte[1276], out _).ShouldBeTrue();
        OpusPacketInspector.TryInspect(new byte[1277], out _).ShouldBeFalse();
    }
}
