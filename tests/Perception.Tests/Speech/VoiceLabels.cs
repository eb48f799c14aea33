using System.Globalization;

namespace MediaScore.Perception.Tests.Speech;

/// <summary>Labels of speech by hand: one line, the recording's name and then triples of start, end (seconds) and 0 or 1.</summary>
internal sealed class VoiceLabels(IReadOnlyList<(double Start, double End, bool IsSpeech)> spans)
{
    public static VoiceLabels Read(string path)
    {
        var fields = File.ReadAllText(path).Trim().Split(',');
        return new VoiceLabels([.. fields.Skip(1).Chunk(3).Select(triple => (Number(triple[0]), Number(triple[1]), triple[2] == "1"))]);
    }

    public bool IsSpeechAt(double seconds) => spans.Any(span => span.IsSpeech && span.Start <= seconds && seconds < span.End);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
