using MediaScore.Inference;

using MediaScore.Perception.Speech;

namespace MediaScore.Perception.Tests.Speech;

public sealed class SpeechRecognizersTests
{
    private static readonly SpeechRecognizers Recognizers = new([(SpeechRecognizers.DefaultTier, new FixedRecognizer("en", "small"))]);

    [Theory]
    [InlineData("en", "default")]
    [InlineData("en-US", "")]
    [InlineData("EN_gb", "default")]
    public void A_language_is_served_whatever_its_region(string language, string tier)
    {
        Recognizers.TryGet(language, tier, out var recognizer, out var reason).ShouldBeTrue();

        recognizer.ShouldNotBeNull().ModelId.ShouldBe("small");
        reason.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zh", "default", "no model for zh")]
    [InlineData("zh-Hans-CN", "", "no model for zh")]
    [InlineData("en", "accurate", "no accurate model for en")]
    public void A_language_without_a_model_is_an_answer_with_a_reason(string language, string tier, string expected)
    {
        Recognizers.TryGet(language, tier, out var recognizer, out var reason).ShouldBeFalse();

        recognizer.ShouldBeNull();
        reason.ShouldBe(expected);
    }

    [Fact]
    public void A_later_model_of_the_same_language_and_tier_replaces_an_earlier_one()
    {
        var recognizers = new SpeechRecognizers([("default", new FixedRecognizer("zh", "first")), ("default", new FixedRecognizer("zh", "own"))]);

        recognizers.TryGet("zh", "default", out var recognizer, out _).ShouldBeTrue();

        recognizer.ShouldNotBeNull().ModelId.ShouldBe("own");
    }

    private sealed class FixedRecognizer(string language, string modelId) : ISpeechRecognizer
    {
        public string Language => language;

        public string ModelId => modelId;

        public string ModelVersion => "1";

        public ValueTask<RecognizedSpeech> RecognizeAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken) =>
            ValueTask.FromResult(RecognizedSpeech.Nothing);
    }
}
