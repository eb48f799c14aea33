using MediaScore.MediaServer.Cli.Streaming;
using MediaScore.Protocol.Interview.V1;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary>
/// <c>mediascore transcribe</c>: each file is an interview of its own, with Opus, gRPC, session and pool as ever, by a built-in plan whose question nobody
/// begins, so that nothing is rated.
/// </summary>
internal sealed class TranscribeCommand(CliConsole console) : AsyncCommand<TranscribeSettings>
{
    private const string Plan =
        """
        id: transcription
        version: 1
        languages: [en, zh]
        title: { en: Transcription, zh: 转写 }
        stages:
          - id: sound
            title: { en: Sound, zh: 声音 }
            mode: voice
            next: end
            questions:
              - id: sound
                text: { en: What is said?, zh: 说了什么？ }
                timeLimitSeconds: 3600
                rerecords: 0
                competencies: [none]
        competencies:
          - id: none
            name: { en: Not rated, zh: 不评分 }
            definition: { en: A transcription rates nothing., zh: 转写不评分。 }
            weight: 1
            anchors:
              - { level: 1, text: { en: Not rated., zh: 不评分。 } }
              - { level: 2, text: { en: Not rated., zh: 不评分。 } }
              - { level: 3, text: { en: Not rated., zh: 不评分。 } }
              - { level: 4, text: { en: Not rated., zh: 不评分。 } }
              - { level: 5, text: { en: Not rated., zh: 不评分。 } }
        """;

    public override async Task<int> ExecuteAsync(CommandContext context, TranscribeSettings settings, CancellationToken cancellationToken)
    {
        await using var server = await ConnectedServer.ConnectAsync(settings, cancellationToken);
        using var stop = server.StopWith(cancellationToken);
        cancellationToken = stop.Token;
        var statistics = settings.Stats ? RunStatistics.Begin(server.Host) : null;
        var worst = ExitCode.Done;
        var media = TimeSpan.Zero;
        var gate = new Lock();
        async Task RunAsync(ProgressTask? bar) => await Parallel.ForEachAsync(
            settings.Files,
            new ParallelOptions { MaxDegreeOfParallelism = settings.Jobs, CancellationToken = cancellationToken },
            async (file, cancellation) =>
            {
                try
                {
                    var (transcript, length) = await TranscribeAsync(server, file, settings, cancellation);
                    lock (gate)
                        media += length;
                    Print(file, transcript, length, settings.Json);
                }
                catch (CliException e)
                {
                    lock (gate)
                        worst = e.ExitCode;
                    if (settings.Json)
                        console.WriteJson(new { file, error = e.Message, exitCode = (int)e.ExitCode });
                    else
                        console.Notes.MarkupLine($"[red]mediascore:[/] {e.Message.EscapeMarkup()}");
                }

                bar?.Increment(1);
            });

        if (settings.Json)
            await RunAsync(null);
        else
            await console.Notes.Progress().AutoClear(true).StartAsync(progress => RunAsync(progress.AddTask("transcribing", maxValue: settings.Files.Length)));
        statistics?.Print(console, settings.Json, media);
        return (int)worst;
    }

    private static async Task<(GetTranscriptResponse Transcript, TimeSpan Length)> TranscribeAsync(
        ConnectedServer server, string file, TranscribeSettings settings, CancellationToken cancellation)
    {
        var probe = await MediaProbe.ExamineAsync(file, cancellation);
        if (probe.Sound is null)
            throw new CliException(ExitCode.BadInput, $"{file} has pictures but no sound: there is nothing to transcribe.");
        var request = new CreateInterviewRequest
        {
            Tenant = "local",
            PlanYaml = Plan,
            Language = settings.Language,
            Recognizer = settings.Recognizer,
            Consent = { Modality.Audio, Modality.Transcript },
        };
        var created = await server.CreateAsync(request, cancellation, waitForPlace: true);
        var complaints = new List<string>();
        var feed = new MediaFeed(probe, StageScript.None, PictureCodec.Vp8, sendPictures: false, complaints.Add);
        using var streamer = new InterviewStreamer(server.Client, created.InterviewId, created.AccessToken, new StreamObserver(), TimeProvider.System);
        await streamer.SendAsync(feed, realtime: false, cancellation);
        if (complaints.Count > 0)
            throw new CliException(ExitCode.BadInput, $"{file}: {string.Join("; ", complaints)}");
        var transcript = await server.Client.GetTranscriptAsync(
            new GetTranscriptRequest { InterviewId = created.InterviewId, AccessToken = created.AccessToken }, cancellationToken: cancellation);
        return (transcript, feed.End);
    }

    private void Print(string file, GetTranscriptResponse transcript, TimeSpan length, bool json)
    {
        var text = string.Join(' ', transcript.Utterances.Select(u => u.Text).Where(t => t.Length > 0));
        if (!json)
        {
            console.WriteLine($"{file}: {(text.Length > 0 ? text : transcript.NotAnalysed.Count > 0 ? $"[{string.Join("; ", transcript.NotAnalysed)}]" : "[no speech]")}");
            return;
        }

        console.WriteJson(new
        {
            file,
            text,
            seconds = Math.Round(length.TotalSeconds, 3),
            utterances = transcript.Utterances.Select(u => new
            {
                start = Seconds(u.StartUs),
                end = Seconds(u.EndUs),
                u.Text,
                u.Language,
                meanLogProbability = Math.Round(u.MeanLogProbability, 4),
                rejected = u.Rejected.Length > 0 ? u.Rejected : null,
                words = u.Words.Select(w => new { w.Text, start = Seconds(w.StartUs), end = Seconds(w.EndUs) }),
            }),
            quality = transcript.Quality.Select(q => new
            {
                start = Seconds(q.StartUs),
                end = Seconds(q.EndUs),
                snrDb = Math.Round(q.SnrDb, 1),
                levelDbfs = Math.Round(q.LevelDbfs, 1),
                clippedShare = Math.Round(q.ClippedShare, 4),
                musicLikelihood = Math.Round(q.MusicLikelihood, 2),
                q.Verdict,
            }),
            models = transcript.Utterances.Select(u => u.Model).OfType<ModelVersion>().Distinct().Select(m => new { m.Id, m.Version }),
            notAnalysed = transcript.NotAnalysed.Count > 0 ? transcript.NotAnalysed : null,
        });
    }

    private static double Seconds(long microseconds) => Math.Round(microseconds / 1e6, 3);
}
