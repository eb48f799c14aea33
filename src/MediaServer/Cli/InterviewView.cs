using MediaScore.MediaServer.Cli.Streaming;
using MediaScore.Protocol.Interview.V1;
using Spectre.Console;

namespace MediaScore.MediaServer.Cli;

/// <summary>Shows one streamed interview: a bar and live captions for people, one object an event for programs.</summary>
internal sealed class InterviewView(CliConsole console, bool json) : StreamObserver
{
    private ProgressTask? _bar;
    private string _phase = "streaming";

    public void Note(string note)
    {
        if (json)
            console.WriteJson(new { @event = "note", note });
        else
            console.Notes.MarkupLine($"[yellow]note:[/] {note.EscapeMarkup()}");
    }

    public void Created(CreateInterviewResponse created, bool inside)
    {
        if (json)
            console.WriteJson(new { @event = "created", interview = created.InterviewId, permitted = created.Permitted.Select(m => m.ToString()) });
        else
            console.Notes.MarkupLine($"Interview [bold]{created.InterviewId}[/]{(inside ? " (server inside)" : "")}; extracted: {string.Join(", ", created.Permitted).ToLowerInvariant()}");
    }

    /// <summary>Runs the streaming under a progress bar, where there is somebody to look at it.</summary>
    public async Task<ReportReady> RunAsync(TimeSpan? duration, Func<Task<ReportReady>> stream)
    {
        if (json)
            return await stream();
        return await console.Notes.Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                _bar = context.AddTask("streaming", maxValue: duration?.TotalSeconds ?? 1);
                _bar.IsIndeterminate = duration is null;
                var ready = await stream();
                _bar.Value = _bar.MaxValue;
                return ready;
            });
    }

    public override void Sent(TimeSpan time)
    {
        if (_bar is { } bar && _phase == "streaming")
        {
            bar.Value = Math.Min(time.TotalSeconds, bar.MaxValue);
            bar.Description = $"streaming {time:m\\:ss}";
        }
    }

    public override void Heard(ServerMessage message)
    {
        switch (message.MessageCase)
        {
            case ServerMessage.MessageOneofCase.Caption:
                var caption = message.Caption;
                if (json)
                    console.WriteJson(new { @event = "caption", start = Seconds(caption.StartUs), end = Seconds(caption.EndUs), caption.Text, caption.Language });
                else
                    console.Notes.MarkupLine($"[grey]{Clock(caption.StartUs)}[/] {caption.Text.EscapeMarkup()}");
                break;
            case ServerMessage.MessageOneofCase.Warning:
                var warning = message.Warning;
                if (json)
                    console.WriteJson(new { @event = "warning", kind = warning.Kind, start = Seconds(warning.StartUs), end = Seconds(warning.EndUs), warning.Message });
                else
                    console.Notes.MarkupLine($"[grey]{Clock(warning.StartUs)}[/] [yellow]{warning.Kind}[/] {warning.Message.EscapeMarkup()}");
                break;
            case ServerMessage.MessageOneofCase.Stage:
                var stage = message.Stage;
                if (json)
                    console.WriteJson(new { @event = "stage", stage = stage.StageId, question = stage.QuestionId, stage.Attempt, stage.Active });
                else if (stage.Active)
                    console.Notes.MarkupLine($"[bold]{stage.StageId.EscapeMarkup()} / {stage.QuestionId.EscapeMarkup()}[/]{(stage.Attempt > 1 ? $" (take {stage.Attempt})" : "")}");
                break;
            case ServerMessage.MessageOneofCase.Progress:
                _phase = message.Progress.Step;
                if (_bar is { } bar)
                {
                    bar.Description = message.Progress.Step.EscapeMarkup();
                    bar.MaxValue = 1;
                    bar.Value = message.Progress.Share;
                }

                break;
        }
    }

    public override void Reconnecting(string reason, TimeSpan delay)
    {
        if (json)
            console.WriteJson(new { @event = "reconnecting", reason, delaySeconds = delay.TotalSeconds });
        else
            console.Notes.MarkupLine($"[yellow]connection lost[/] ({reason.EscapeMarkup()}); trying again in {delay.TotalSeconds:0.##} s");
    }

    public override void Resumed(TimeSpan durable)
    {
        if (json)
            console.WriteJson(new { @event = "resumed", durable = durable.TotalSeconds });
        else
            console.Notes.MarkupLine($"[green]connected again[/]; everything before {durable:m\\:ss\\.f} is safe");
    }

    /// <param name="url">Where a running server shows the report.</param>
    /// <param name="page">The report's page as a file.</param>
    public void Finished(CreateInterviewResponse created, string? url, string? page)
    {
        if (json)
        {
            console.WriteJson(new { @event = "report", interview = created.InterviewId, url, page });
            return;
        }

        if (page is not null)
            console.WriteLine($"Report: {page}");
        if (url is not null)
            console.WriteLine($"Report with clips: {url}");
        else
            console.WriteLine($"Its data stays in the data folder: mediascore report {created.InterviewId}; mediascore replay {created.InterviewId}");
    }

    private static double Seconds(long microseconds) => microseconds / 1e6;

    private static string Clock(long microseconds) => new Timeline.MediaTime(microseconds).ToString();
}
