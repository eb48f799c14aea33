using System.Text.Json.Serialization;

namespace MediaScore.Timeline;

/// <summary>
/// What may be taken from a candidate. Consent and policy are both sets of these; only what is in both is ever extracted,
/// and the analyser of a modality that is not permitted is never constructed.
/// </summary>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<Modality>))]
public enum Modality
{
    None = 0,

    /// <summary>Sound is recorded and its quality measured.</summary>
    Audio = 1,

    /// <summary>Pictures are recorded and their quality measured.</summary>
    Video = 2,

    /// <summary>Speech is turned into text.</summary>
    Transcript = 4,

    /// <summary>Pitch, loudness, pauses, rate and fillers are measured.</summary>
    Prosody = 8,

    /// <summary>Faces are counted: is the candidate there, alone?</summary>
    FacePresence = 16,

    /// <summary>Head pose and eyes: does the candidate look at the camera?</summary>
    Gaze = 32,

    /// <summary>Facial expression. Off in every shipped policy.</summary>
    Expression = 64,

    /// <summary>Is it the same person all along? A face embedding is biometric data.</summary>
    FaceIdentity = 128,

    /// <summary>Written answers.</summary>
    Text = 256,
}
