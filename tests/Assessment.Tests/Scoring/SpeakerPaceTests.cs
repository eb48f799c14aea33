using MediaScore.Assessment.Scoring;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Scoring;

public sealed class SpeakerPaceTests
{
    [Fact]
    public void The_usual_rate_is_the_median_of_the_interview_in_any_order()
    {
        UtteranceProsody[] utterances = [Said(0, 3, 4), Said(4, 3, 5), Said(8, 3, 3), Said(12, 3, 6)];

        SpeakerPace.UsualRate(utterances).ShouldBe(4.5);
        SpeakerPace.UsualRate(utterances.Reverse()).ShouldBe(4.5);
        SpeakerPace.UsualRate(utterances.Take(3)).ShouldBe(4);
    }

    [Fact]
    public void Fewer_than_three_utterances_have_no_usual_rate_and_short_ones_do_not_count()
    {
        // "Yes.", with its padding; and one that is mostly pause.
        UtteranceProsody[] utterances = [Said(0, 3, 4), Said(4, 3, 5), Said(8, 0.9, 9), Said(12, 3, 9) with { InnerPauseShare = 0.8 }];

        SpeakerPace.UsualRate(utterances).ShouldBeNull();
        SpeakerPace.UsualRate([.. utterances, Said(16, 2, 3)]).ShouldBe(4);
    }

    [Fact]
    public void A_speaker_without_syllables_has_no_usual_rate() =>
        SpeakerPace.UsualRate([Said(0, 3, 0), Said(4, 3, 0), Said(8, 3, 5)]).ShouldBeNull();

    [Fact]
    public void Delivery_falls_with_the_distance_from_the_usual_rate_and_leaves_pace_out_where_that_is_unknown()
    {
        UtteranceProsody[] answer = [Said(0, 12, 4)];

        var even = SpokenDelivery.Of(answer, usualRate: 4)!.Level;
        var uneven = SpokenDelivery.Of(answer, usualRate: 7)!.Level;
        var unknown = SpokenDelivery.Of(answer, usualRate: null)!.Level;

        uneven.ShouldBeLessThan(even);
        unknown.ShouldBe(SpokenDelivery.Of([answer[0] with { SyllablesPerSecond = 9 }], usualRate: null)!.Level);
    }

    private static UtteranceProsody Said(double startSeconds, double seconds, double syllablesPerSecond) =>
        new(new MediaRange(MediaTime.FromSeconds(startSeconds), MediaTime.FromSeconds(startSeconds + seconds)), 180, 6, -25, TimeSpan.Zero, 0.1, syllablesPerSecond, null, 0, 20);
}
