using MediaScore.Perception.Vision;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>How an enrolment ended.</summary>
/// <param name="TemplateId">The one stored, or the one that was there already.</param>
/// <param name="Reason">A sentence for the person in the picture: what is wrong and what to do. It names nobody else.</param>
public sealed record EnrolmentResult(bool Enrolled, string? TemplateId, string Reason)
{
    public EnrolmentCode Code { get; init; }

    /// <summary>For whoever runs the site, never for the person: who else the face is, or whom it resembles. Empty where there is nothing more to say.</summary>
    public string OperatorNote { get; init; } = "";

    /// <summary>What the face is worth, 0 to 1; null where none was judged.</summary>
    public double? Quality { get; init; }

    /// <summary>What keeps the face from being good enough, of <see cref="EnrolmentCode.PoorQuality"/>: the reason's cause, for a page that says it in another language.</summary>
    public FaceFault Fault { get; init; }

    internal static EnrolmentResult Refused(EnrolmentCode code, string reason, string operatorNote = "", double? quality = null) =>
        new(false, null, reason) { Code = code, OperatorNote = operatorNote, Quality = quality };
}
