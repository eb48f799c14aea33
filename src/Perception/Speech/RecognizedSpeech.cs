namespace MediaScore.Perception.Speech;

/// <summary>What a recogniser wrote for one utterance, and the signs by which the caller decides whether to believe it.</summary>
/// <param name="Text">With the model's own punctuation and capitals, trimmed; empty where the model heard nothing.</param>
/// <param name="Tokens">The chosen tokens in order, without the end mark.</param>
/// <param name="MeanLogProbability">
/// Mean natural log of the chosen tokens' probabilities, end mark included; 0 = certain. Over 64 utterances of read and free speech the median was -0.12 and the lowest -0.46 (docs/decisions/0002).
/// </param>
/// <param name="HitTokenLimit">Decoding was stopped by the limit of tokens a second of sound and not by the model: the text is cut, and most often a loop.</param>
/// <param name="Repetition">The longest immediate repetition at the level of tokens.</param>
public sealed record RecognizedSpeech(
    string Text, IReadOnlyList<RecognizedToken> Tokens, double MeanLogProbability, bool HitTokenLimit, TokenRepetition Repetition)
{
    /// <summary>The answer to sound that holds no words.</summary>
    public static RecognizedSpeech Nothing { get; } = new("", [], 0, HitTokenLimit: false, Repetition: default);
}

/// <summary>One chosen token.</summary>
/// <param name="Id">In the model's vocabulary.</param>
/// <param name="Text">Its piece of text; a leading space starts a word. A byte token shows as <c>&lt;0xNN&gt;</c>: only a run of them is text.</param>
/// <param name="LogProbability">Natural log of its probability, 0 or less.</param>
public readonly record struct RecognizedToken(int Id, string Text, float LogProbability);
