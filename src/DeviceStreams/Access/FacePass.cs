using System.Numerics.Tensors;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Access;

/// <summary>
/// One person in front of one terminal, from the first frame with the face to the last: many frames, one decision. Frames are weighted with what their face is worth.
/// Pure: time and findings in, what to do out. Not thread-safe.
/// </summary>
internal sealed class FacePass
{
    private readonly PassRules _rules;
    private readonly Func<ReadOnlyMemory<float>, GalleryMatch?> _identify;
    private readonly DateTimeOffset _began;
    private float[]? _sum;
    private double _liveSum;
    private double _liveWeight;
    private int _evidenceCount;
    private double _bestWorth;
    private string _fault = "";
    private DateTimeOffset _lastSeen;
    private DateTimeOffset _lastExamined;

    /// <param name="identify">Finds the best of the gallery for a direction of unit length.</param>
    public FacePass(ulong id, DateTimeOffset now, PassRules rules, Func<ReadOnlyMemory<float>, GalleryMatch?> identify) =>
        (Id, _began, _lastSeen, _rules, _identify) = (id, now, now, rules, identify);

    /// <summary>1 for the first of a connection.</summary>
    public ulong Id { get; }

    public bool IsDecided { get; private set; }

    /// <summary>No face for too long: the next is another pass.</summary>
    public bool IsOver(DateTimeOffset now) => now - _lastSeen > _rules.Gap;

    /// <summary>The time for a decision is up.</summary>
    public bool IsDue(DateTimeOffset now) => !IsDecided && now - _began >= _rules.Window;

    /// <summary>A frame shows a face.</summary>
    /// <param name="fault">Why it is worth too little; empty where it is not.</param>
    /// <returns>Whether it is worth examining now.</returns>
    public bool See(double worth, string fault, DateTimeOffset now)
    {
        _lastSeen = now;
        if (worth > _bestWorth || _fault.Length == 0)
            (_bestWorth, _fault) = (Math.Max(worth, _bestWorth), fault);
        return worth >= _rules.LeastWorth && (!IsDecided || now - _lastExamined >= _rules.Recheck);
    }

    /// <summary>A frame's face was embedded.</summary>
    /// <param name="outcome">The decision, where this was what it needed.</param>
    /// <returns>False where it is not this pass's person: begin another pass with it.</returns>
    public bool TryAdd(FaceEvidence evidence, double worth, DateTimeOffset now, out PassOutcome? outcome)
    {
        outcome = null;
        _lastExamined = now;
        if (_sum is not null && TensorPrimitives.CosineSimilarity(_sum, evidence.Embedding.Span) < _rules.SamePersonSimilarity)
            return false;
        // Who was only ever seen too badly to be compared, and was told so, comes nearer now: that is a new chance, and a pass of its own.
        if (IsDecided)
            return _sum is not null;
        _sum ??= new float[evidence.Embedding.Length];
        TensorPrimitives.MultiplyAdd(evidence.Embedding.Span, (float)worth, _sum, _sum);
        _evidenceCount++;
        if (evidence.LiveProbability is { } live)
            (_liveSum, _liveWeight) = (_liveSum + (live * worth), _liveWeight + worth);
        outcome = Judge(isLast: _evidenceCount >= _rules.MostEvidence);
        return true;
    }

    /// <summary>Decides with what there is.</summary>
    public PassOutcome Conclude() => Judge(isLast: true)!;

    /// <summary>Decided elsewhere: too late, or by a fault.</summary>
    public void End() => IsDecided = true;

    private PassOutcome? Judge(bool isLast)
    {
        if (_evidenceCount == 0)
            return Decide(DeviceEventOutcome.NotAssessed, null, _fault.Length > 0 ? _fault : "no face that could be recognised");
        var direction = new float[_sum!.Length];
        var length = TensorPrimitives.Norm(_sum);
        // Opposite directions of equal weight: nothing that could be compared.
        if (length <= 0)
            return isLast ? Decide(DeviceEventOutcome.NotAssessed, null, "the frames contradict each other") : null;
        TensorPrimitives.Divide(_sum, length, direction);
        var match = _identify(direction);
        if (match is null || match.Similarity < _rules.AcceptSimilarity)
            return isLast ? Decide(DeviceEventOutcome.NotRecognised, match, match is null ? "nobody is enrolled" : "") : null;
        if (!_rules.RequireLiveness)
            return Decide(DeviceEventOutcome.Granted, match, "");
        if (LiveProbability is not { } probability)
            return isLast ? Decide(DeviceEventOutcome.NotAssessed, match, "liveness could not be checked, and this door requires it") : null;
        // A living face may look like a print in one frame: only the last word is "spoof".
        if (probability >= _rules.LiveProbability)
            return Decide(DeviceEventOutcome.Granted, match, "");
        return isLast ? Decide(DeviceEventOutcome.Spoof, match, "looks like a picture of a face") : null;
    }

    private double? LiveProbability => _liveWeight > 0 ? _liveSum / _liveWeight : null;

    private PassOutcome Decide(DeviceEventOutcome outcome, GalleryMatch? match, string reason)
    {
        IsDecided = true;
        return new PassOutcome(outcome, match, LiveProbability, reason);
    }
}
