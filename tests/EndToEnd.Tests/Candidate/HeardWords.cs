using System.Text.Json;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>Compares a report with a recording that goes round and round: an answer begins and ends anywhere in it.</summary>
internal static class HeardWords
{
    public static string Of(JsonElement question) =>
        string.Join(' ', question.GetProperty("answer").GetProperty("sentences").EnumerateArray().Select(s => s.GetProperty("text").GetString()));

    /// <summary>The part of what was heard that is nearest to one whole turn.</summary>
    public static WordErrorRate BestTurn(string spoken, string heard)
    {
        var reference = TranscriptNormalizer.Words(spoken);
        var words = TranscriptNormalizer.Words(heard);
        var best = WordErrorRate.Of(reference, []);
        for (var start = 0; start < words.Count; start++)
        {
            for (var length = reference.Count / 2; length <= reference.Count * 3 / 2 && start + length <= words.Count; length++)
            {
                var turn = WordErrorRate.Of(reference, [.. words.Skip(start).Take(length)]);
                best = turn.Errors < best.Errors ? turn : best;
            }
        }

        return best;
    }

    /// <summary>Which share of the words of a turn was heard at all, wherever it began.</summary>
    public static double Recall(string spoken, string heard)
    {
        var words = TranscriptNormalizer.Words(heard).ToHashSet(StringComparer.Ordinal);
        var reference = TranscriptNormalizer.Words(spoken).Distinct().ToList();
        return (double)reference.Count(words.Contains) / reference.Count;
    }
}
