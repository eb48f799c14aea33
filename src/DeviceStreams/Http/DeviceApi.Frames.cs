using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Events;
using MediaScore.DeviceStreams.Http.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Http;

/// <summary>Pictures, and what they bring.</summary>
public sealed partial class DeviceApi
{
    private const int MinDeadlineMs = 50;
    private const int MaxDeadlineMs = 10_000;

    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(1);

    private async Task<DeviceReply> LookAsync(Device device, DeviceRequest request, ReadOnlyMemory<byte> jpeg, DateTimeOffset arrivedAt, CancellationToken cancellationToken)
    {
        if (!DeviceQuery.TryRead(request.Query, "frameId", 1, long.MaxValue, out var frameId) || frameId is null)
            return DeviceProblem.Of(400, "bad-request", "frameId is missing, or no whole number from 1: the device's own number of the frame, growing.");
        if (!DeviceQuery.TryRead(request.Query, "deadlineMs", MinDeadlineMs, MaxDeadlineMs, out var deadline))
            return DeviceProblem.Of(400, "bad-request", $"deadlineMs is no whole number from {MinDeadlineMs} to {MaxDeadlineMs}.");
        var wait = TimeSpan.FromMilliseconds(deadline ?? _services.Devices.DecisionDeadlineMs);
        var answer = await _services.Frames.LookAsync(device, (ulong)frameId.Value, jpeg, arrivedAt, wait, cancellationToken);
        return answer switch
        {
            { IsBusy: true } => DeviceProblem.Of(429, "busy", "Another picture of this device is being looked at: send fewer.", BusyRetry),
            { Unreadable: { } fault } => DeviceProblem.Of(422, "unreadable-picture", $"The body is no picture that is looked at: {fault}."),
            { Finding: { } finding } => Reply(ToWire((ulong)frameId.Value, finding)),
            _ => throw new InvalidOperationException("A frame was given no answer."),
        };
    }

    private static FrameReply ToWire(ulong frameId, FrameFinding finding) => new()
    {
        FrameId = frameId,
        Verdict = finding.Verdict switch
        {
            FrameVerdict.Used => "used",
            FrameVerdict.NoFace => "no-face",
            FrameVerdict.Poor => "poor",
            FrameVerdict.Late => "late",
            _ => "failed",
        },
        Reason = finding.Reason,
        FaceCount = finding.FaceCount,
        Box = finding.Box is { } box ? new FaceBox { Left = Rounded(box.Left), Top = Rounded(box.Top), Width = Rounded(box.Width), Height = Rounded(box.Height) } : null,
        Quality = Rounded(finding.Worth),
        PassId = finding.PassId,
        Decision = finding.Decision is { } decision ? ToWire(decision) : null,
        EarlierDecision = finding.EarlierDecision is { } earlier ? ToWire(earlier) : null,
    };

    private static FrameDecision ToWire(PassDecision decision)
    {
        // Who merely came nearest is nobody.
        var person = decision.Outcome is DeviceEventOutcome.Granted or DeviceEventOutcome.Denied ? decision.Match?.Person : null;
        return new FrameDecision
        {
            PassId = decision.PassId,
            Outcome = EventWords.WordOf(decision.Outcome),
            Person = person?.Number,
            DisplayName = person?.DisplayName,
            Similarity = decision.Match is { } match ? Rounded(match.Similarity) : null,
            LiveProbability = decision.LiveProbability is { } live ? Rounded(live) : null,
            Reason = decision.Reason,
            OpenSeconds = (int)decision.OpenFor.TotalSeconds,
            LatencyMs = Math.Round(Math.Max(0, decision.Latency.TotalMilliseconds), 1),
        };
    }

    // Behind the fourth digit there is only noise.
    private static double Rounded(double value) => Math.Round(value, 4);
}
