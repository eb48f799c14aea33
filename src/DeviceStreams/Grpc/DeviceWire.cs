using MediaScore.Perception.Vision;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Device = MediaScore.DeviceStreams.Registry.Device;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>Between the wire's words and ours.</summary>
internal static class DeviceWire
{
    public static DoorSettings SettingsOf(Device device, DeviceOptions options) => new()
    {
        AcceptSimilarity = (float)(device.Row.AcceptSimilarity ?? options.AcceptSimilarity),
        LivenessRequired = device.Row.Liveness == LivenessMode.Require,
        DeadlineMs = (uint)options.DecisionDeadlineMs,
        OpenSeconds = (uint)Math.Max(0, device.Row.OpenSeconds),
    };

    public static ServerMessage ToWire(ulong frameId, Access.FrameFinding finding) => new()
    {
        FrameResult = new FrameResult
        {
            FrameId = frameId,
            Verdict = finding.Verdict switch
            {
                Access.FrameVerdict.Used => FrameVerdict.Used,
                Access.FrameVerdict.NoFace => FrameVerdict.NoFace,
                Access.FrameVerdict.Poor => FrameVerdict.Poor,
                Access.FrameVerdict.Late => FrameVerdict.Late,
                _ => FrameVerdict.Failed,
            },
            Reason = finding.Reason,
            FaceCount = (uint)finding.FaceCount,
            Box = finding.Box is { } box ? ToWire(box) : null,
            Quality = (float)finding.Worth,
            PassId = finding.PassId,
        },
    };

    /// <param name="options">Say from which probability on a face is a living one: whatever the door makes of it, that is what was found.</param>
    public static ServerMessage ToWire(Access.PassDecision decision, DeviceOptions options) => new()
    {
        Decision = new AccessDecision
        {
            PassId = decision.PassId,
            FrameId = decision.FrameId,
            Outcome = ToWire(decision.Outcome),
            PersonNumber = IsRecognised(decision.Outcome) ? decision.Match?.Person.Number ?? "" : "",
            DisplayName = IsRecognised(decision.Outcome) ? decision.Match?.Person.DisplayName ?? "" : "",
            Similarity = decision.Match?.Similarity ?? 0,
            Liveness = decision.LiveProbability is not { } live ? Liveness.NotChecked : live >= options.LiveProbability ? Liveness.Live : Liveness.Spoof,
            LivenessProbability = (float)(decision.LiveProbability ?? 0),
            Reason = decision.Reason,
            OpenSeconds = (uint)decision.OpenFor.TotalSeconds,
            LatencyUs = (ulong)Math.Max(0, decision.Latency.TotalMicroseconds),
        },
    };

    public static Outcome ToWire(DeviceEventOutcome outcome) => outcome switch
    {
        DeviceEventOutcome.Granted => Outcome.Granted,
        DeviceEventOutcome.Denied => Outcome.Denied,
        DeviceEventOutcome.NotRecognised => Outcome.NotRecognised,
        DeviceEventOutcome.Spoof => Outcome.Spoof,
        DeviceEventOutcome.TimedOut => Outcome.TimedOut,
        DeviceEventOutcome.NotAssessed => Outcome.NotAssessed,
        _ => Outcome.Unspecified,
    };

    public static DeviceEventOutcome FromWire(Outcome outcome) => outcome switch
    {
        Outcome.Granted => DeviceEventOutcome.Granted,
        Outcome.Denied => DeviceEventOutcome.Denied,
        Outcome.NotRecognised => DeviceEventOutcome.NotRecognised,
        Outcome.Spoof => DeviceEventOutcome.Spoof,
        Outcome.TimedOut => DeviceEventOutcome.TimedOut,
        Outcome.NotAssessed => DeviceEventOutcome.NotAssessed,
        _ => DeviceEventOutcome.None,
    };

    public static string FromWire(Method method) => method switch
    {
        Method.Face => "face",
        Method.Card => "card",
        Method.Password => "password",
        Method.Fingerprint => "fingerprint",
        Method.Palm => "palm",
        Method.Button => "button",
        _ => "",
    };

    public static string FromWire(Direction direction) => direction switch
    {
        Direction.In => "in",
        Direction.Out => "out",
        _ => "",
    };

    private static bool IsRecognised(DeviceEventOutcome outcome) => outcome is DeviceEventOutcome.Granted or DeviceEventOutcome.Denied;

    private static Box ToWire(FaceRectangle box) => new() { Left = (float)box.Left, Top = (float)box.Top, Width = (float)box.Width, Height = (float)box.Height };
}
