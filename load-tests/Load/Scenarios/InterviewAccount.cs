using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using MediaScore.Keys;
using MediaScore.Load.Clients;
using MediaScore.Load.Results;
using MediaScore.Load.Speech;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Recording;
using MediaScore.TestMedia;

namespace MediaScore.Load.Scenarios;

/// <summary>What is asked of the server and read from its disk once the interviews have ended: words, and what was recorded.</summary>
internal sealed class InterviewAccount : IDisposable
{
    /// <summary>A line an utterance: what was said and heard, and how long the caption took.</summary>
    public const string FileName = "utterances.tsv";

    private readonly ClientWorld _world;
    private readonly KeyStore _keys;
    private readonly string _interviewsFolder;
    private readonly StreamWriter _lines;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private WordErrorRate _words;
    private TimeSpan _length;

    public InterviewAccount(ClientWorld world, KeyStore keys, string interviewsFolder, string outputFolder)
    {
        (_world, _keys, _interviewsFolder) = (world, keys, interviewsFolder);
        _lines = new StreamWriter(Path.Combine(outputFolder, FileName));
        _lines.WriteLine("interview\tstart_s\tend_s\tcaption_ms\tword_errors\tsaid\theard");
    }

    public int UtterancesSpoken { get; private set; }

    public int CaptionsReceived { get; private set; }

    /// <summary>No text in the final transcript either: not detected, or withheld with a reason. They are errors of words, not of time.</summary>
    public int UtterancesUnheard { get; private set; }

    /// <summary>In the final transcript, and no caption ever came, or none for its end although the transcript has it.</summary>
    public int CaptionsMissing { get; private set; }

    public long AudioSent { get; private set; }

    public long AudioRecorded { get; private set; }

    /// <summary>Of the interviews' whole length, what was in no recording: not sent in a break, or lost.</summary>
    public double AudioSecondsUnrecorded => Math.Max(0, _length.TotalSeconds - (AudioRecorded * SpeechTrack.PacketTime.TotalSeconds));

    public long VideoSent { get; private set; }

    public long VideoRecorded { get; private set; }

    public WordErrors Words() => new(_words.Errors, _words.ReferenceWords, Convert.ToHexStringLower(_hash.GetCurrentHash()));

    /// <summary>One interview, in the order of their numbers.</summary>
    public async Task AddAsync(IInterview interview, CancellationToken cancellation)
    {
        var spoken = interview.Ledger.Close(interview.EndPlace);
        var transcript = await TranscriptAsync(interview, cancellation);
        UtterancesSpoken += spoken.Count;
        foreach (var account in spoken)
        {
            var heard = transcript.Where(utterance => InterviewLedger.Nearest(spoken, Time(utterance.StartUs), Time(utterance.EndUs)) == account).ToList();
            var text = string.Join(' ', heard.Select(utterance => utterance.Text));
            var errors = WordErrorRate.Of(account.Part.Transcript, text);
            _words += errors;
            var rejected = heard.Find(utterance => utterance.Rejected.Length > 0)?.Rejected;
            _lines.WriteLine(FormattableString.Invariant(
                $"{interview.Number}\t{account.Part.VoicedStart.TotalSeconds:0.00}\t{account.Part.VoicedEnd.TotalSeconds:0.00}\t{account.Latency?.TotalMilliseconds:0}\t{errors.Errors}\t{account.Part.Transcript}\t{text}{(rejected is null ? string.Empty : $" [{rejected}]")}"));
            _hash.AppendData(Encoding.UTF8.GetBytes($"{interview.Number} {account.Part.Transcript}\n{text}\n"));
            var captions = heard.FindAll(utterance => utterance.Text.Length > 0);
            if (captions.Count == 0 && account.LastCaptionAt == 0)
                UtterancesUnheard++;
            else if (account.LastCaptionAt != 0 && (account.EndCaptioned || !captions.Exists(utterance => Time(utterance.EndUs) >= account.Part.VoicedEnd - InterviewLedger.EndTolerance)))
                CaptionsReceived++;
            else
                CaptionsMissing++;
        }

        _length += interview.EndPlace;
        AudioSent += interview.AudioSent;
        VideoSent += interview.VideoSent;
        Count(interview.Id);
    }

    public void Dispose()
    {
        _hash.Dispose();
        _lines.Dispose();
    }

    private async Task<IReadOnlyList<Utterance>> TranscriptAsync(IInterview interview, CancellationToken cancellation)
    {
        try
        {
            var response = await _world.Control.GetTranscriptAsync(new GetTranscriptRequest { InterviewId = interview.Id, AccessToken = interview.AccessToken }, cancellationToken: cancellation);
            return response.Utterances;
        }
        catch (RpcException e)
        {
            _world.Meter.Fail($"GetTranscript: {e.StatusCode}");
            return [];
        }
    }

    private void Count(string id)
    {
        using var key = _keys.TryGet(id);
        var path = new InterviewFolder(_interviewsFolder, id).RecordingPath;
        if (key is null || !File.Exists(path))
            return;
        using var reader = RecordingReader.Open(path, key);
        foreach (var entry in reader.ReadAll())
        {
            if (!entry.IsPacket)
                continue;
            AudioRecorded += entry.Packet.Track is TrackKind.Audio ? 1 : 0;
            VideoRecorded += entry.Packet.Track is TrackKind.Video ? 1 : 0;
        }
    }

    private static TimeSpan Time(long microseconds) => TimeSpan.FromMicroseconds(microseconds);
}
