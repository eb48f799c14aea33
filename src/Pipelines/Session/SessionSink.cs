using System.Security.Cryptography;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// Puts observations into the timeline, each one once. After a restart the analysis runs over the recording again and says the same things again; what the
/// timeline already holds is passed over. Appending is not awaited one by one, or a group commit of 50 ms would be paid for every record: a bounded number
/// are under way, in order.
/// </summary>
internal sealed class SessionSink : IObservationSink, IDisposable
{
    private const int PendingCapacity = 128;

    private readonly TimelineLog _log;
    private readonly Dictionary<ulong, int> _known = [];
    private readonly SemaphoreSlim _places = new(PendingCapacity, PendingCapacity);
    private readonly Lock _gate = new();
    private Exception? _fault;

    public SessionSink(TimelineLog log)
    {
        _log = log;
        Expect(log.Recovered.Select(entry => entry.Observation));
    }

    /// <summary>The analysis is about to begin again from the beginning: what the timeline holds by now is passed over when it comes again.</summary>
    /// <param name="written">Everything in the timeline. Nothing may be under way: call it after <see cref="FlushAsync"/>.</param>
    public void Expect(IEnumerable<Observation> written)
    {
        lock (_gate)
        {
            _known.Clear();
            foreach (var observation in written)
            {
                var key = KeyOf(observation);
                _known[key] = _known.GetValueOrDefault(key) + 1;
            }
        }
    }

    /// <summary>Completes when the observation is on its way to disk, behind all that were given before it. Nobody sees it before it is durable.</summary>
    public async ValueTask AppendAsync(Observation observation, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_fault is not null)
                throw new LogStorageException("The timeline can no longer be written: " + _fault.Message, _fault);
            var key = KeyOf(observation);
            if (_known.TryGetValue(key, out var count))
            {
                if (count == 1)
                    _known.Remove(key);
                else
                    _known[key] = count - 1;
                return;
            }
        }

        await _places.WaitAsync(cancellationToken);
        ValueTask<long> append;
        lock (_gate)
            append = _log.AppendAsync(observation);
        if (append.IsCompletedSuccessfully)
            _places.Release();
        else
            _ = ReleaseAfterAsync(append);
    }

    /// <summary>Completes when everything given so far is durable and was published.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < PendingCapacity; i++)
            await _places.WaitAsync(cancellationToken);
        _places.Release(PendingCapacity);
        if (_fault is not null)
            throw new LogStorageException("The timeline could not be made durable: " + _fault.Message, _fault);
    }

    public void Dispose() => _places.Dispose();

    private async Task ReleaseAfterAsync(ValueTask<long> append)
    {
        try
        {
            await append;
        }
        catch (Exception exception)
        {
            // Whatever it was, the observation is not in the timeline: the next caller must hear of it, or evidence is lost without a word.
            lock (_gate)
                _fault ??= exception;
        }
        finally
        {
            _places.Release();
        }
    }

    private static ulong KeyOf(Observation observation) =>
        BitConverter.ToUInt64(SHA256.HashData(ObservationSerializer.Write(observation)));
}
