using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using MediaScore.Keys;
using MediaScore.Load.Clients;
using MediaScore.Load.Measuring;
using MediaScore.Load.Results;
using MediaScore.Load.Speech;
using MediaScore.Load.Words;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Recording;

namespace MediaScore.Load.Scenarios;

/// <summary>What is asked of the server and read from its disk once the interviews have ended: words, and what was recorded.</summary>
/// <param name="reference">What a run without load has heard; null where nothing is compared.</param>
internal sealed class InterviewAccount(ClientWorld world, KeyStore keys, string interviewsFolder, string outputFolder, WordReference? reference) : IDisposable
{
    /// <summary>What differs from the reference.</summary>
    public const string ChangesFileName = "words-changed.tsv";

    // A transcript is a read of a database; a server that needs longer for it fails this one interview, not the run.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly StreamWriter _lines = Opened(outputFolder);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<CaptionTime> _missing = [];

    public SpokenWords Words { get; } = new();

    public int CaptionsReceived { get; private set; }

    /// <summary>In the final transcript, and no caption ever came, or none for its end although the transcript has it.</summary>
    public int CaptionsMissing { get; private set; }

    /// <summary>Those of them that would have been timed, as captions that took for ever.</summary>
    public IReadOnlyList<CaptionTime> MissingTimes => _missing;

    public int UtterancesSpoken { get; private set; }

    /// <summary>No text in the final transcript either: not detected, or withheld with a reason. They are errors of words, not of time.</summary>
    public int UtterancesUnheard { get; private set; }

    public long AudioSent { get; private set; }

    public long AudioRecorded { get; private set; }

    /// <summary>Of each interview's length, what was in no recording: not sent in a break, or lost.</summary>
    public double AudioSecondsUnrecorded { get; private set; }

    public long VideoSent { get; private set; }

    public long VideoRecorded { get; private set; }

    public WordErrors WordErrors => new(Words.Errors.Errors, Words.Errors.ReferenceWords, Convert.ToHexStringLower(_hash.GetCurrentHash())) { Invented = Words.Invented };

    /// <summary>One interview, in the order of their numbers.</summary>
    public async Task AddAsync(IInterview interview, CancellationToken cancellation)
    {
        var all = interview.Ledger.Close(interview.EndPlace);
        var transcript = await TranscriptAsync(interview, cancellation);
        foreach (var line in Words.Add(interview.Number, all, transcript))
        {
            await _lines.WriteLineAsync(line.ToString().AsMemory(), cancellation);
            _hash.AppendData(Encoding.UTF8.GetBytes($"{line.Interview} {line.Said}\n{line.Heard}\n"));
            if (line.Said.Length > 0)
                reference?.Compare(line);
        }

        foreach (var account in all.Where(account => account.Whole))
            Count(interview.Number, interview.Ledger, account, SpokenWords.Heard(all, account, transcript));
        AudioSent += interview.AudioSent;
        VideoSent += interview.VideoSent;
        var recorded = CountRecorded(interview.Id);
        AudioRecorded += recorded;
        AudioSecondsUnrecorded += Math.Max(0, (interview.EndPlace - (recorded * SpeechTrack.PacketTime)).TotalSeconds);
    }

    /// <summary>Everything is on disk.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await _lines.FlushAsync(cancellation);
        if (reference is not null)
            await File.WriteAllLinesAsync(Path.Combine(outputFolder, ChangesFileName), ["speaker\tsaid\treference\theard", .. reference.Changes], cancellation);
    }

    public void Dispose()
    {
        _hash.Dispose();
        _lines.Dispose();
    }

    private void Count(int number, InterviewLedger ledger, SpokenAccount account, List<Utterance> heard)
    {
        UtterancesSpoken++;
        var written = heard.FindAll(utterance => utterance.Text.Length > 0);
        var ends = written.Exists(utterance => TimeSpan.FromMicroseconds(utterance.EndUs) >= account.Part.VoicedEnd - InterviewLedger.EndTolerance);
        if (written.Count == 0 && account.LastCaptionAt == 0)
        {
            UtterancesUnheard++;
        }
        else if (account.LastCaptionAt != 0 && (account.EndCaptioned || !ends))
        {
            CaptionsReceived++;
        }
        else
        {
            CaptionsMissing++;
            if (account.Part.ClearEnd)
                _missing.Add(new CaptionTime(number, ledger.EndDue(account), LatencySeries.Never));
        }
    }

    private async Task<IReadOnlyList<Utterance>> TranscriptAsync(IInterview interview, CancellationToken cancellation)
    {
        try
        {
            var request = new GetTranscriptRequest { InterviewId = interview.Id, AccessToken = interview.AccessToken };
            var response = await world.Control.GetTranscriptAsync(request, deadline: (world.Time.GetUtcNow() + AnswerLimit).UtcDateTime, cancellationToken: cancellation);
            return response.Utterances;
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            world.Meter.Fail($"GetTranscript: {e.StatusCode}");
            return [];
        }
    }

    /// <returns>Packets of sound.</returns>
    private long CountRecorded(string id)
    {
        using var key = keys.TryGet(id);
        var path = new InterviewFolder(interviewsFolder, id).RecordingPath;
        if (key is null || !File.Exists(path))
            return 0;
        using var reader = RecordingReader.Open(path, key);
        var audio = 0L;
        foreach (var entry in reader.ReadAll())
        {
            if (!entry.IsPacket)
                continue;
            audio += entry.Packet.Track is TrackKind.Audio ? 1 : 0;
            VideoRecorded += entry.Packet.Track is TrackKind.Video ? 1 : 0;
        }

        return audio;
    }

    private static StreamWriter Opened(string folder)
    {
        var writer = new StreamWriter(Path.Combine(folder, UtteranceLine.FileName));
        writer.WriteLine(UtteranceLine.Header);
        return writer;
    }
}
