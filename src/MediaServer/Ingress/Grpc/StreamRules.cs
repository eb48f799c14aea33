using MediaScore.Codecs.Pcm;
using MediaScore.Pipelines.Session;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Recording;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>The limits that the proto's comments state, checked message by message. A fault names the field, its value and the limit.</summary>
internal static class StreamRules
{
    public const int MaxMessageBytes = 1 << 20;
    public const int MaxVideoBytes = 512 << 10;
    public const int MaxTextCharacters = InterviewSession.WrittenAnswerLimit;
    // RFC 6716, 3.2: at most 48 frames (120 ms of 2.5 ms) of at most 1275 bytes.
    public const int MaxOpusBytes = 48 * 1275;
    private static readonly TimeSpan MaxPcm = TimeSpan.FromMilliseconds(200);

    /// <summary>Checks the tracks of a start, all faults at once.</summary>
    /// <param name="unknownCodec">Set where a fault is a codec that no version of this server knows, which is UNIMPLEMENTED and not INVALID_ARGUMENT.</param>
    public static IReadOnlyList<string> CheckTracks(IReadOnlyList<TrackDescription> tracks, out List<TrackFormat> formats, out bool unknownCodec)
    {
        formats = [];
        unknownCodec = false;
        var faults = new List<string>();
        for (var i = 0; i < tracks.Count; i++)
        {
            var (track, place) = (tracks[i], $"start.tracks[{i}]");
            if (WireMapping.ToOurs(track.Track) is not { } kind)
            {
                faults.Add($"{place}.track is {track.Track}; describe TRACK_AUDIO and TRACK_VIDEO only");
                continue;
            }

            if (WireMapping.ToOurs(track.Codec) is not { } codec)
            {
                unknownCodec |= track.Codec is not Codec.Unspecified;
                faults.Add($"{place}.codec is {track.Codec}; known are CODEC_OPUS, CODEC_PCM16 (sound) and CODEC_VP8, CODEC_H264, CODEC_JPEG (pictures)");
                continue;
            }

            if (formats.Exists(f => f.Track == kind))
                faults.Add($"{place} describes the {kind} track a second time");
            if (kind is TrackKind.Audio != codec is MediaCodec.Opus or MediaCodec.Pcm16)
                faults.Add($"{place}.codec is {track.Codec}, which is none of the {kind} track");
            if (codec is MediaCodec.Pcm16 && !PcmDecoder.IsSupported(track.SampleRate, track.Channels))
                faults.Add($"{place} is PCM16 with sample_rate {track.SampleRate} and channels {track.Channels}; allowed are 8000 to 48000 and 1 to 8");
            formats.Add(codec switch
            {
                MediaCodec.Opus => new TrackFormat(kind, codec, 48_000, 1),
                MediaCodec.Pcm16 => new TrackFormat(kind, codec, track.SampleRate, track.Channels),
                _ => new TrackFormat(kind, codec, 0, 0),
            });
        }

        return faults;
    }

    /// <returns>Null where the packet keeps all limits.</returns>
    public static string? Check(MediaPacket packet, TrackFormat? format)
    {
        if (WireMapping.ToOurs(packet.Track) is not { } kind)
            return $"packet.track is {packet.Track}; packets belong to TRACK_AUDIO or TRACK_VIDEO";
        if (format is null)
            return $"packet.track is {packet.Track}, which start.tracks did not describe";
        var payload = packet.Payload.Span;
        if (payload.IsEmpty)
            return $"packet.payload of {kind} packet {packet.Sequence} is empty";
        if (packet.MediaTimeUs < 0)
            return $"packet.media_time_us of {kind} packet {packet.Sequence} is {packet.MediaTimeUs}; it counts from 0";
        if (kind is TrackKind.Video)
        {
            return payload.Length <= MaxVideoBytes
                ? null
                : $"packet.payload of Video packet {packet.Sequence} has {payload.Length} bytes; the limit is {MaxVideoBytes} (512 KiB)";
        }

        if (format.Codec is MediaCodec.Opus)
        {
            // What claims more than 120 ms, or is no Opus at all, is recorded and reported as undecodable: the codec allows no such packet.
            return payload.Length <= MaxOpusBytes
                ? null
                : $"packet.payload of Audio packet {packet.Sequence} has {payload.Length} bytes; an Opus packet has at most {MaxOpusBytes}";
        }

        var frameBytes = 2 * format.Channels;
        if (payload.Length % frameBytes != 0)
            return $"packet.payload of Audio packet {packet.Sequence} has {payload.Length} bytes, no whole number of {format.Channels}-channel 16-bit samples";
        var duration = TimeSpan.FromSeconds((double)payload.Length / frameBytes / format.SampleRate);
        return duration <= MaxPcm ? null : $"packet.payload of Audio packet {packet.Sequence} is {duration.TotalMilliseconds:0} ms of PCM16; the limit is 200 ms";
    }

    public static string? Check(StageMarker marker)
    {
        if (marker.Kind is not (StageMarkerKind.Begin or StageMarkerKind.End))
            return $"stage.kind is {marker.Kind}; it must be STAGE_MARKER_KIND_BEGIN or STAGE_MARKER_KIND_END";
        return CheckAnswer("stage", marker.StageId, marker.QuestionId, marker.Attempt, marker.MediaTimeUs);
    }

    public static string? Check(WrittenAnswer answer) =>
        answer.Text.Length > MaxTextCharacters
            ? $"written_answer.text has {answer.Text.Length} characters; the limit is {MaxTextCharacters}"
            : CheckAnswer("written_answer", answer.StageId, answer.QuestionId, answer.Attempt, answer.MediaTimeUs);

    private static string? CheckAnswer(string message, string stageId, string questionId, int attempt, long mediaTimeUs)
    {
        if (stageId.Length == 0)
            return $"{message}.stage_id is empty";
        if (questionId.Length == 0)
            return $"{message}.question_id is empty";
        if (attempt < 1)
            return $"{message}.attempt is {attempt}; the first take is 1";
        return mediaTimeUs < 0 ? $"{message}.media_time_us is {mediaTimeUs}; it counts from 0" : null;
    }
}
