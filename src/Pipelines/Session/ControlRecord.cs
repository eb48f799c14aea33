using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// What stands between the packets of a recording: markers, written answers, the end, and the points at which the interview's clock was set. The analysis reads
/// these from the recording like any packet, so that a replay sees the same order. UTF-8 JSON (docs/formats/recording.md, "Control track").
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StageMarkerRecord), "stage")]
[JsonDerivedType(typeof(WrittenAnswerRecord), "written-answer")]
[JsonDerivedType(typeof(EndRecord), "end")]
[JsonDerivedType(typeof(ClockAnchorRecord), "clock-anchor")]
internal abstract record ControlRecord
{
    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(this, ControlRecordJson.Default.ControlRecord);

    /// <summary>Null where the bytes are not a control record of this version.</summary>
    public static ControlRecord? TryParse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, ControlRecordJson.Default.ControlRecord);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}

internal sealed record StageMarkerRecord(string StageId, string QuestionId, int Attempt, bool Begins) : ControlRecord;

internal sealed record WrittenAnswerRecord(string StageId, string QuestionId, int Attempt, string Text) : ControlRecord;

internal sealed record EndRecord(InterviewEndReason Reason) : ControlRecord;

/// <summary>From here on, client time + <paramref name="OffsetUs"/> = interview time in <paramref name="Track"/>.</summary>
/// <param name="GapReason">One of <see cref="GapReasons"/> where the clock jumped; null for the first packet.</param>
/// <param name="GapStartUs">Interview time before the jump.</param>
/// <param name="GapEndUs">Interview time after it.</param>
internal sealed record ClockAnchorRecord(TrackKind Track, long OffsetUs, string? GapReason, long GapStartUs, long GapEndUs) : ControlRecord;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ControlRecord))]
internal sealed partial class ControlRecordJson : JsonSerializerContext;
