using MediaScore.Pipelines.Session;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Recording;
using Domain = MediaScore.Timeline;
using Wire = MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>Between the wire's words and ours. Every mapping is total: an unknown wire value gives null, and the caller says so.</summary>
internal static class WireMapping
{
    private static readonly (Wire.Modality Wire, Domain.Modality Ours)[] Modalities =
    [
        (Wire.Modality.Audio, Domain.Modality.Audio),
        (Wire.Modality.Video, Domain.Modality.Video),
        (Wire.Modality.Transcript, Domain.Modality.Transcript),
        (Wire.Modality.Prosody, Domain.Modality.Prosody),
        (Wire.Modality.FacePresence, Domain.Modality.FacePresence),
        (Wire.Modality.Gaze, Domain.Modality.Gaze),
        (Wire.Modality.Expression, Domain.Modality.Expression),
        (Wire.Modality.FaceIdentity, Domain.Modality.FaceIdentity),
        (Wire.Modality.Text, Domain.Modality.Text),
    ];

    public static Domain.Modality? ToOurs(Wire.Modality modality)
    {
        foreach (var (wire, ours) in Modalities)
        {
            if (wire == modality)
                return ours;
        }

        return null;
    }

    public static IEnumerable<Wire.Modality> ToWire(Domain.Modality modalities) => Modalities.Where(m => modalities.HasFlag(m.Ours)).Select(m => m.Wire);

    public static TrackKind? ToOurs(Track track) => track switch
    {
        Track.Audio => TrackKind.Audio,
        Track.Video => TrackKind.Video,
        _ => null,
    };

    public static Track ToWire(TrackKind track) => track switch
    {
        TrackKind.Audio => Track.Audio,
        TrackKind.Video => Track.Video,
        _ => Track.Control,
    };

    public static MediaCodec? ToOurs(Codec codec) => codec switch
    {
        Codec.Opus => MediaCodec.Opus,
        Codec.Pcm16 => MediaCodec.Pcm16,
        Codec.Vp8 => MediaCodec.Vp8,
        Codec.H264 => MediaCodec.H264,
        Codec.Jpeg => MediaCodec.Jpeg,
        _ => null,
    };

    public static Wire.InterviewState ToWire(Storage.InterviewState state) => state switch
    {
        Storage.InterviewState.Created => Wire.InterviewState.Created,
        Storage.InterviewState.Running => Wire.InterviewState.Running,
        Storage.InterviewState.Finishing => Wire.InterviewState.Finishing,
        Storage.InterviewState.ReportReady => Wire.InterviewState.ReportReady,
        _ => Wire.InterviewState.Failed,
    };

    public static Wire.TrackPosition ToWire(ResumePosition position) => new() { Track = ToWire(position.Track), NextSequence = position.NextSequence };

    public static ServerMessage? ToWire(SessionEvent e) => e switch
    {
        Acknowledged a => new ServerMessage { Acknowledgement = Acknowledgement(a) },
        CaptionHeard c => new ServerMessage
        {
            Caption = new Caption { StartUs = c.Range.Start.Microseconds, EndUs = c.Range.End.Microseconds, Text = c.Text, Language = c.Language },
        },
        WarningRaised w => Warning(w.Range, ToWire(w.Warning), ""),
        NoticeRaised n => Warning(n.Range, ToWire(n.Notice), n.Message),
        Pipelines.Session.StageChanged s => new ServerMessage
        {
            Stage = new Wire.StageChanged
            {
                StageId = s.StageId,
                QuestionId = s.QuestionId,
                Attempt = s.Attempt,
                Active = s.Active,
                TimeLeftS = (int)Math.Ceiling(s.TimeLeft.TotalSeconds),
            },
        },
        ProgressMade p => Progress(p.Step, p.Share),
        _ => null,
    };

    public static ServerMessage Progress(string step, double share) => new() { Progress = new Progress { Step = step, Share = share } };

    private static Acknowledgement Acknowledgement(Acknowledged a)
    {
        var message = new Acknowledgement { DurableUs = a.Durable.Microseconds };
        foreach (var position in a.Positions)
            message.Durable.Add(ToWire(position));
        return message;
    }

    private static ServerMessage Warning(Domain.MediaRange range, Wire.WarningKind kind, string text) =>
        new() { Warning = new Warning { Kind = kind, StartUs = range.Start.Microseconds, EndUs = range.End.Microseconds, Message = text } };

    private static Wire.WarningKind ToWire(Domain.WarningKind kind) => kind switch
    {
        Domain.WarningKind.TooQuiet => Wire.WarningKind.TooQuiet,
        Domain.WarningKind.Clipped => Wire.WarningKind.Clipped,
        Domain.WarningKind.Noisy => Wire.WarningKind.Noisy,
        Domain.WarningKind.NoSound => Wire.WarningKind.NoSound,
        Domain.WarningKind.NoFace => Wire.WarningKind.NoFace,
        Domain.WarningKind.SeveralFaces => Wire.WarningKind.SeveralFaces,
        Domain.WarningKind.Dark => Wire.WarningKind.Dark,
        Domain.WarningKind.Overexposed => Wire.WarningKind.Overexposed,
        Domain.WarningKind.Blurred => Wire.WarningKind.Blurred,
        Domain.WarningKind.Music => Wire.WarningKind.Music,
        _ => Wire.WarningKind.Unspecified,
    };

    private static Wire.WarningKind ToWire(SessionNotice notice) => notice switch
    {
        SessionNotice.ClockJumped => Wire.WarningKind.ClockJumped,
        SessionNotice.PacketsLost => Wire.WarningKind.PacketsLost,
        SessionNotice.Undecodable => Wire.WarningKind.Undecodable,
        SessionNotice.NotPermitted => Wire.WarningKind.NotPermitted,
        _ => Wire.WarningKind.NotAnalysed,
    };
}
