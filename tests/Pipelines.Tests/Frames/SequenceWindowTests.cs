using MediaScore.Pipelines.Frames;

namespace MediaScore.Pipelines.Tests.Frames;

public class SequenceWindowTests
{
    [Fact]
    public void In_order_numbers_are_new_and_the_position_follows()
    {
        var window = new SequenceWindow();

        for (ulong i = 0; i < 5_000; i++)
        {
            window.Accept(i).ShouldBe(SequenceVerdict.New);
            window.Next.ShouldBe(i + 1);
        }

        window.LostCount.ShouldBe(0UL);
    }

    [Fact]
    public void A_number_seen_twice_is_a_duplicate_before_and_behind_the_position()
    {
        var window = new SequenceWindow();
        foreach (ulong sequence in new ulong[] { 0, 1, 2, 5 })
            window.Accept(sequence);

        window.Accept(1).ShouldBe(SequenceVerdict.Duplicate);
        window.Accept(5).ShouldBe(SequenceVerdict.Duplicate);
        window.Next.ShouldBe(3UL);
    }

    [Fact]
    public void The_position_jumps_over_what_came_early_when_the_missing_one_arrives()
    {
        var window = new SequenceWindow();
        foreach (ulong sequence in new ulong[] { 0, 2, 3, 4 })
            window.Accept(sequence);
        window.Next.ShouldBe(1UL);

        window.Accept(1).ShouldBe(SequenceVerdict.New);

        window.Next.ShouldBe(5UL);
    }

    [Fact]
    public void A_resumed_window_takes_everything_before_its_start_for_old()
    {
        var window = new SequenceWindow(700);

        window.Accept(699).ShouldBe(SequenceVerdict.TooOld);
        window.Accept(0).ShouldBe(SequenceVerdict.TooOld);
        window.Accept(700).ShouldBe(SequenceVerdict.New);
    }

    [Fact]
    public void Sliding_over_unseen_numbers_loses_them()
    {
        var window = new SequenceWindow();
        window.Accept(0);

        window.Accept(3_000).ShouldBe(SequenceVerdict.New);

        window.Next.ShouldBe(3_000UL - SequenceWindow.Width + 1);
        window.LostCount.ShouldBe(3_000UL - SequenceWindow.Width);
        window.Accept(5).ShouldBe(SequenceVerdict.TooOld);
        window.Accept(2_500).ShouldBe(SequenceVerdict.New);
    }

    [Fact]
    public void What_is_given_up_is_counted_and_the_position_moves_on()
    {
        var window = new SequenceWindow();
        foreach (ulong sequence in new ulong[] { 0, 3, 4 })
            window.Accept(sequence);

        window.GiveUpBelow(3).ShouldBe(2UL);

        window.Next.ShouldBe(5UL);
        window.Accept(1).ShouldBe(SequenceVerdict.TooOld);
        window.GiveUpBelow(10).ShouldBe(5UL);
        window.Accept(9).ShouldBe(SequenceVerdict.TooOld);
        window.Accept(10).ShouldBe(SequenceVerdict.New);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(60_101UL)]
    public void A_number_beyond_reason_is_refused_and_harms_nothing(ulong sequence)
    {
        var window = new SequenceWindow(100);

        window.Accept(sequence).ShouldBe(SequenceVerdict.TooFarAhead);

        window.Accept(100).ShouldBe(SequenceVerdict.New);
        window.Next.ShouldBe(101UL);
    }

    [Fact]
    public void Agrees_with_a_plain_set_over_random_traffic()
    {
        var random = new Random(3);
        var window = new SequenceWindow();
        var seen = new HashSet<ulong>();

        for (var i = 0; i < 50_000; i++)
        {
            var sequence = (ulong)Math.Max(0, (long)window.End + random.Next(-40, 20));
            var next = window.Next;
            var verdict = window.Accept(sequence);

            if (seen.Contains(sequence))
                verdict.ShouldBe(SequenceVerdict.Duplicate);
            else
                verdict.ShouldBe(sequence < next ? SequenceVerdict.TooOld : SequenceVerdict.New);
            if (verdict == SequenceVerdict.New)
                seen.Add(sequence);
        }

        ((ulong)seen.Count + window.LostCount + Missing(window, seen)).ShouldBe(window.End);
    }

    private static ulong Missing(SequenceWindow window, HashSet<ulong> seen)
    {
        ulong missing = 0;
        for (var i = window.Next; i < window.End; i++)
            missing += seen.Contains(i) ? 0UL : 1;
        return missing;
    }
}
