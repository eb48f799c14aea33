using MediaScore.Pipelines.Audio;

namespace MediaScore.Pipelines.Tests.Audio;

public class SampleHistoryTests
{
    [Fact]
    public void Holds_what_was_appended_at_its_position_through_growing_and_discarding()
    {
        var random = new Random(8);
        using var history = new SampleHistory();
        history.JumpTo(1_000);
        var next = 1_000L;

        for (var step = 0; step < 2_000; step++)
        {
            var piece = new float[random.Next(2_000)];
            for (var i = 0; i < piece.Length; i++)
                piece[i] = next++;
            history.Append(piece);
            if (random.Next(3) == 0)
                history.DiscardBefore(history.End - random.Next(100_000));

            history.End.ShouldBe(next);
            var from = history.Start + random.NextInt64(history.End - history.Start + 1);
            var slice = history.Slice(from, history.End).Span;
            slice.Length.ShouldBe((int)(next - from));
            if (slice.Length > 0)
            {
                slice[0].ShouldBe(from);
                slice[^1].ShouldBe(next - 1);
            }
        }
    }

    [Fact]
    public void Silence_is_silent_in_a_buffer_used_before()
    {
        using var history = new SampleHistory();
        history.Append(Enumerable.Repeat(1f, 30_000).ToArray());
        history.JumpTo(0);

        history.AppendSilence(10_000);

        history.Slice(0, 10_000).ToArray().ShouldAllBe(sample => sample == 0);
    }

    [Fact]
    public void Room_for_a_long_utterance_is_given_back_when_it_has_ended()
    {
        using var history = new SampleHistory();
        var atRest = history.Capacity;
        for (var frame = 0; frame < 1_000; frame++)
            history.Append(new float[320]);
        history.Capacity.ShouldBeGreaterThan(320_000);

        history.DiscardBefore(history.End - 3_000);

        history.Capacity.ShouldBe(atRest);
        history.Slice(history.Start, history.End).Length.ShouldBe(3_000);
    }

    [Fact]
    public void A_buffer_that_was_given_back_is_not_written_to_by_who_had_it()
    {
        using var first = new SampleHistory();
        using var second = new SampleHistory();
        first.Append(Enumerable.Repeat(1f, 40_000).ToArray());
        first.JumpTo(0);
        second.Append(Enumerable.Repeat(2f, 40_000).ToArray());

        first.Append(Enumerable.Repeat(1f, 40_000).ToArray());

        second.Slice(0, 40_000).ToArray().ShouldAllBe(sample => sample == 2);
        first.Slice(0, 40_000).ToArray().ShouldAllBe(sample => sample == 1);
    }
}
