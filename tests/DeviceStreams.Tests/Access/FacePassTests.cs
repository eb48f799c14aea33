using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Tests.Gallery;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Access;

/// <summary>What many frames of one person add up to.</summary>
public sealed class FacePassTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero);
    private static readonly KnownPerson Person = new("per-1", "site", "1001", "Ada", false);
    private static readonly float[] Face = Directions.Any(1);

    // What the pass compared with the gallery, the latest last.
    private readonly List<float[]> _compared = [];

    [Fact]
    public void A_better_frame_counts_for_more_than_a_worse_one()
    {
        var pass = Pass(new PassRules(0.99, false, 0.5));

        Add(pass, Directions.Near(Face, 0.5, 2), worth: 0.4, afterMs: 0);
        Add(pass, Face, worth: 1, afterMs: 500);

        // 0.4 of a direction at a cosine of 0.5, and 1 of the face itself: (0.4 x 0.5 + 1) / sqrt(0.16 + 1 + 2 x 0.4 x 0.5). Equal weights would give 0.866.
        Directions.Cosine(_compared[^1], Face).ShouldBe(0.9608, 0.0005);
    }

    [Fact]
    public void Somebody_who_is_recognised_is_decided_by_the_first_good_frame()
    {
        var outcome = Add(Pass(new PassRules(0.5, false, 0.5)), Face);

        (outcome!.Outcome, outcome.Match!.Person.Number).ShouldBe((DeviceEventOutcome.Granted, "1001"));
    }

    [Fact]
    public void A_living_face_may_look_like_a_print_in_one_frame()
    {
        var pass = Pass(new PassRules(0.5, RequireLiveness: true, LiveProbability: 0.5));

        Add(pass, Face, live: 0.3).ShouldBeNull("a door is not told 'spoof' by one frame");
        var outcome = Add(pass, Face, live: 0.9, afterMs: 500)!;

        outcome.Outcome.ShouldBe(DeviceEventOutcome.Granted);
        outcome.LiveProbability!.Value.ShouldBe(0.6, 0.0001);
    }

    [Fact]
    public void Frames_that_could_not_be_checked_do_not_count_as_checked()
    {
        var pass = Pass(new PassRules(0.5, RequireLiveness: true, LiveProbability: 0.5));

        Add(pass, Face, live: null).ShouldBeNull();
        Add(pass, Face, live: 0.8, afterMs: 500)!.LiveProbability!.Value.ShouldBe(0.8, 0.0001);
    }

    [Fact]
    public void A_pass_begins_with_its_first_face_and_ends_without_one()
    {
        var pass = Pass(new PassRules(0.5, false, 0.5));
        pass.See(0.9, "", Begin.AddSeconds(1));

        pass.IsDue(Begin.AddSeconds(1.4)).ShouldBeFalse();
        pass.IsDue(Begin.AddSeconds(1.5)).ShouldBeTrue();
        pass.IsOver(Begin.AddSeconds(3)).ShouldBeFalse();
        pass.IsOver(Begin.AddSeconds(3.1)).ShouldBeTrue();
    }

    [Fact]
    public void The_reason_of_a_pass_that_was_never_good_enough_is_that_of_its_best_frame()
    {
        var pass = Pass(new PassRules(0.5, false, 0.5));
        pass.See(0.1, "too dark", Begin);
        pass.See(0.3, "turn to the camera", Begin);
        pass.See(0.2, "too dark", Begin);

        var outcome = pass.Conclude();

        (outcome.Outcome, outcome.Reason).ShouldBe((DeviceEventOutcome.NotAssessed, "turn to the camera"));
        pass.IsDecided.ShouldBeTrue();
    }

    [Fact]
    public void An_empty_gallery_recognises_nobody_and_says_so()
    {
        var pass = new FacePass(1, Begin, new PassRules(0.5, false, 0.5), _ => null);
        pass.See(0.9, "", Begin);
        pass.TryAdd(new FaceEvidence(Face, null), 0.9, Begin, out _);

        var outcome = pass.Conclude();

        (outcome.Outcome, outcome.Match, outcome.Reason).ShouldBe((DeviceEventOutcome.NotRecognised, null, "nobody is enrolled"));
    }

    [Fact]
    public void Another_face_is_not_this_pass_s()
    {
        var pass = Pass(new PassRules(0.99, false, 0.5));
        Add(pass, Directions.Near(Face, 0.9, 2));

        pass.TryAdd(new FaceEvidence(Directions.Any(7), null), 0.9, Begin.AddSeconds(0.5), out var outcome).ShouldBeFalse();

        outcome.ShouldBeNull();
    }

    private FacePass Pass(PassRules rules) => new(1, Begin, rules, embedding =>
    {
        _compared.Add(embedding.ToArray());
        return new GalleryMatch(Person, "tpl-1", (float)Directions.Cosine(embedding.Span, Face));
    });

    private static PassOutcome? Add(FacePass pass, float[] embedding, double worth = 0.9, double? live = null, int afterMs = 0)
    {
        var now = Begin.AddMilliseconds(afterMs);
        pass.See(worth, "", now).ShouldBeTrue();
        pass.TryAdd(new FaceEvidence(embedding, live), worth, now, out var outcome).ShouldBeTrue();
        return outcome;
    }
}
