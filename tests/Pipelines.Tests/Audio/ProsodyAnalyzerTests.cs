using MediaScore.Pipelines.Audio;
using MediaScore.TestMedia;

namespace MediaScore.Pipelines.Tests.Audio;

public class ProsodyAnalyzerTests
{
    private readonly ProsodyAnalyzer _analyzer = new();

    [Theory]
    [InlineData(65)]
    [InlineData(82.4)]
    [InlineData(110)]
    [InlineData(150)]
    [InlineData(220)]
    [InlineData(311)]
    [InlineData(390)]
    public void Pitch_is_right_to_two_percent(double pitchHz)
    {
        var voice = _analyzer.Measure(Sounds.Voice(pitchHz, 1));
        var sine = _analyzer.Measure(Tones.Sine(pitchHz, Sounds.Rate, 1));

        voice.PitchHz.ShouldNotBeNull().ShouldBe(pitchHz, pitchHz * 0.02);
        sine.PitchHz.ShouldNotBeNull().ShouldBe(pitchHz, pitchHz * 0.02);
        voice.PitchRangeSemitones.ShouldNotBeNull().ShouldBeLessThan(0.2);
    }

    [Fact]
    public void Pitch_is_right_in_noise_and_without_its_fundamental()
    {
        var voice = Sounds.Voice(130, 2);
        var fundamental = Tones.Sine(130, Sounds.Rate, 2, 0.2);
        var noise = Sounds.WhiteNoise(2, 4, 0.05);
        var telephone = voice.Select((sample, i) => sample - fundamental[i] + noise[i]).ToArray();

        _analyzer.Measure(telephone).PitchHz.ShouldNotBeNull().ShouldBe(130, 2.6);
    }

    [Fact]
    public void The_range_of_a_glide_over_one_octave_is_four_fifths_of_it()
    {
        _analyzer.Measure(Sounds.Voice(100, 3, glideSemitonesPerSecond: 4)).PitchRangeSemitones.ShouldNotBeNull().ShouldBe(9.6, 0.4);
    }

    [Fact]
    public void Noise_has_no_pitch_and_no_syllables()
    {
        var measures = _analyzer.Measure(Sounds.WhiteNoise(2, 1));

        measures.PitchHz.ShouldBeNull();
        measures.SyllablesPerSecond.ShouldBe(0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3.5)]
    [InlineData(5)]
    [InlineData(6)]
    public void Syllables_are_counted_to_one_in_ten(double rateHz)
    {
        _analyzer.Measure(Sounds.Syllables(rateHz, 6)).SyllablesPerSecond.ShouldBe(rateHz, rateHz * 0.1);
    }

    [Fact]
    public void A_held_vowel_is_one_syllable()
    {
        _analyzer.Measure(Sounds.Voice(120, 2)).SyllablesPerSecond.ShouldBe(0.5, 0.05);
    }

    [Fact]
    public void Pauses_of_200_ms_count_and_shorter_ones_do_not()
    {
        var voice = Sounds.Syllables(4, 1);

        var paused = _analyzer.Measure(Sounds.Join(voice, Sounds.Silence(0.5), voice, Sounds.Silence(0.1), voice));

        paused.InnerPauseShare.ShouldBe(0.5 / 3.6, 0.03);
        paused.SyllablesPerSecond.ShouldBe(12 / 3.1, 0.3);
    }

    [Fact]
    public void Loudness_is_that_of_the_voiced_frames()
    {
        // A sine of amplitude 0.1 has a mean square of 0.005.
        var measures = _analyzer.Measure(Sounds.Join(Tones.Sine(200, Sounds.Rate, 1, 0.1), Sounds.Silence(1)));

        measures.LoudnessDbfs.ShouldBe(-23, 0.5);
    }

    [Fact]
    public void Next_to_nothing_has_measures_too()
    {
        _analyzer.Measure([]).PitchHz.ShouldBeNull();
        _analyzer.Measure(new float[100]).SyllablesPerSecond.ShouldBe(0);
        _analyzer.Measure(new float[400]).LoudnessDbfs.ShouldBe(Decibels.Floor);
    }

    [Theory]
    [InlineData("Um, I think, uh, we should.", 2, 4)]
    [InlineData("Well, you know, it was hard.", 1, 4)]
    [InlineData("Do you know the answer?", 0, 5)]
    [InlineData("It was, like, five people.", 1, 4)]
    [InlineData("I like it, like him.", 0, 5)]
    [InlineData("It was hard, you know.", 1, 3)]
    [InlineData("- Hmm... Er, no!", 2, 1)]
    [InlineData("", 0, 0)]
    public void Fillers_are_counted_and_left_out_of_the_words(string text, int fillers, int words)
    {
        FillerWords.Count(text).ShouldBe((fillers, words));
    }
}
