using System.Text.Json;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Peers.Sources;
using MediaScore.Recording;
using MediaScore.TestMedia;
using Domain = MediaScore.Timeline;

namespace MediaScore.MediaServer.Tests.Ingress.Whip;

/// <summary>Whole interviews over WebRTC, from the invitation to the report.</summary>
public sealed class WhipInterviewTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Stage = "late-dish";
    private const string Question = "late-dish-response";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_into_a_browser_is_in_the_report()
    {
        var server = shared.Require();
        // Long enough that no single word decides: in the shortest of 15, whose reference writes "i ve", two errors of 17 words stand before anything is heard.
        var utterance = Utterance(words: 24);
        await using var candidate = await Candidate.InviteAsync(server);
        var peer = await candidate.ConnectAsync(await CandidateMedia.SpeechAsync(utterance.Path));
        await candidate.BeginAsync(Stage, Question);

        await candidate.UntilDurableAsync(await LengthAsync(utterance));
        await candidate.EndAnswerAsync(Stage, Question);
        var report = await candidate.FinishAsync();
        // The interview's end is the connection's.
        await peer.Ended.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Cancellation);

        var heard = await candidate.TranscriptAsync();
        WordErrorRate.Of(utterance.Transcript, heard).Rate.ShouldBeLessThan(0.25, heard);
        using var json = JsonDocument.Parse(report);
        json.RootElement.GetProperty("interview").GetProperty("id").GetString().ShouldBe(candidate.Invitation.InterviewId);
    }

    [Fact]
    public async Task Every_packet_of_sound_is_recorded_where_its_sample_clock_says()
    {
        var server = shared.Require();
        await using var candidate = await Candidate.InviteAsync(server);
        var media = await CandidateMedia.SyntheticAsync() with { AudioSource = new OpusSourceOptions(Loop: false) };

        await candidate.ConnectAsync(media);
        await candidate.UntilDurableAsync(media.Audio!.Duration + TimeSpan.FromSeconds(1));
        await candidate.FinishAsync();

        using var recording = server.Host.Parts.Reports.OpenRecording(candidate.Invitation.InterviewId)!;
        var packets = recording.ReadAll().Where(e => e.IsPacket).Select(e => e.Packet).ToList();
        var sound = packets.Where(p => p.Track is TrackKind.Audio).ToList();
        var first = sound.FindIndex(p => p.Payload.Span.SequenceEqual(media.Audio.Units[0].Payload.Span));
        sound.Select(p => p.Sequence).ShouldBe(Enumerable.Range(0, sound.Count).Select(i => (ulong)i));
        for (var i = 0; i < media.Audio.Units.Count; i++)
        {
            sound[first + i].Payload.Span.SequenceEqual(media.Audio.Units[i].Payload.Span).ShouldBeTrue($"packet {i} of {media.Audio.Units.Count}");
            (sound[first + i].Time - sound[first].Time).ShouldBe(media.Audio.Units[i].Time, TimeSpan.FromMilliseconds(1), $"packet {i}");
        }

        var pictures = packets.Where(p => p.Track is TrackKind.Video).ToList();
        pictures[0].KeyFrame.ShouldBeTrue();
        pictures.Select(p => p.Time.Microseconds).ShouldBeInOrder();
        pictures.Count.ShouldBeGreaterThan(15 * 4);
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_goes_on_with_one_timeline_and_a_stated_gap()
    {
        var server = shared.Require();
        var utterance = Utterance(words: 15);
        await using var candidate = await Candidate.InviteAsync(server);
        var speech = await CandidateMedia.SpeechAsync(utterance.Path);
        var first = await candidate.ConnectAsync(speech);
        await candidate.BeginAsync(Stage, Question);
        var session = await candidate.UntilDurableAsync(TimeSpan.FromSeconds(2));
        await first.CrashAsync();
        var before = session.RecordedUntil;
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation);

        await candidate.ConnectAsync(speech);
        await candidate.UntilDurableAsync(before.ToTimeSpan() + await LengthAsync(utterance) + TimeSpan.FromSeconds(1));
        await candidate.EndAnswerAsync(Stage, Question);
        await candidate.FinishAsync();
        var gaps = session.Observations.OfType<Domain.MediaGap>().ToList();

        var gap = gaps.ShouldHaveSingleItem();
        gap.Track.ShouldBe("audio");
        gap.Reason.ShouldBe(Domain.GapReasons.PacketsLost);
        gap.Range.Start.Microseconds.ShouldBeInRange(before.Microseconds - 100_000, before.Microseconds + 100_000);
        (gap.Range.End - gap.Range.Start).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        // The second page says it all from the beginning.
        TranscriptNormalizer.Words(await candidate.TranscriptAsync()).ShouldContain(TranscriptNormalizer.Words(utterance.Transcript).MaxBy(w => w.Length)!);
        var ended = session.Observations.OfType<Domain.StageEnded>().Single();
        ended.Range.Start.ShouldBeGreaterThan(gap.Range.End);
    }

    [Fact]
    public async Task A_server_that_is_replaced_in_the_middle_goes_on_with_the_same_interview()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var data = Directory.CreateTempSubdirectory("mediascore-whip-");
        var options = await CandidateMedia.SyntheticAsync();
        var first = await TestServer.StartAsync(data.FullName);
        await using var candidate = await Candidate.InviteAsync(first);
        await candidate.ConnectAsync(options);
        await candidate.BeginAsync(Stage, Question);
        await candidate.UntilDurableAsync(TimeSpan.FromSeconds(2));
        await first.DisposeAsync();

        await using var next = await TestServer.StartAsync(data.FullName);
        candidate.Server = next;
        await candidate.ConnectAsync(options);
        // From now on, not from what was recorded before: behind the hole one picture alone would be two seconds later, and the sound that shows the hole still on its way.
        var session = await candidate.UntilDurableAsync(candidate.Interview.Clock.Now.ToTimeSpan() + TimeSpan.FromSeconds(2));
        await candidate.FinishAsync();
        var gaps = session.Observations.OfType<Domain.MediaGap>().Where(g => g.Track == "audio").ToList();

        gaps.ShouldHaveSingleItem().Range.Start.Microseconds.ShouldBeGreaterThan(1_900_000);
        session.Observations.OfType<Domain.StageStarted>().ShouldHaveSingleItem();
    }

    private static SpokenUtterance Utterance(int words)
    {
        var corpus = SpeechCorpus.TryLoad();
        Assert.SkipWhen(corpus is null, SharedTestData.SkipReason);
        return corpus.Where(u => u.Part == SpeechCorpus.LibriSpeech).OrderBy(u => u.Transcript.Length).First(u => u.Transcript.Split(' ').Length >= words);
    }

    private static async Task<TimeSpan> LengthAsync(SpokenUtterance utterance) =>
        TimeSpan.FromSeconds((await SpokenSound.DecodeAsync(utterance.Path)).Length / 16_000.0 + 1) + CandidateMedia.LeadIn;
}
