using System.Collections.Concurrent;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Observability;
using MediaScore.MediaServer.Sessions;
using MediaScore.Recording;
using MediaScore.Storage;
using MediaScore.Timeline;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Transport;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>
/// The WHIP sessions that exist now, by the unguessable id in their URL, each bound to one interview. An interview has one at most: the newest POST wins, as after a page
/// reload, whose old page said no goodbye. Thread-safe.
/// </summary>
internal sealed class WhipResources(
    WebRtcEndpoint endpoint, InterviewConductor conductor, SessionRegistry registry, IOptions<WhipOptions> options, MediaServerMeter meter, TimeProvider time,
    ILogger<WhipConnection> logger)
{
    private readonly ConcurrentDictionary<string, WhipConnection> _connections = new(StringComparer.Ordinal);
    private readonly Lock _answering = new();

    /// <summary>Sessions whose connection is open or is just being recorded to its end.</summary>
    public int Count => _connections.Count;

    /// <returns>Null where there is none (any more), or where it is another interview's.</returns>
    public WhipConnection? Find(string interviewId, string resourceId) =>
        _connections.TryGetValue(resourceId, out var connection) && connection.InterviewId == interviewId ? connection : null;

    /// <summary>Answers an offer with a session that takes over the interview.</summary>
    /// <param name="address">Of the caller, as <see cref="AddressKey"/> has it.</param>
    public async Task<WhipAnswer> AnswerAsync(LiveInterview interview, string offer, UInt128 address, CancellationToken cancellation)
    {
        if (endpoint.Loop is not { } loop)
            return WhipAnswer.Refuse(StatusCodes.Status503ServiceUnavailable, "no-webrtc", endpoint.Fault!);
        var permitted = interview.Row.Permitted;
        if ((permitted & (Modality.Audio | Modality.Video)) == Modality.None)
            return WhipAnswer.Refuse(StatusCodes.Status409Conflict, "no-media-permitted", "Neither sound nor pictures are permitted in this interview.");
        bool fits;
        RtpCodec? required;
        try
        {
            (fits, required) = await RequiredVideoAsync(interview, cancellation);
        }
        catch (ObjectDisposedException)
        {
            // Found, and in the same moment over or stopped.
            return WhipAnswer.Refuse(conductor.Gone(interview));
        }

        if (!fits)
            return WhipAnswer.Refuse(StatusCodes.Status409Conflict, "other-format", "This interview is recorded in a format that browsers do not send.");

        lock (_answering)
        {
            // One after the other, so that many who come from one address at once do not all get its last connection.
            if (conductor.Admit(interview) is { Accepted: false } refusal)
                return WhipAnswer.Refuse(refusal);
            var older = interview.Candidate as WhipConnection;
            if (_connections.Values.Count(c => c.Address == address && c != older) >= options.Value.MaxConnectionsPerAddress)
            {
                return WhipAnswer.Refuse(
                    StatusCodes.Status429TooManyRequests, "too-many-connections", $"{options.Value.MaxConnectionsPerAddress} connections of this address are open (Whip:MaxConnectionsPerAddress).");
            }

            var connection = new WhipConnection(interview, address, older, conductor, Remove, meter, time, logger);
            var answer = loop.Answer(
                offer,
                new RtcAnswerOptions { AcceptAudio = permitted.HasFlag(Modality.Audio), AcceptVideo = permitted.HasFlag(Modality.Video), RequiredVideo = required },
                connection);
            if (answer.Connection is not { } rtc)
                return WhipAnswer.Refuse(answer.Refusal, answer.Message);

            _connections[connection.ResourceId] = connection;
            interview.Candidate = connection;
            registry.NoteChange();
            connection.Start(rtc);
            older?.Close();
            // It may have ended in this very moment, and then nobody else would close this.
            if (registry.Find(interview.Row.Id) != interview)
                connection.Close();
            return new WhipAnswer(StatusCodes.Status201Created, "", "", answer.Sdp, connection);
        }
    }

    private void Remove(WhipConnection connection)
    {
        _connections.TryRemove(new(connection.ResourceId, connection));
        registry.NoteChange();
    }

    /// <summary>What a recording that exists asks of the answer.</summary>
    /// <returns>False where no browser sends what it is made of.</returns>
    private static async Task<(bool Fits, RtpCodec? Codec)> RequiredVideoAsync(LiveInterview interview, CancellationToken cancellation)
    {
        // Before the first frame there is no recording, and its session is opened with that frame.
        if (interview.Row.State is InterviewState.Created)
            return (true, null);
        var session = await interview.OpenSessionAsync(cancellation);
        if (session.FormatOf(TrackKind.Audio) is { Codec: not MediaCodec.Opus })
            return (false, null);
        return session.FormatOf(TrackKind.Video)?.Codec switch
        {
            null => (true, null),
            MediaCodec.Vp8 => (true, RtpCodec.Vp8),
            MediaCodec.H264 => (true, RtpCodec.H264),
            _ => (false, null),
        };
    }
}
