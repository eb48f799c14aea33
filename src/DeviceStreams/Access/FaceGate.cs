using System.Globalization;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Vision;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Access;

/// <summary>
/// One terminal's way from frames to decisions: one decision a pass, on the disk before the door hears of it, and never later than the person waits. One frame at a time;
/// the caller keeps frames in order and drops what it cannot wait for.
/// </summary>
internal sealed class FaceGate
{
    private const string TooLateReason = "decided too late: the door stayed closed";

    private readonly Device _device;
    private readonly IFaceLooker _faces;
    private readonly FaceGallery _gallery;
    private readonly IDoorPolicy _policy;
    private readonly EventJournal _journal;
    private readonly DeviceOptions _options;
    private readonly TimeProvider _time;

    // Passes count from one with each connection: this tells them apart.
    private readonly string _connection = Guid.NewGuid().ToString("N")[..12];

    private FacePass? _pass;
    private ulong _passCount;

    public FaceGate(Device device, IFaceLooker faces, FaceGallery gallery, IDoorPolicy policy, EventJournal journal, DeviceOptions options, TimeProvider time) =>
        (_device, _faces, _gallery, _policy, _journal, _options, _time) = (device, faces, gallery, policy, journal, options, time);

    /// <summary>Looks at one frame.</summary>
    public async ValueTask<FrameFinding> LookAsync(FaceFrame frame, CancellationToken cancellationToken)
    {
        var due = frame.ArrivedAt + frame.Deadline;
        if (_time.GetUtcNow() >= due)
            return new FrameFinding(FrameVerdict.Late, _pass?.Id ?? 0, 0, null, 0, "not looked at in time", null);
        try
        {
            var seen = await _faces.DetectAsync(frame.Picture, cancellationToken);
            return seen.Face is { } face
                ? await LookAsync(frame, seen, face, due, cancellationToken)
                : new FrameFinding(FrameVerdict.NoFace, 0, 0, null, 0, "no face", await CloseAsync(cancellationToken));
        }
        catch (Exception fault) when (IsModels(fault))
        {
            return new FrameFinding(FrameVerdict.Failed, _pass?.Id ?? 0, 0, null, 0, ReasonOf(fault), null);
        }
    }

