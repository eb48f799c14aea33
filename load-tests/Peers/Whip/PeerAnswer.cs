using System.Globalization;
using System.Net;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Whip;

/// <summary>One m-line of an answer that was not refused.</summary>
internal sealed record PeerAnswerMedia(
    MediaKind Kind, string Mid, RtpCodec Codec, byte PayloadType, byte? RtxPayloadType, HeaderExtensionIds Extensions, bool Nack, bool TransportCc, string? Rid);

/// <summary>What a sender reads of an answer. Own reader, so that a mistake of the server's writer is not read back by its twin.</summary>
internal sealed record PeerAnswer(
    IceCredentials RemoteIce, byte[] FingerprintSha256, IReadOnlyList<(TransportKind Transport, IPEndPoint Address)> Candidates, IReadOnlyList<PeerAnswerMedia> Media)
{
    /// <summary>Null with the reason where it is no answer that media can follow.</summary>
    public static PeerAnswer? TryParse(string text, out string error)
    {
        var candidates = new List<(TransportKind, IPEndPoint)>();
        var media = new List<PeerAnswerMedia>();
        string? userFragment = null, password = null, fingerprint = null;
        Section? section = null;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                section?.AddTo(media);
                section = Section.Begin(line);
            }
            else if (Value(line, "a=ice-ufrag:") is { } fragment)
                userFragment ??= fragment;
            else if (Value(line, "a=ice-pwd:") is { } secret)
                password ??= secret;
            else if (Value(line, "a=fingerprint:sha-256 ") is { } hash)
                fingerprint ??= hash;
            else if (Value(line, "a=candidate:") is { } candidate && ReadCandidate(candidate) is { } address && !candidates.Contains(address))
                candidates.Add(address);
            else if (line == "a=setup:active")
                return Fail("The server wants to be DTLS client.", out error);
            else
                section?.Read(line);
        }

        section?.AddTo(media);
        if (userFragment is null || password is null || fingerprint is null)
            return Fail("The answer has no ICE credentials or no SHA-256 fingerprint.", out error);
        if (candidates.Count == 0)
            return Fail("The answer has no candidate that can be reached.", out error);
        if (media.Count == 0)
            return Fail("The answer refuses all media.", out error);
        error = string.Empty;
        return new PeerAnswer(new IceCredentials(userFragment, password), Convert.FromHexString(fingerprint.Replace(":", string.Empty, StringComparison.Ordinal)), candidates, media);
    }

    /// <summary>New credentials out of a PATCH's answer (RFC 8840); null where it has none.</summary>
    public static IceCredentials? TryReadFragment(string text)
    {
        string? userFragment = null, password = null;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r');
            userFragment ??= Value(line, "a=ice-ufrag:");
            password ??= Value(line, "a=ice-pwd:");
        }

        return userFragment is null || password is null ? null : new IceCredentials(userFragment, password);
    }

    private static PeerAnswer? Fail(string message, out string error)
    {
        error = message;
        return null;
    }

    private static string? Value(string line, string prefix) => line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..].Trim() : null;

    /// <summary><c>foundation component transport priority address port typ ...</c> (RFC 8839, 5.1); names are not resolved.</summary>
    private static (TransportKind Transport, IPEndPoint Address)? ReadCandidate(string value)
    {
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 8 || parts[1] != "1" || !IPAddress.TryParse(parts[4], out var address) || !ushort.TryParse(parts[5], CultureInfo.InvariantCulture, out var port))
            return null;
        if (parts[2].Equals("udp", StringComparison.OrdinalIgnoreCase))
            return (TransportKind.Udp, new IPEndPoint(address, port));
        return parts[2].Equals("tcp", StringComparison.OrdinalIgnoreCase) && value.Contains("tcptype passive", StringComparison.Ordinal)
            ? (TransportKind.Tcp, new IPEndPoint(address, port))
            : null;
    }

    private sealed class Section(MediaKind kind, IReadOnlyList<byte> payloadTypes)
    {
        private readonly Dictionary<byte, string> _names = [];
        private readonly Dictionary<byte, byte> _retransmissions = []; // apt -> RTX payload type.
        private readonly List<(string Pt, string What)> _feedback = [];
        private HeaderExtensionIds _extensions;
        private string _mid = string.Empty;
        private string? _rid;

        public static Section? Begin(string line)
        {
            var parts = line[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 4 || parts[1] == "0" || parts[0] is not ("audio" or "video"))
                return null;
            var types = parts[3..].Select(text => byte.TryParse(text, CultureInfo.InvariantCulture, out var type) ? type : (byte)255).Where(type => type < 128).ToList();
            return new Section(parts[0] == "audio" ? MediaKind.Audio : MediaKind.Video, types);
        }

        public void Read(string line)
        {
            if (Value(line, "a=mid:") is { } mid)
                _mid = mid;
            else if (Value(line, "a=rtpmap:") is { } map && TrySplit(map, out var pt, out var name))
                _names[pt] = name.Split('/')[0];
            else if (Value(line, "a=fmtp:") is { } format && TrySplit(format, out var rtx, out var parameters) && Value(parameters, "apt=") is { } apt
                     && byte.TryParse(apt, CultureInfo.InvariantCulture, out var media))
                _retransmissions[media] = rtx;
            else if (Value(line, "a=rtcp-fb:") is { } feedback && feedback.Split(' ', 2) is [var type, var what])
                _feedback.Add((type, what));
            else if (Value(line, "a=extmap:") is { } extension)
                ReadExtension(extension);
            else if (Value(line, "a=simulcast:recv ") is { } rids)
                _rid = rids.Split(';', ',')[0];
        }

        public void AddTo(List<PeerAnswerMedia> media)
        {
            foreach (var type in payloadTypes)
            {
                RtpCodec? codec = _names.GetValueOrDefault(type)?.ToUpperInvariant() switch { "OPUS" => RtpCodec.Opus, "VP8" => RtpCodec.Vp8, "H264" => RtpCodec.H264, _ => null };
                if (codec is null)
                    continue;
                byte? rtx = _retransmissions.TryGetValue(type, out var found) ? found : null;
                media.Add(new PeerAnswerMedia(kind, _mid, codec.Value, type, rtx, _extensions, Has(type, "nack"), Has(type, "transport-cc"), _rid));
                return;
            }
        }

        private bool Has(byte type, string what) => _feedback.Any(entry => (entry.Pt == "*" || entry.Pt == $"{type}") && entry.What == what);

        private void ReadExtension(string value)
        {
            // An id may carry a direction: "4/recvonly".
            if (value.Split(' ') is not [var idText, var uri, ..] || !byte.TryParse(idText.Split('/')[0], CultureInfo.InvariantCulture, out var id))
                return;
            _extensions = uri switch
            {
                _ when uri.EndsWith("sdes:mid", StringComparison.Ordinal) => _extensions with { Mid = id },
                _ when uri.EndsWith("sdes:rtp-stream-id", StringComparison.Ordinal) => _extensions with { Rid = id },
                _ when uri.EndsWith("sdes:repaired-rtp-stream-id", StringComparison.Ordinal) => _extensions with { RepairedRid = id },
                _ when uri.Contains("transport-wide-cc-extensions-01", StringComparison.Ordinal) => _extensions with { TransportSequence = id },
                _ when uri.EndsWith("abs-send-time", StringComparison.Ordinal) => _extensions with { AbsoluteSendTime = id },
                _ when uri.EndsWith("ssrc-audio-level", StringComparison.Ordinal) => _extensions with { AudioLevel = id },
                _ when uri.EndsWith("video-orientation", StringComparison.Ordinal) => _extensions with { VideoOrientation = id },
                _ => _extensions,
            };
        }

        private static bool TrySplit(string value, out byte payloadType, out string rest)
        {
            var blank = value.IndexOf(' ', StringComparison.Ordinal);
            rest = blank < 0 ? string.Empty : value[(blank + 1)..];
            payloadType = 0;
            return blank > 0 && byte.TryParse(value.AsSpan(0, blank), CultureInfo.InvariantCulture, out payloadType);
        }
    }
}
