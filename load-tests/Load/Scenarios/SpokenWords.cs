using MediaScore.Load.Clients;
using MediaScore.Load.Words;
using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;

namespace MediaScore.Load.Scenarios;

/// <summary>Word errors of transcripts against what was said: each utterance is compared with what was heard while it was said, and what was heard while nobody spoke is added words.</summary>
internal sealed class SpokenWords
{
    public WordErrorRate Errors { get; private set; }

    /// <summary>Words, of all errors, that were heard while nobody spoke.</summary>
    public int Invented { get; private set; }

    /// <summary>What belongs to this utterance: the texts of which most lies in it.</summary>
    public static List<Utterance> Heard(IReadOnlyList<SpokenAccount> spoken, SpokenAccount account, IReadOnlyList<Utterance> transcript) =>
        [.. transcript.Where(utterance => Nearest(spoken, utterance) == account)];

    /// <summary>One interview.</summary>
    /// <param name="spoken">All of it, what was cut too: its words are in nobody's account, neither as heard nor as invented.</param>
    public IReadOnlyList<UtteranceLine> Add(int number, IReadOnlyList<SpokenAccount> spoken, IReadOnlyList<Utterance> transcript)
    {
        var lines = new List<UtteranceLine>();
        foreach (var account in spoken.Where(account => account.Whole))
        {
            var heard = Heard(spoken, account, transcript);
            var text = string.Join(' ', heard.Select(utterance => utterance.Text).Where(part => part.Length > 0));
            var errors = WordErrorRate.Of(account.Part.Transcript, text);
            Errors += errors;
            lines.Add(new UtteranceLine(
                number, account.Part.Speaker, account.Part.VoicedStart.TotalSeconds, account.Part.VoicedEnd.TotalSeconds, account.Latency?.TotalMilliseconds, errors.Errors, account.Part.Transcript, text,
                heard.Find(utterance => utterance.Rejected.Length > 0)?.Rejected ?? string.Empty));
        }

        foreach (var utterance in transcript.Where(utterance => utterance.Text.Length > 0 && Nearest(spoken, utterance) is null))
        {
            var errors = WordErrorRate.Of(string.Empty, utterance.Text);
            Errors += errors;
            Invented += errors.Errors;
            lines.Add(new UtteranceLine(
                number, string.Empty, utterance.StartUs / 1e6, utterance.EndUs / 1e6, null, errors.Errors, string.Empty, utterance.Text, utterance.Rejected));
        }

        return lines;
    }

    private static SpokenAccount? Nearest(IReadOnlyList<SpokenAccount> spoken, Utterance utterance) =>
        InterviewLedger.Nearest(spoken, TimeSpan.FromMicroseconds(utterance.StartUs), TimeSpan.FromMicroseconds(utterance.EndUs));
}
