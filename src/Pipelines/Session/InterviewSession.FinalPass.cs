using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

// What follows the end of the interview, read from disk and of class Deferred: filling what was missed live, hearing it again with the larger recogniser, comparing
// answers with the plan. Whatever it says is durable as it goes, so a process that dies in the middle loses at most one utterance's work.
public sealed partial class InterviewSession
{
    // Shares of the interview's length, on one core that has nothing else to do: only for the order of turns.
    private const double ReadingShare = 0.02;
    private const double RefiningShare = 0.05;

    private volatile bool _waitsForTurn;

    /// <summary>All that is missing is its final pass, whose turn has not come: to close the session costs it nothing but its place in the queue.</summary>
    public bool WaitsForTurn => _waitsForTurn;

    private async Task TakeFinalPassAsync(bool heardLive, CancellationToken cancellationToken)
    {
        var missed = heardLive ? MissedEvidence.In(Observations) : MissedTracks.Audio | MissedTracks.Video;
        var refiner = FindRefiner();
        var length = RecordedUntil - MediaTime.Zero;
        var expected = length * ((missed == MissedTracks.None ? 0 : ReadingShare) + (refiner is null ? 0 : RefiningShare));
        Task PassAsync(CancellationToken token)
        {
            _waitsForTurn = false;
            return RunFinalPassAsync(missed, heardLive, refiner, token);
        }

        if (_services.FinalPasses is not { } queue)
        {
            await PassAsync(cancellationToken);
            return;
        }

        await queue.RunAsync(expected, length, PassAsync, cancellationToken, Wait);
    }

    private void Wait()
    {
        _waitsForTurn = true;
        Publish(new ProgressMade(FinalPassStep, 0));
    }

    private async Task RunFinalPassAsync(MissedTracks missed, bool heardLive, ISpeechRecognizer? refiner, CancellationToken cancellationToken)
    {
        if (missed != MissedTracks.None)
        {
            if (heardLive)
                LogAskingAgain(Settings.InterviewId, missed);
            await ReadAgainAsync(missed, refiner: null, cancellationToken);
        }

        if (refiner is not null)
        {
            LogRefining(Settings.InterviewId, refiner.ModelId);
            await ReadAgainAsync(MissedTracks.Audio, refiner, cancellationToken);
        }

        await AnalyseTextAsync(cancellationToken);
        await _sink.FlushAsync(cancellationToken);
        ModelStamp[] models = [.. Observations.Select(o => o.Model).OfType<ModelStamp>().Distinct().OrderBy(m => m.Id, StringComparer.Ordinal).ThenBy(m => m.Version, StringComparer.Ordinal)];
        await _sink.AppendAsync(new FinalPassDone(new MediaRange(MediaTime.Zero, RecordedUntil), models), cancellationToken);
        await _sink.FlushAsync(cancellationToken);
        await FlushRecordingAsync(cancellationToken);
    }

    /// <summary>One pass over the whole recording. What the timeline holds is neither asked of a model nor said again.</summary>
    private async Task ReadAgainAsync(MissedTracks tracks, ISpeechRecognizer? refiner, CancellationToken cancellationToken)
    {
        var observed = Observations;
        _sink.Expect(observed);
        await using (var analysis = CreateFinalAnalysis(tracks, refiner, new KnownObservations(observed)))
        {
            using var recording = new AppendedEntries(this);
            var count = _queue.AppendedCount;
            for (var next = 0L; next < count;)
                next = await recording.ReadAsync(analysis, next, () => true, cancellationToken, _services.FinalPasses?.Pace);
            await analysis.CompleteAsync(RequestClass.Deferred, cancellationToken);
        }

        await _sink.FlushAsync(cancellationToken);
    }

    /// <summary>The recogniser that hears the interview once more; null where that is not wanted, not permitted or not possible.</summary>
    private ISpeechRecognizer? FindRefiner()
    {
        if (Settings.RecognizerTier != SpeechRecognizers.RefinedTier || !Settings.Permits(Modality.Audio | Modality.Transcript) || _services.VoiceActivity is null)
            return null;
        var reason = "no recogniser is loaded";
        if (_services.Recognizers?.TryGet(Settings.Language, SpeechRecognizers.AccurateTier, out var refiner, out reason) == true)
            return refiner;
        LogNotRefined(Settings.InterviewId, reason);
        return null;
    }
}
