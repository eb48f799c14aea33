using System.Text.Json;
using Grpc.Net.Client;
using MediaScore.EndToEnd.Tests.Candidate;
using MediaScore.Peers.Sessions;
using MediaScore.Peers.Sources;
using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

/// <summary>A candidate's interview over WebRTC against the server as its own process, which is killed in the middle.</summary>
public sealed class CandidateTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_keeps_what_the_page_showed_as_safe_and_logs_no_secret()
    {
        using var scratch = new ScratchFolder();
        var speech = await SpeechAsync(scratch["speech"]);
        var logs = new List<Task<string>>();
        using var server = await ServerProcess.StartAsync(scratch["data"], 0, "Logging:LogLevel:Default=Trace");
        logs.Add(server.Log);
        var invitation = await CandidatePage.InviteAsync(server.Grpc);
        string answer;
        long safe;
        await using (var page = new CandidatePage(server.Http, invitation))
        {
            await page.ConsentAsync("audio", "video", "transcript", "prosody", "text");
            answer = (await page.ConnectAsync(speech)).Whip.Resource!.Segments[^1];
            await page.StageAsync("begin");
            safe = await page.UntilSafeAsync(8_000);
            await server.KillAsync();
        }

        using var next = await ServerProcess.StartAsync(scratch["data"], 0, "Logging:LogLevel:Default=Trace");
        logs.Add(next.Log);
        await using var again = new CandidatePage(next.Http, invitation);
        var kept = await again.StateAsync();
        var peer = await again.ConnectAsync(speech);
        // The first that comes of the new page lies behind the hole.
        var resumed = await again.UntilSafeAsync(kept.GetProperty("safeMs").GetInt64() + 1);
        await again.UntilSafeAsync(resumed + (long)speech.Audio!.Duration.TotalMilliseconds + 1_000);
        await again.StageAsync("end");
        await again.EndAsync();
        await peer.Ended.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        await again.EventAsync("finished", _ => true);
        var (utterances, report) = await ReadAsync(next, invitation);
        await next.KillAsync();

        var keptMs = kept.GetProperty("safeMs").GetInt64();
        var (before, after) = (Text(utterances.Where(u => u.StartUs < keptMs * 1000)), Text(utterances.Where(u => u.StartUs >= keptMs * 1000)));
        output.WriteLine($"safe at the kill: {safe} ms; kept: {keptMs} ms; heard before: {before}; after: {after}");
        keptMs.ShouldBeGreaterThanOrEqualTo(safe);
        // Its first sentence was said before the kill, and all of it again after that. What espeak-ng says is hard to hear, the more where the kill cuts it: most words stand for the rest.
        HeardWords.Recall(FirstSentence, before).ShouldBeGreaterThan(0.5, before);
        HeardWords.Recall(SpokenInterview.FirstAnswer, after).ShouldBeGreaterThan(0.6, after);
        report.GetProperty("interview").GetProperty("endReason").GetString().ShouldBe("ClientEnded");
        foreach (var log in await Task.WhenAll(logs))
        {
            foreach (var secret in new[] { again.Token, invitation.AccessToken, answer, "ice-pwd", "a=candidate", "a=fingerprint" })
                log.Split('\n').Where(line => line.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
        }
    }

    private static string FirstSentence => SpokenInterview.FirstAnswer[..SpokenInterview.FirstAnswer.IndexOf('.', StringComparison.Ordinal)];

    private static string Text(IEnumerable<Utterance> utterances) => string.Join(' ', utterances.Select(u => u.Text).Where(text => text.Length > 0));

    private static async Task<(IReadOnlyList<Utterance> Utterances, JsonElement Report)> ReadAsync(ServerProcess server, CreateInterviewResponse invitation)
    {
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new InterviewService.InterviewServiceClient(channel);
        var transcript = await client.GetTranscriptAsync(new GetTranscriptRequest { InterviewId = invitation.InterviewId, AccessToken = invitation.AccessToken });
        var report = await client.GetReportAsync(new GetReportRequest { InterviewId = invitation.InterviewId, AccessToken = invitation.AccessToken });
        return (transcript.Utterances, JsonDocument.Parse(report.Content.Memory).RootElement);
    }

    /// <summary>The spoken answer behind two seconds of silence, and a moving test picture.</summary>
    private static async Task<SenderOptions> SpeechAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var samples = await SpokenSound.TrySpeakAsync(SpokenInterview.FirstAnswer) ?? throw new InvalidOperationException("espeak-ng is not installed: tools/setup.sh --test");
        var bytes = new byte[(samples.Length + 32_000) * sizeof(float)];
        Buffer.BlockCopy(samples, 0, bytes, 32_000 * sizeof(float), samples.Length * sizeof(float));
        var wave = Path.Combine(folder, "answer.wav");
        await File.WriteAllBytesAsync(wave, await Ffmpeg.RunAsync(["-f", "f32le", "-ar", "16000", "-ac", "1", "-i", "-", "-f", "wav", "-"], bytes));
        var encoder = new ClipEncoder(folder);
        return new SenderOptions
        {
            Audio = await MediaClip.ReadOpusAsync(await encoder.OpusAsync(["-i", wave])),
            AudioSource = new OpusSourceOptions(Loop: false),
            Video = await MediaClip.ReadH264Async(await encoder.H264Async(ClipEncoder.SyntheticPicture(TimeSpan.FromSeconds(4))), 15),
        };
    }
}
