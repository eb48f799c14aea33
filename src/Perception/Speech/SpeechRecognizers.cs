using System.Diagnostics.CodeAnalysis;

namespace MediaScore.Perception.Speech;

/// <summary>The recognisers of this server by language and tier. Immutable; a language without a model is an answer with a reason, not an error.</summary>
public sealed class SpeechRecognizers
{
    /// <summary>The quick recogniser that hears every interview.</summary>
    public const string DefaultTier = "default";

    /// <summary>The larger one, where the operator asks for it.</summary>
    public const string AccurateTier = "accurate";

    /// <summary>No model of its own: the quick one hears the interview live, and the larger one hears it again in the final pass.</summary>
    public const string RefinedTier = "refined";

    private readonly Dictionary<(string Language, string Tier), ISpeechRecognizer> _recognizers = [];

    /// <param name="recognizers">Each with its tier; a later entry of the same language and tier replaces an earlier one (an operator's own model).</param>
    public SpeechRecognizers(IEnumerable<(string Tier, ISpeechRecognizer Recognizer)> recognizers)
    {
        ArgumentNullException.ThrowIfNull(recognizers);
        foreach (var (tier, recognizer) in recognizers)
            _recognizers[(PrimaryLanguage(recognizer.Language), tier)] = recognizer;
    }

    /// <summary>Finds the recogniser for a language; <c>en-US</c> is served by <c>en</c>.</summary>
    /// <param name="language">BCP 47.</param>
    /// <param name="tier"><see cref="DefaultTier"/> or <see cref="AccurateTier"/>; empty asks for the default.</param>
    /// <param name="reason">Why there is none: <c>no model for zh</c>; empty where there is one.</param>
    public bool TryGet(string language, string tier, [NotNullWhen(true)] out ISpeechRecognizer? recognizer, out string reason)
    {
        ArgumentNullException.ThrowIfNull(language);
        var wanted = string.IsNullOrEmpty(tier) ? DefaultTier : tier;
        var primary = PrimaryLanguage(language);
        if (_recognizers.TryGetValue((primary, wanted), out recognizer))
        {
            reason = "";
            return true;
        }

        var spoken = _recognizers.Keys.Any(key => key.Language == primary);
        reason = spoken ? $"no {wanted} model for {primary}" : $"no model for {primary}";
        return false;
    }

    /// <summary>The tier of the models that hear an interview of this tier live.</summary>
    public static string LiveTierOf(string tier) => tier == RefinedTier ? DefaultTier : tier;

    private static string PrimaryLanguage(string language)
    {
        var end = language.IndexOfAny(['-', '_']);
        return (end < 0 ? language : language[..end]).ToLowerInvariant();
    }
}
