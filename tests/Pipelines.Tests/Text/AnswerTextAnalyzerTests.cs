using MediaScore.Inference;
using MediaScore.Pipelines.Text;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Text;

[Collection(PreparedModelsTests.Name)]
public class AnswerTextAnalyzerTests(PreparedModelsFixture models)
{
    private static readonly AnchorText[] Anchors =
    [
        new("empathy", 5, "Asks the guest how she feels and apologises sincerely."),
        new("empathy", 1, "Ignores the guest and blames the kitchen."),
        new("cost", 3, "Compares the price of two suppliers."),
        new("", 0, "A guest complains that her dish is late. What do you do?"),
        new("empathy", 5, "Says sorry to the customer."),
    ];

    private static readonly WrittenAnswer Written =
        new(MediaRange.At(MediaTime.FromSeconds(40)), "s", "q", 1, "I say sorry to the customer. Then I compare prices of vegetables!");

    private readonly ObservationList _list = new();

    [Fact]
    public async Task Each_sentence_is_compared_with_each_anchor_in_one_order()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);

        await AnalyzeAsync(Anchors);
        await AnalyzeAsync([.. Anchors.Reverse()]);

        var all = _list.Of<AnchorSimilarity>();
        var once = all.Take(8).ToList();
        once.Select(s => (s.SentenceIndex, s.CompetencyId, s.Level)).ShouldBe(
            [(0, "", 0), (0, "cost", 3), (0, "empathy", 1), (0, "empathy", 5), (1, "", 0), (1, "cost", 3), (1, "empathy", 1), (1, "empathy", 5)]);
        all.Skip(8).ShouldBe(once);
        once.ShouldAllBe(s => s.Range == Written.Range && s.Cosine == Math.Round(s.Cosine, 6) && s.Model!.Id == "minilm-l6-en");
        once.ShouldAllBe(s => s.SentenceHash == AnswerText.Sentences(Written)[s.SentenceIndex].ComputeHash());
        Cosine(once, 0, "empathy", 5).ShouldBeGreaterThan(0.9);
        Cosine(once, 0, "empathy", 5).ShouldBeGreaterThan(Cosine(once, 0, "cost", 3) + 0.3);
        Cosine(once, 1, "cost", 3).ShouldBeGreaterThan(Cosine(once, 1, "empathy", 5) + 0.2);
    }

    [Fact]
    public async Task What_is_known_is_not_written_again()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        await AnalyzeAsync(Anchors);
        var undisturbed = _list.All;

        await AnalyzeAsync(Anchors, new KnownObservations(undisturbed.Take(5)));

        _list.All.Skip(undisturbed.Count).ShouldBe(undisturbed.Skip(5));
    }

    [Fact]
    public async Task A_sentence_that_was_heard_with_other_words_is_compared_again()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        await AnalyzeAsync(Anchors);
        var before = _list.All;
        var heardAgain = AnswerWith(Anchors) with { Sentences = AnswerText.Sentences(Written with { Text = Written.Text.Replace("sorry", "hello", StringComparison.Ordinal) }) };

        await new AnswerTextAnalyzer(models.Encoder, "en").AnalyzeAsync(heardAgain, _list, new KnownObservations(before), RequestClass.Deferred, CancellationToken.None);

        _list.Of<AnchorSimilarity>().Skip(before.Count).Select(s => s.SentenceIndex).ShouldBe([0, 0, 0, 0]);
        AnswerText.OfStanding(_list.Of<AnchorSimilarity>(), heardAgain.Sentences).ShouldBe(_list.Of<AnchorSimilarity>().Skip(4), ignoreOrder: true);
    }

    [Fact]
    public async Task A_language_without_an_encoder_is_stated_and_nothing_is_invented()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        var analyzer = new AnswerTextAnalyzer(models.Encoder, "zh");

        await analyzer.AnalyzeAsync(AnswerWith(Anchors), _list, KnownObservations.None, RequestClass.Deferred, CancellationToken.None);

        _list.All.ShouldHaveSingleItem().ShouldBe(new NotAnalysed(Written.Range, Modality.Text, "no model for zh"));
    }

    [Fact]
    public async Task An_answer_without_sentences_or_anchors_says_nothing()
    {
        var analyzer = new AnswerTextAnalyzer(null, "en");

        await analyzer.AnalyzeAsync(AnswerWith([]), _list, KnownObservations.None, RequestClass.Deferred, CancellationToken.None);
        await analyzer.AnalyzeAsync(AnswerWith(Anchors) with { Sentences = [] }, _list, KnownObservations.None, RequestClass.Deferred, CancellationToken.None);

        _list.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Anchors_are_encoded_once_for_all_interviews_of_a_plan_with_the_same_result()
    {
        Assert.SkipUnless(models.Available, PreparedModelsFixture.SkipReason);
        var embeddings = new AnchorEmbeddings();
        var texts = Anchors.Select(anchor => anchor.Text).ToList();
        var asked = new List<string>();
        async Task<IReadOnlyList<Perception.Language.SentenceEmbedding>> EncodeAsync(IReadOnlyList<string> wanted, RequestClass requestClass, CancellationToken token)
        {
            asked.AddRange(wanted);
            return await models.Encoder.EncodeManyAsync(wanted, requestClass, token);
        }

        var first = await embeddings.GetAsync(texts, EncodeAsync, RequestClass.Deferred, CancellationToken.None);
        var second = await embeddings.GetAsync([.. texts, "One more."], EncodeAsync, RequestClass.Deferred, CancellationToken.None);

        asked.ShouldBe([.. texts, "One more."]);
        var alone = await models.Encoder.EncodeManyAsync([.. texts, "One more."], RequestClass.Deferred, CancellationToken.None);
        second.Select(e => e.Values.ToArray()).ShouldBe(alone.Select(e => e.Values.ToArray()));
        second.Take(texts.Count).ShouldBe(first);
    }

    private static Answer AnswerWith(IReadOnlyList<AnchorText> anchors) => new("q", 1, Written.Range, AnswerText.Sentences(Written), anchors);

    private static double Cosine(IEnumerable<AnchorSimilarity> similarities, int sentence, string competency, int level) =>
        similarities.Single(s => s.SentenceIndex == sentence && s.CompetencyId == competency && s.Level == level).Cosine;

    private async Task AnalyzeAsync(IReadOnlyList<AnchorText> anchors, KnownObservations? known = null) =>
        await new AnswerTextAnalyzer(models.Encoder, "en").AnalyzeAsync(AnswerWith(anchors), _list, known ?? KnownObservations.None, RequestClass.Deferred, CancellationToken.None);
}
