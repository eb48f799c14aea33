using MediaScore.MediaServer.Cli.Streaming;
using MediaScore.Protocol.Interview.V1;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore interview</c>: one recorded interview, streamed as a front-end would stream it, to its report.</summary>
internal sealed class InterviewCommand(CliConsole console) : AsyncCommand<InterviewSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, InterviewSettings settings, CancellationToken cancellationToken)
    {
        var probe = await MediaProbe.ExamineAsync(settings.File, cancellationToken);
        var view = new InterviewView(console, settings.Json);
        foreach (var note in probe.Notes)
            view.Note(note);
        var request = await RequestAsync(settings, cancellationToken);
        await using var server = await ConnectedServer.ConnectAsync(settings, cancellationToken);
        using var stop = server.StopWith(cancellationToken);
        cancellationToken = stop.Token;
        var statistics = settings.Stats ? RunStatistics.Begin(server.Host) : null;
        var created = await server.CreateAsync(request, cancellationToken);
        view.Created(created, settings.Server is null);

        var script = await ScriptAsync(settings.File, created, probe, view, cancellationToken);
        var sendPictures = created.Permitted.Contains(Modality.Video);
        if (probe.Picture is not null && !sendPictures)
            view.Note("pictures are not sent: no consent, or the policy does not allow video");
        var feed = new MediaFeed(probe, script, settings.VideoCodec, sendPictures, view.Note);
        using var streamer = new InterviewStreamer(server.Client, created.InterviewId, created.AccessToken, view, TimeProvider.System);
        var ready = await view.RunAsync(probe.Duration, () => streamer.SendAsync(feed, settings.Speed is Speed.Realtime, cancellationToken));

        var page = await ReportAsync(server, created, settings, cancellationToken);
        view.Finished(created, settings.Server is null ? null : $"{ready.Url}?token={created.AccessToken}", page);
        if (statistics is not null)
            statistics.Print(console, settings.Json, feed.End);
        return (int)ExitCode.Done;
    }

    private static async Task<CreateInterviewRequest> RequestAsync(InterviewSettings settings, CancellationToken cancellation)
    {
        var request = new CreateInterviewRequest
        {
            Tenant = settings.Tenant,
            CandidateReference = settings.Candidate,
            Language = settings.Language,
            PolicyProfile = settings.Policy,
            Recognizer = settings.Recognizer,
        };
        await PlanReference.SetAsync(request, settings.Plan, cancellation);
        request.Consent.AddRange(ConsentList.Parse(settings.Consent));
        return request;
    }

    private static async Task<StageScript> ScriptAsync(string file, CreateInterviewResponse created, MediaProbe probe, InterviewView view, CancellationToken cancellation)
    {
        var path = StageScript.PathFor(file);
        if (File.Exists(path))
            return StageScript.Parse(await File.ReadAllTextAsync(path, cancellation), path);
        var stage = created.Stages.FirstOrDefault(s => s.Mode != "text")
            ?? throw new CliException(ExitCode.BadInput, $"Every stage of this plan is answered in writing, so a recording answers none of them; write the answers into {path}.");
        var question = stage.Questions[0];
        view.Note($"no {Path.GetFileName(path)}: the whole file answers the first spoken question ({stage.StageId}/{question.QuestionId})");
        if (question.TimeLimitS > 0 && probe.Duration > TimeSpan.FromSeconds(question.TimeLimitS))
            view.Note($"that question allows {TimeSpan.FromSeconds(question.TimeLimitS):m\\:ss}; what comes after it is recorded and transcribed, but is no part of the answer");
        return StageScript.Whole(stage.StageId, question.QuestionId);
    }

    /// <returns>Path of the page; null where none was asked for.</returns>
    private static async Task<string?> ReportAsync(ConnectedServer server, CreateInterviewResponse created, InterviewSettings settings, CancellationToken cancellation)
    {
        // A script that reads JSON lines asks for the file by name; it gets no surprise in its folder.
        var path = settings.Report ?? (settings.Json ? null : Path.GetFileName(settings.File) + ".report.html");
        if (path is null)
            return null;
        var request = new GetReportRequest { InterviewId = created.InterviewId, AccessToken = created.AccessToken, Format = ReportFormat.Html };
        var report = await server.Client.GetReportAsync(request, cancellationToken: cancellation);
        await PrivateFile.WriteAsync(path, report.Content.Memory, cancellation);
        return Path.GetFullPath(path);
    }
}
