using System.Text.Json.Serialization;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary><c>POST .../candidate/consent</c>: everything that the candidate agrees to. What is not listed was refused.</summary>
internal sealed record ConsentRequest([property: JsonRequired] IReadOnlyList<string> Modalities);

/// <summary><c>POST .../candidate/stage</c>: an answer begins or ends now.</summary>
/// <param name="Kind"><c>begin</c> or <c>end</c>.</param>
/// <param name="Attempt">From 1.</param>
internal sealed record StageRequest(
    [property: JsonRequired] string Kind, [property: JsonRequired] string StageId, [property: JsonRequired] string QuestionId, [property: JsonRequired] int Attempt);

/// <summary>Answer to a stage request.</summary>
/// <param name="SecondsLeft">Of the answer that is open now; 0 where none is.</param>
internal sealed record StageAnswer(double SecondsLeft);

/// <summary><c>POST .../candidate/written-answer</c>: begins its question where it was not begun, and ends it.</summary>
internal sealed record WrittenAnswerRequest(
    [property: JsonRequired] string StageId, [property: JsonRequired] string QuestionId, [property: JsonRequired] int Attempt, [property: JsonRequired] string Text);
