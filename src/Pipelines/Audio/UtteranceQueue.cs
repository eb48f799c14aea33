using System.Threading.Channels;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Lets several utterances be analysed at once and puts everything found into the sink in the order of the media. Full: the writer waits. One writer.
/// </summary>
internal sealed class UtteranceQueue : IAsyncDisposable
{
    // Warnings and segments between two utterances are few; the utterances themselves are bounded by the slots.
    private const int QueuedItems = 64;

    private readonly UtteranceAnalyzer _analyzer;
    private readonly IObservationSink _sink;
    private readonly KnownObservations _known;
    private readonly SemaphoreSlim _slots;
    private readonly Channel<Item> _items =
        Channel.CreateBounded<Item>(new BoundedChannelOptions(QueuedItems) { SingleReader = true, SingleWriter = true });
    private readonly CancellationToken _cancellationToken;

    public UtteranceQueue(AudioPipelineContext context, UtteranceAnalyzer analyzer, CancellationToken cancellationToken)
    {
        _analyzer = analyzer;
        _sink = context.Sink;
        _known = context.Known;
        _slots = new SemaphoreSlim(context.Options.UtterancesInFlight);
        _cancellationToken = cancellationToken;
        Completion = EmitAsync();
    }

    /// <summary>Ends when everything has been emitted, or with the sink's fault.</summary>
    public Task Completion { get; }

    public ValueTask AddAsync(Observation observation) => _items.Writer.WriteAsync(new Item(observation, null, null, null), _cancellationToken);

    /// <summary>Completes <paramref name="done"/> when everything added before was given to the sink.</summary>
    public ValueTask FlushAsync(TaskCompletionSource done) => _items.Writer.WriteAsync(new Item(null, null, null, done), _cancellationToken);

    /// <summary>Takes the utterance over; waits while as many as are allowed are being analysed.</summary>
    public async ValueTask AddAsync(Utterance utterance)
    {
        var handedOn = false;
        try
        {
            await _slots.WaitAsync(_cancellationToken);
            if (await _items.Writer.WaitToWriteAsync(_cancellationToken))
            {
                // The only writer: what there is room for now is still there a line later.
                handedOn = true;
                var findings = Task.Run(() => _analyzer.TranscribeAsync(utterance, _cancellationToken), CancellationToken.None);
                _items.Writer.TryWrite(new Item(null, findings, MeasureAsync(utterance, findings), null));
            }
        }
        finally
        {
            if (!handedOn)
                await utterance.DisposeAsync();
        }
    }

    /// <summary>No more will be added.</summary>
    public void Complete(Exception? fault = null) => _items.Writer.TryComplete(fault);

    public async ValueTask DisposeAsync()
    {
        _items.Writer.TryComplete();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // After a fault or a cancellation some are still under way; they hold buffers and slots.
        while (_items.Reader.TryRead(out var item))
        {
            if (item.Prosody is { } prosody)
                await ((Task)prosody).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _slots.Dispose();
    }

    private async Task<UtteranceProsody?> MeasureAsync(Utterance utterance, Task<UtteranceFindings> findings)
    {
        try
        {
            var found = await findings;

            // A few milliseconds of work: the words go their way at once.
            await Task.Yield();
            return _analyzer.MeasureProsody(utterance, found);
        }
        finally
        {
            await utterance.DisposeAsync();
            _slots.Release();
        }
    }

    private async Task EmitAsync()
    {
        try
        {
            await foreach (var item in _items.Reader.ReadAllAsync(_cancellationToken))
            {
                if (item.Observation is { } observation)
                    await AppendAsync(observation);
                else if (item.Findings is { } findings)
                    await AppendAsync(findings, item.Prosody!);
                item.Flushed?.TrySetResult();
            }
        }
        catch (Exception fault)
        {
            _items.Writer.TryComplete(fault);
            throw;
        }
    }

    private async ValueTask AppendAsync(Task<UtteranceFindings> heard, Task<UtteranceProsody?> measured)
    {
        try
        {
            var findings = await heard;
            await AppendAsync(findings.Quality);
            if (findings.Fault is { } fault)
                await AppendAsync(fault);
            if (findings.Transcript is { } transcript)
                await AppendAsync(transcript);
            if (await measured is { } prosody)
                await AppendAsync(prosody);
        }
        finally
        {
            // It holds a buffer and a slot, whatever became of the sink.
            await ((Task)measured).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ValueTask AppendAsync(Observation observation) =>
        _known.Contains(observation) ? ValueTask.CompletedTask : _sink.AppendAsync(observation, _cancellationToken);

    private readonly record struct Item(
        Observation? Observation, Task<UtteranceFindings>? Findings, Task<UtteranceProsody?>? Prosody, TaskCompletionSource? Flushed);
}
