using System.Text.Json;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

/// <summary>The main job: a recorded interview goes in, and a report comes out that a person can check against the recording.</summary>
public sealed class InterviewTests(ITestOutputHelper output)
{
    private static readonly string Plan = Path.Combine(SharedTestData.RepositoryRoot, "plans", "store-manager.yaml");

    [Fact]
    public async Task An_interview_becomes_a_report_whose_quotes_were_said_and_whose_bytes_can_be_made_again()
    {
        using var scratch = new ScratchFolder();
        var file = await SpokenInterview.MakeAsync(scratch["media"]);

        var run = (await CommandLine.RunAsync("interview", file, "--plan", Plan, "--speed", "max", "--json", "--stats", "--data", scratch["data"], "--models", SharedTestData.PreparedModels)).ShouldSucceed();
        var id = run.Event("report").GetProperty("interview").GetString()!;
        var json = (await CommandLine.RunAsync("report", id, "--json", "--data", scratch["data"])).ShouldSucceed().Output;
        var page = (await CommandLine.RunAsync("report", id, "--html", "--data", scratch["data"])).ShouldSucceed().Output;
        var replay = await CommandLine.RunAsync("replay", id, "--json", "--data", scratch["data"]);

        var heard = WordErrorRate.Of(SpokenInterview.FirstAnswer + " " + SpokenInterview.SecondAnswer, Captions(run));
        output.WriteLine($"captions against what was spoken: {heard}");
        heard.Rate.ShouldBeLessThan(0.3);
        var report = JsonDocument.Parse(json).RootElement;
        Quotes(report).ShouldNotBeEmpty();
        foreach (var quote in Quotes(report))
            (SpokenInterview.WrittenAnswer + " " + Captions(run)).ShouldContain(quote);
        page.ShouldContain("<svg");
        page.ShouldContain("<html lang=\"en\"");
        replay.ExitCode.ShouldBe(0, replay.Output + replay.Error);
    }

    [Fact]
    public async Task An_answer_in_a_language_without_a_model_is_not_assessed_and_says_so()
    {
        using var scratch = new ScratchFolder();
        var file = await SpokenInterview.MakeAsync(scratch["media"]);

        var run = (await CommandLine.RunAsync(
            "interview", file, "--plan", Plan, "--language", "zh", "--speed", "max", "--json", "--data", scratch["data"], "--models", SharedTestData.PreparedModels)).ShouldSucceed();
        var id = run.Event("report").GetProperty("interview").GetString()!;
        var json = (await CommandLine.RunAsync("report", id, "--json", "--data", scratch["data"])).ShouldSucceed().Output;

        json.ShouldContain("no model for zh");
        Captions(run).ShouldBe("");
        Quotes(JsonDocument.Parse(json).RootElement).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_stages_file_the_whole_recording_answers_the_first_question_and_it_is_said()
    {
        using var scratch = new ScratchFolder();
        var file = await SpokenInterview.MakeAsync(scratch["media"]);
        File.Delete(file + ".stages.yaml");

        var run = (await CommandLine.RunAsync("interview", file, "--plan", Plan, "--speed", "max", "--json", "--data", scratch["data"], "--models", SharedTestData.PreparedModels)).ShouldSucceed();

        run.JsonLines.Where(l => l.GetProperty("event").GetString() == "note").Select(l => l.GetProperty("note").GetString()!).ShouldContain(n => n.Contains("late-dish-response"));
    }

    private static string Captions(CommandResult run) => string.Join(
        ' ', run.JsonLines.Where(l => l.GetProperty("event").GetString() == "caption").OrderBy(l => l.GetProperty("start").GetDouble()).Select(l => l.GetProperty("text").GetString()));

    private static List<string> Quotes(JsonElement report) =>
    [
        .. from stage in report.GetProperty("stages").EnumerateArray()
           from question in stage.GetProperty("questions").EnumerateArray()
           from rating in question.GetProperty("ratings").EnumerateArray()
           from quote in rating.GetProperty("quotes").EnumerateArray()
           select quote.GetProperty("text").GetString()!,
    ];
}
