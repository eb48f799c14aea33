using MediaScore.Load.Scenarios;
using MediaScore.Load.Tests.Clients;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.Load.Tests.Scenarios;

/// <summary>Of <see cref="Scene"/>: "one two" from 2 to 4 s, "three" from 6 to 9 s.</summary>
public sealed class SpokenWordsTests
{
    private readonly SpokenWords _words = new();
    private readonly Scene _scene = new();

    [Fact]
    public void Each_utterance_is_compared_with_what_was_heard_while_it_was_said()
    {
        var lines = _words.Add(0, _scene.Ledger.Close(TimeSpan.FromSeconds(10)), [Text(1.9, 3, "one"), Text(3.1, 4.2, "too"), Text(5.9, 9.1, "three")]);

        lines.Select(line => line.Heard).ShouldBe(["one too", "three"]);
        (_words.Errors.Errors, _words.Errors.ReferenceWords, _words.Invented).ShouldBe((1, 3, 0));
    }

    [Fact]
    public void Words_in_a_pause_are_added_words()
    {
        var lines = _words.Add(0, _scene.Ledger.Close(TimeSpan.FromSeconds(10)), [Text(1.9, 4.2, "one two"), Text(4.8, 5.5, "thank you"), Text(5.9, 9.1, "three")]);

        (_words.Errors.Insertions, _words.Errors.ReferenceWords, _words.Invented).ShouldBe((2, 3, 2));
        lines[^1].Heard.ShouldBe("thank you");
        lines[^1].Said.ShouldBeEmpty();
    }

    [Fact]
    public void Words_of_an_utterance_that_was_cut_are_nobodys()
    {
        _words.Add(0, _scene.Ledger.Close(TimeSpan.FromSeconds(8)), [Text(1.9, 4.2, "one two"), Text(5.9, 8, "thr")]);

        (_words.Errors.Errors, _words.Errors.ReferenceWords).ShouldBe((0, 2));
    }

    private static Utterance Text(double start, double end, string text) => new() { StartUs = (long)(start * 1e6), EndUs = (long)(end * 1e6), Text = text };
}