    /// <summary>Decides a pass whose time is up, with what there is. Called between frames too: a terminal may send no more.</summary>
    public async ValueTask<PassDecision?> CloseAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_pass is not { IsDecided: false } pass || !(pass.IsDue(now) || pass.IsOver(now)))
            return null;
        return await DecideAsync(pass, pass.Conclude(), frameId: 0, now, now + TimeSpan.FromMilliseconds(_options.DecisionDeadlineMs), cancellationToken);
    }

    /// <summary>
    /// Writes down a pass whose person went away undecided, where nobody is left who could be told: once, however long the disk takes, since nobody waits for it, and never as an open door. While the
    /// face is there this does nothing: the next frame brings the decision, and its sender hears it.
    /// </summary>
    public async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_pass is not { IsDecided: false } pass || !pass.IsOver(now))
            return;
        var outcome = pass.Conclude();
        // Whoever was enrolled since the last frame.
        var (result, reason) = outcome.Outcome == DeviceEventOutcome.Granted
            ? (DeviceEventOutcome.TimedOut, "recognised when nobody waited any more: the door stayed closed")
            : (outcome.Outcome, outcome.Reason);
        await _journal.AppendAsync([EventOf(pass, outcome, result, reason, frameId: 0, now, now)], cancellationToken);
    }

    private async ValueTask<FrameFinding> LookAsync(FaceFrame frame, FaceSighting seen, DetectedFace face, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        // What was left undecided by somebody who went away is said first: it is its own pass.
        var earlier = _pass?.IsOver(now) == true ? await CloseAsync(cancellationToken) : null;
        if (_pass is null || _pass.IsOver(now))
            _pass = Begin(now);
        var pass = _pass;
        var verdict = FrameVerdict.Poor;
        PassDecision? decision = null;
        if (pass.See(seen.Worth, seen.Fault, now))
        {
            FaceEvidence? evidence;
            try
            {
                evidence = await _faces.ExamineAsync(frame.Picture, face, _device.Row.Liveness != LivenessMode.Off, cancellationToken);
            }
            catch (Exception fault) when (IsModels(fault))
            {
                // What was decided just now is in the record already: the door hears of it, whatever became of this frame.
                return new FrameFinding(FrameVerdict.Failed, pass.Id, seen.FaceCount, face.Box, seen.Worth, ReasonOf(fault), earlier);
            }

            if (evidence is not null)
            {
                verdict = FrameVerdict.Used;
                if (!pass.TryAdd(evidence, seen.Worth, _time.GetUtcNow(), out var outcome))
                {
                    // Somebody else stepped in.
                    if (!pass.IsDecided)
                        earlier = await DecideAsync(pass, pass.Conclude(), 0, now, due, cancellationToken);
                    _pass = pass = Begin(now);
                    pass.See(seen.Worth, seen.Fault, now);
                    pass.TryAdd(evidence, seen.Worth, _time.GetUtcNow(), out outcome);
                }

                if (outcome is not null)
                    decision = await DecideAsync(pass, outcome, frame.Id, frame.ArrivedAt, due, cancellationToken);
            }
        }
        else if (pass.IsDecided)
        {
            verdict = FrameVerdict.Used;
        }

        decision ??= await CloseAsync(cancellationToken);
        return new FrameFinding(verdict, pass.Id, seen.FaceCount, face.Box, seen.Worth, seen.Fault, decision ?? earlier) { EarlierDecision = decision is null ? null : earlier };
    }

    private static bool IsModels(Exception fault) => fault is InferenceFailedException or ModelUnavailableException;

    private static string ReasonOf(Exception fault) => fault is ModelUnavailableException ? fault.Message : "a model failed on this frame";

    private FacePass Begin(DateTimeOffset now)
    {
        var row = _device.Row;
        var rules = new PassRules(row.AcceptSimilarity ?? _options.AcceptSimilarity, row.Liveness == LivenessMode.Require, _options.LiveProbability);
        return new FacePass(++_passCount, now, rules, embedding => _gallery.Identify(_device.Tenant, embedding.Span));
    }

    /// <summary>Asks the door's policy, and stores the decision. Too late is an outcome of its own, and all that is left in the record: no door opens, and nobody reads that it did.</summary>
    private async ValueTask<PassDecision> DecideAsync(
        FacePass pass, PassOutcome outcome, ulong frameId, DateTimeOffset from, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var (result, reason) = (outcome.Outcome, outcome.Reason);
        if (result == DeviceEventOutcome.Granted && _policy.Rule(_device, outcome.Match!.Person) is { MayOpen: false } ruling)
            (result, reason) = (DeviceEventOutcome.Denied, ruling.Reason);
        var record = EventOf(pass, outcome, result, reason, frameId, from, _time.GetUtcNow());
        if (await _journal.AppendInTimeAsync(record, due, MakeLate, _time, cancellationToken) is null)
            return TooLate(pass, outcome, frameId, from);
        var openFor = result == DeviceEventOutcome.Granted ? TimeSpan.FromSeconds(_device.Row.OpenSeconds) : TimeSpan.Zero;
        return new PassDecision(pass.Id, frameId, result, outcome.Match, outcome.LiveProbability, reason, openFor, _time.GetUtcNow() - from);
    }

    private PassDecision TooLate(FacePass pass, PassOutcome outcome, ulong frameId, DateTimeOffset from)
    {
        pass.End();
        // The next frame is another chance.
        if (ReferenceEquals(_pass, pass))
            _pass = null;
        return new PassDecision(pass.Id, frameId, DeviceEventOutcome.TimedOut, null, outcome.LiveProbability, TooLateReason, TimeSpan.Zero, _time.GetUtcNow() - from);
    }

    private static void MakeLate(DeviceEventRow record) => (record.Outcome, record.PersonNumber, record.Reason) = (DeviceEventOutcome.TimedOut, null, TooLateReason);

    private DeviceEventRow EventOf(FacePass pass, PassOutcome outcome, DeviceEventOutcome result, string reason, ulong frameId, DateTimeOffset from, DateTimeOffset now) => new()
    {
        Tenant = _device.Tenant,
        DeviceId = _device.Id,
        DeduplicationKey = string.Create(CultureInfo.InvariantCulture, $"pass/{_connection}/{pass.Id}"),
        Kind = DeviceEventKind.Access,
        Outcome = result,
        // Who merely came nearest is nobody.
        PersonNumber = result is DeviceEventOutcome.Granted or DeviceEventOutcome.Denied or DeviceEventOutcome.Spoof ? outcome.Match?.Person.Number : null,
        OccurredAt = now,
        DeviceTime = now.ToString("O", CultureInfo.InvariantCulture),
        Method = "face",
        Door = _device.Row.Door,
        Similarity = outcome.Match is { } match ? Math.Round(match.Similarity, 4) : null,
        Liveness = outcome.LiveProbability is { } live ? Math.Round(live, 4) : null,
        Reason = reason,
        // From the arrival of the deciding frame to the decision; the disk comes on top. Where time decided there is no frame.
        Detail = frameId == 0 ? null : string.Create(CultureInfo.InvariantCulture, $$"""{"latencyMs":{{Math.Max(0, (now - from).TotalMilliseconds):0.#}}}"""),
    };
}
