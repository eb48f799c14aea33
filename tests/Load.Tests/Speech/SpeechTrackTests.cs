using MediaScore.Load.Tests.Clients;

namespace MediaScore.Load.Tests.Speech;

public sealed class SpeechTrackTests
{
    [Fact]
    public void An_interview_begins_in_the_pause_before_an_utterance_on_the_edge_of_a_packet()
    {
        var start = Scene.Track.StartBefore(1);

        start.ShouldBe(TimeSpan.FromSeconds(5.4));
        Scene.Track.Audio.Units[Scene.Track.UnitAt(start)].Time.ShouldBe(start);
    }

    [Fact]
    public void What_is_heard_goes_round_without_end()
    {
        var heard = Scene.Track.From(TimeSpan.FromSeconds(5)).Take(4).ToList();

        heard.Select(part => part.Transcript).ShouldBe(["three", "one two", "three", "one two"]);
        heard.Select(part => part.VoicedStart.TotalSeconds).ShouldBe([1, 7, 11, 17]);
    }

    [Fact]
    public void What_had_begun_before_is_not_counted() => Scene.Track.From(TimeSpan.FromSeconds(3)).First().Transcript.ShouldBe("three");
}
