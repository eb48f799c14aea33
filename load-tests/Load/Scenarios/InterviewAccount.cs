using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using MediaScore.Keys;
using MediaScore.Load.Clients;
using MediaScore.Load.Results;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Recording;
using MediaScore.TestMedia;

namespace MediaScore.Load.Scenarios;

/// <summary>What is asked of the server and read from its disk once the interviews have ended: words, and what was recorded.</summary>
internal sealed class InterviewAccount(ClientWorld world, KeyStore keys, string interviewsFolder) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private WordErrorRate _words;

    public int UtterancesSpoken { get; private set; }

    public int CaptionsReceived { get; private set; }

    /// <summary>Withheld by the recogniser, which said why: nothing was missed.</summary>
    public int CaptionsWithheld { get; private set; }

    public int CaptionsMissing { get; private set; }

    public long AudioSent { get; private set; }

    public long AudioRecorded { get; private set; }

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
            _words += WordErrorRate.Of(account.Part.Transcript, text);
            _hash.AppendData(Encoding.UTF8.GetBytes($"{interview.Number} {account.Part.Transcript}\n{text}\n"));
            if (account.LastCaptionAt != 0)
                CaptionsReceived++;
            else if (heard.Exists(utterance => utterance.Rejected.Length > 0))
                CaptionsWithheld++;
            else
                CaptionsMissing++;
        }

        AudioSent += interview.AudioSent;
        VideoSent += interview.VideoSent;
        Count(interview.Id);
    }

    public void Dispose() => _hash.Dispose();

    private async Task<IReadOnlyList<Utterance>> TranscriptAsync(IInterview interview, CancellationToken cancellation)
    {
        try
        {
            var response = await world.Control.GetTranscriptAsync(new GetTranscriptRequest { InterviewId = interview.Id, AccessToken = interview.AccessToken }, cancellationToken: cancellation);
            return response.Utterances;
        }
        catch (RpcException e)
        {
            world.Meter.Fail($"GetTranscript: {e.StatusCode}");
            return [];
        }
    }

    private void Count(string id)
    {
        using var key = keys.TryGet(id);
        var path = new InterviewFolder(interviewsFolder, id).RecordingPath;
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
