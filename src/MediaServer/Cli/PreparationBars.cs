using MediaScore.Inference.Catalog;
using Spectre.Console;

namespace MediaScore.MediaServer.Cli;

/// <summary>Shows a preparation as one bar a model or package. Called from the preparer's threads.</summary>
internal sealed class PreparationBars : IProgress<PreparationProgress>
{
    private readonly ProgressContext _context;
    private readonly Dictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);
    private readonly ProgressTask _total;
    private readonly Lock _gate = new();

    public PreparationBars(ProgressContext context)
    {
        _context = context;
        _total = context.AddTask("models");
    }

    public void Report(PreparationProgress value)
    {
        lock (_gate)
        {
            if (value.ModelsTotal > 0)
            {
                _total.MaxValue = value.ModelsTotal;
                _total.Value = value.ModelsDone;
            }

            if (!_bars.TryGetValue(value.Subject, out var bar))
                _bars[value.Subject] = bar = _context.AddTask(value.Subject.EscapeMarkup());
            bar.Description = $"{value.Subject.EscapeMarkup()} [grey]{value.Step.ToString().ToLowerInvariant()}[/]";
            var finished = value.Step is PreparationStep.Prepared or PreparationStep.UpToDate or PreparationStep.Failed;
            // npm tells nothing while it fetches: a bar without an end moves all the same.
            bar.IsIndeterminate = !finished && value.BytesTotal == 0;
            bar.MaxValue = Math.Max(1, value.BytesTotal);
            bar.Value = finished ? bar.MaxValue : value.BytesDone;
            if (finished)
                bar.StopTask();
        }
    }
}
