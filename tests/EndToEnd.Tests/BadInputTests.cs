using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

/// <summary>Files and plans that are not what they should be: each works, or says what is wrong and what to do.</summary>
public sealed class BadInputTests
{
    private static readonly string Plan = Path.Combine(SharedTestData.RepositoryRoot, "plans", "store-manager.yaml");

    [Fact]
    public async Task A_text_file_named_mp4_is_told_from_a_video()
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllTextAsync(scratch["notes.mp4"], "These are my notes of the interview, not the interview.\n");

        await ShouldBeRefusedAsync(scratch, scratch["notes.mp4"], "notes.mp4", "FFmpeg");
    }

    [Fact]
    public async Task An_empty_file_is_said_to_be_empty()
    {
        using var scratch = new ScratchFolder();
        await File.WriteAllBytesAsync(scratch["empty.mp4"], []);

        await ShouldBeRefusedAsync(scratch, scratch["empty.mp4"], "empty.mp4", "empty");
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        using var scratch = new ScratchFolder();

        await ShouldBeRefusedAsync(scratch, scratch["absent.mp4"], "absent.mp4");
    }

    [Fact]
    public async Task A_video_without_sound_gives_a_report_that_assesses_nothing_spoken()
    {
        using var scratch = new ScratchFolder();
        await MakeAsync(scratch["silent.mp4"], "-f lavfi -i testsrc=size=320x240:rate=15:duration=3 -c:v libx264 -pix_fmt yuv420p");

        var result = (await InterviewAsync(scratch, scratch["silent.mp4"])).ShouldSucceed();

        result.Output.ShouldContain("no sound");
        (await ReportAsync(scratch, result)).ShouldContain("\"notAssessed\"");
    }

    [Fact]
    public async Task Sound_without_video_works()
    {
        using var scratch = new ScratchFolder();
        await MakeAsync(scratch["voice.wav"], "-f lavfi -i sine=frequency=300:duration=2 -ac 1 -ar 16000");

        (await InterviewAsync(scratch, scratch["voice.wav"])).ShouldSucceed();
    }

    [Theory]
    [InlineData("one-sample.wav", "-f lavfi -i sine=frequency=300:sample_rate=16000 -frames:a 1 -af atrim=end_sample=1 -ac 1")]
    [InlineData("telephone.wav", "-f lavfi -i sine=frequency=300:duration=2:sample_rate=8000 -ac 1")]
    [InlineData("surround.wav", "-f lavfi -i sine=frequency=300:duration=2:sample_rate=48000 -af pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0")]
    public async Task Sound_of_any_shape_is_taken_and_words_are_not_invented(string name, string arguments)
    {
        using var scratch = new ScratchFolder();
        await MakeAsync(scratch[name], arguments);

        var result = (await CommandLine.RunAsync("transcribe", scratch[name], "--json", "--data", scratch["data"], "--models", SharedTestData.PreparedModels)).ShouldSucceed();

        result.JsonLines.Single(l => l.TryGetProperty("file", out _)).GetProperty("text").GetString().ShouldBe("");
    }

    [Fact]
    public async Task A_video_in_4K_is_scaled_down_on_the_way()
    {
        using var scratch = new ScratchFolder();
        await MakeAsync(scratch["large.mp4"], "-f lavfi -i testsrc=size=3840x2160:rate=5:duration=2 -f lavfi -i sine=frequency=300:duration=2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac");

        (await InterviewAsync(scratch, scratch["large.mp4"])).ShouldSucceed();
    }

    [Fact]
    public async Task Every_fault_of_a_plan_is_told_at_once_with_its_line()
    {
        using var scratch = new ScratchFolder();
        await MakeAsync(scratch["voice.wav"], "-f lavfi -i sine=frequency=300:duration=1 -ac 1");
        var plan = (await File.ReadAllTextAsync(Plan))
            .Replace("    mode: video", "    mode: video\n    colour: red", StringComparison.Ordinal)
            .Replace("    next: end", "    next: late-dish", StringComparison.Ordinal);
        await File.WriteAllTextAsync(scratch["bad.yaml"], plan);

        var result = await CommandLine.RunAsync("interview", scratch["voice.wav"], "--plan", scratch["bad.yaml"], "--speed", "max", "--data", scratch["data"], "--models", SharedTestData.PreparedModels);

        result.ExitCode.ShouldNotBe(0);
        var told = result.Error + result.Output;
        told.ShouldContain("colour");
        told.ShouldContain("line");
        told.ShouldContain("late-dish");
    }

    private static async Task ShouldBeRefusedAsync(ScratchFolder scratch, string file, params string[] words)
    {
        var result = await InterviewAsync(scratch, file);

        result.ExitCode.ShouldNotBe(0);
        foreach (var word in words)
            (result.Error + result.Output).ShouldContain(word, Case.Insensitive);
        Directory.Exists(scratch["data"]).ShouldBeFalse("a file that cannot be read must not create an interview");
    }

    private static Task<CommandResult> InterviewAsync(ScratchFolder scratch, string file) => CommandLine.RunAsync(
        "interview", file, "--plan", Plan, "--speed", "max", "--json", "--data", scratch["data"], "--models", SharedTestData.PreparedModels);

    private static async Task<string> ReportAsync(ScratchFolder scratch, CommandResult interview) =>
        (await CommandLine.RunAsync("report", interview.Event("report").GetProperty("interview").GetString()!, "--json", "--data", scratch["data"])).ShouldSucceed().Output;

    private static Task MakeAsync(string path, string arguments) => Ffmpeg.RunAsync([.. arguments.Split(' '), "-y", path], []);
}
