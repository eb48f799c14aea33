using System.Text;
using MediaScore.Perception.Speech;

namespace MediaScore.Perception.Tests.Speech;

public sealed class MoonshineTokenizerTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.txt");

    [Fact]
    public void Word_marks_become_spaces_and_the_text_is_trimmed() => Load("▁He", "llo", "▁there", ",").Decode([3, 4, 6, 5]).ShouldBe("Hello, there");

    [Fact]
    public void Bytes_in_a_row_make_one_character() => Load("<0xC3>", "<0xA9>", "▁caf").Decode([5, 3, 4]).ShouldBe("café");

    [Fact]
    public void Bytes_that_are_no_character_become_the_replacement_mark() => Load("<0xC3>", "▁a").Decode([4, 3, 4]).ShouldBe("a\uFFFD a");

    [Fact]
    public void Marks_and_ids_beyond_the_vocabulary_say_nothing() => Load("▁a").Decode([0, 1, 3, 2, 4, 32_767]).ShouldBe("a");

    [Fact]
    public void A_piece_keeps_its_space() => Load("▁a").Piece(3).ShouldBe(" a");

    [Fact]
    public void A_piece_that_looks_like_a_line_end_does_not_shift_the_ids() => Load("a\u2028b", "c").Decode([4]).ShouldBe("c");

    [Fact]
    public void A_file_that_is_no_vocabulary_is_refused_by_name()
    {
        File.WriteAllText(_path, "[PAD]\n[unused0]\n[unused1]\n[unused2]\n");

        Should.Throw<InvalidDataException>(() => MoonshineTokenizer.Load(_path)).Message.ShouldContain(_path);
    }

    [Fact]
    public void The_real_vocabulary_reads_what_the_model_writes()
    {
        var tokenizer = MoonshineTokenizer.Load(PreparedModelFiles.Require("llama-vocabulary", "vocabulary.txt"));

        // "▁Hello", "▁world", "!" in Llama 1's vocabulary.
        tokenizer.Decode([15043, 3186, 29991]).ShouldBe("Hello world!");
    }

    public void Dispose() => File.Delete(_path);

    private MoonshineTokenizer Load(params string[] pieces)
    {
        File.WriteAllText(_path, string.Join('\n', ["<unk>", "<s>", "</s>", .. pieces]), Encoding.UTF8);
        return MoonshineTokenizer.Load(_path);
    }
}
