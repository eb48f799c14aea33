using MediaScore.DeviceStreams.Gallery;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>Somebody as the console shows them (docs/formats/console-api.md).</summary>
/// <param name="ConsentGivenAt">Null: no consent that stands, and no faces.</param>
/// <param name="ConsentSource">How it was given.</param>
/// <param name="FaceCount">Templates that doors compare with.</param>
internal sealed record PersonLine(
    string Number, string Name, bool Blocked, DateTimeOffset? ConsentGivenAt, string ConsentSource, DateTimeOffset? ConsentWithdrawnAt, int FaceCount, DateTimeOffset CreatedAt)
{
    public static PersonLine Of(PersonEntry entry) => new(
        entry.Number, entry.Name, entry.IsBlocked, entry.ConsentGivenAt, entry.ConsentSource, entry.ConsentWithdrawnAt, entry.TemplateCount, entry.CreatedAt);
}

/// <summary>One enrolled face: when, from where, how good; never the template itself.</summary>
/// <param name="Source"><c>photo</c>, <c>import</c>, <c>webcam</c> or <c>device:ID</c>.</param>
/// <param name="Comparable">False for one of another model: it opens no door any more.</param>
internal sealed record FaceLine(string Id, string Source, double Quality, DateTimeOffset CreatedAt, bool Comparable);

/// <summary>Somebody who resembles this person, and of whom an operator said that they are two.</summary>
/// <param name="Similarity">Of the two faces when it was said.</param>
/// <param name="Source">Of the picture with which it was said.</param>
internal sealed record LookalikeLine(string Number, double Similarity, string Source, DateTimeOffset SaidAt);

/// <summary>How an enrolment ended.</summary>
/// <param name="Code">For a program: <c>enrolled</c>, <c>no-face</c>, <c>poor-quality</c> and so on.</param>
/// <param name="Fault">Of a poor picture: <c>dark</c>, <c>too-far</c>, <c>blurred</c> and so on; else null.</param>
/// <param name="Reason">For the person in the picture, in English. It names nobody else.</param>
/// <param name="Note">For the operator: who else it is, or whom it resembles.</param>
/// <param name="FaceCount">Enrolled faces of this person now.</param>
internal sealed record EnrolmentLine(bool Enrolled, string Code, string? Fault, string Reason, string Note, double? Quality, string? FaceId, int FaceCount);
