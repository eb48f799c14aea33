using MediaScore.Load.Words;

namespace MediaScore.Load.Tests.Words;

public sealed class WordReferenceTests : IDisposable
{
    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("load-words-");

    [Fact]
    public void A_sentence_is_compared_with_what_the_same_speaker_was_heard_to_say()
    {
        var reference = new WordReference("one", [Line("a", "one two three", "one too three"), Line("b", "one two three", "one two free"), Line("a", "four", "")]);

        reference.Compare(Line("a", "one two three", "one too three") with { Interview = 7 });
        reference.Compare(Line("b", "one two three", "one two three four") with { Interview = 7 });
        reference.Compare(Line("a", "four", "four") with { Interview = 7 });
        reference.Compare(Line("c", "one two three", "never heard there") with { Interview = 7 });

        var comparison = reference.Comparison;
        (comparison.Sentences, comparison.SentencesChanged, comparison.Words, comparison.WordsChanged, comparison.ReferenceVaries).ShouldBe((3, 2, 6, 3, 0));
        reference.Changes.ShouldBe(["b\tone two three\tone two free\tone two three four", "a\tfour\t\tfour"]);
    }

    [Fact]
    public void Either_of_two_readings_of_the_reference_is_as_before()
    {
        var reference = new WordReference("one", [Line("a", "one two", "one two"), Line("a", "one two", "one too")]);

        reference.Compare(Line("a", "one two", "one too") with { Interview = 7 });
        reference.Compare(Line("a", "one two", "one two") with { Interview = 7 });

        (reference.Comparison.WordsChanged, reference.Comparison.ReferenceVaries).ShouldBe((0, 1));
    }

    [Fact]
    public void The_same_sentence_at_the_same_time_of_the_same_interview_is_told_by_itself()
    {
        var reference = new WordReference("one", [Line("a", "one two", "one two"), Line("a", "one two", "one too") with { Interview = 1, StartSeconds = 9.125 }]);

        reference.Compare(Line("a", "one two", "one two"));
        reference.Compare(Line("a", "one two", "one two") with { Interview = 1, StartSeconds = 9.1251 });
        reference.Compare(Line("a", "one two", "won two") with { Interview = 2 });

        var comparison = reference.Comparison;
        (comparison.InPlace, comparison.InPlaceWords, comparison.InPlaceWordsChanged).ShouldBe((2, 4, 1));
        comparison.WordsChanged.ShouldBe(1);
    }

    [Fact]
    public void Lines_come_back_from_their_file_as_they_were_written()
    {
        UtteranceLine[] lines = [Line("a", "one two", "one two") with { CaptionMs = 677 }, Line("b", "three", "") with { Rejected = "noise" }];
        File.WriteAllLines(Path.Combine(_output.FullName, UtteranceLine.FileName), [UtteranceLine.Header, .. lines.Select(line => line.ToString())]);

        UtteranceLine.Read(_output.FullName).ShouldBe(lines);
    }

    [Fact]
    public void A_file_of_another_format_is_an_error_that_names_it()
    {
        File.WriteAllText(Path.Combine(_output.FullName, UtteranceLine.FileName), "interview\tstart_s\n");

        Should.Throw<InvalidDataException>(() => WordReference.Load(_output.FullName)).Message.ShouldContain(UtteranceLine.FileName);
    }

    public void Dispose() => _output.Delete(recursive: true);

    private static UtteranceLine Line(string speaker, string said, string heard) => new(0, speaker, 1.5, 2.25, null, 0, said, heard, "");
}
