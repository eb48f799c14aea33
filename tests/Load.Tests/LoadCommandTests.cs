using MediaScore.Load.Results;
using MediaScore.TestMedia;

namespace MediaScore.Load.Tests;

/// <summary>Small real runs, as <c>make load</c> makes them: a server of its own, real sound, both ways in. Nothing here looks at a time.</summary>
public sealed class LoadCommandTests : IDisposable
{
    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("load-run-");

    [Theory]
    [InlineData("grpc")]
    [InlineData("webrtc")]
    public async Task Two_interviews_give_a_whole_row_and_lose_no_sound(string transport)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var output = new StringWriter();
        await using var progress = new StringWriter();

        // The machine that tests may be full of other things, which is no reason to refuse two.
        var status = await new LoadCommand(output, TextWriter.Synchronized(progress), TimeProvider.System).RunAsync(
            ["--transport", transport, "--interviews", "2", "--ramp", "1", "--warm-up", "5", "--seconds", "10", "--json", "--output", _output.FullName, "--set", "Admission:JudgeLoad=false", "--set", "Admission:MinFreeDiskMiB=1"],
            cancellation);

        status.ShouldBe(0, progress.ToString());
        var row = await LoadJson.ReadAsync(_output.FullName, cancellation);
        output.ToString().Trim().ShouldBe(LoadJson.Line(row));
        var (driver, server) = (row.Driver, row.Server);
        (driver.Started, driver.Refused, driver.Failed).ShouldBe((2, 0, 0), string.Join("; ", driver.Failures.Keys));
        // Fifteen seconds of two candidates at 50 packets a second.
        driver.AudioPacketsSent.ShouldBeGreaterThan(1000);
        driver.AudioPacketsLost.ShouldBe(0);
        driver.VideoFramesSent.ShouldBeGreaterThan(100);
        driver.VideoFramesLost.ShouldBe(0);
        driver.UtterancesSpoken.ShouldBeGreaterThan(0);
        driver.CaptionsMissing.ShouldBe(0);
        driver.CaptureToDurable.Count.ShouldBeGreaterThan(0);
        driver.SendLag.Count.ShouldBeGreaterThan(0);
        server.Models.ShouldContain(m => m.Model == "silero-vad" && m.Runs > 0);
        server.Stages.Sum(s => s.CpuMsPerInterviewSecond).ShouldBe(server.CpuMsPerInterviewSecond, server.CpuMsPerInterviewSecond * 0.1);
        server.Memory.MaxMiB.ShouldBeGreaterThan(100);
        server.Collections.AllocatedBytesPerSecond.ShouldBeGreaterThan(0);
        row.Environment.Models.ShouldNotBeEmpty();
        var report = await File.ReadAllTextAsync(Path.Combine(_output.FullName, "report.html"), cancellation);
        report.ShouldContain("<svg");
        report.ShouldContain($"2 interviews over {(transport == "grpc" ? "gRPC" : "WebRTC")}");
        new FileInfo(Path.Combine(_output.FullName, "latency.hlog")).Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Two_face_terminals_alone_give_a_row_of_decisions_about_whom_they_show()
    {
        Assert.SkipWhen(FacePicture.Astronaut is null, FacePicture.SkipReason);
        var cancellation = TestContext.Current.CancellationToken;
        var (folder, row) = (_output.CreateSubdirectory("faces/1001").FullName, _output.CreateSubdirectory("row").FullName);
        foreach (var (view, index) in new[] { "scale=480:-2", "scale=480:-2,eq=brightness=0.06" }.Select((view, index) => (view, index)))
            await Ffmpeg.RunAsync(["-i", FacePicture.Astronaut, "-vf", view, "-frames:v", "1", "-q:v", "3", "-pix_fmt", "yuvj420p", "-y", Path.Combine(folder, $"{index}.jpg")], []);
        await using var progress = new StringWriter();

        var status = await new LoadCommand(TextWriter.Null, TextWriter.Synchronized(progress), TimeProvider.System).RunAsync(
            ["--interviews", "0", "--warm-up", "4", "--seconds", "8", "--terminals", "2", "--terminal-rate", "4", "--faces", Path.GetDirectoryName(folder)!, "--output", row, "--set", "Admission:MinFreeDiskMiB=1"],
            cancellation);

        status.ShouldBe(0, progress.ToString());
        var terminals = (await LoadJson.ReadAsync(row, cancellation)).Driver.Terminals.ShouldNotBeNull();
        (terminals.Count, terminals.People, terminals.PeopleEnrolled).ShouldBe((2, 1, 1));
        terminals.FramesAnswered.ShouldBeGreaterThan(10);
        terminals.Frames.Values.Sum().ShouldBeGreaterThan(10);
        terminals.Reconnects.ShouldBe(0);
        terminals.TakenForAnother.ShouldBe(0);
        (await File.ReadAllTextAsync(Path.Combine(row, "report.html"), cancellation)).ShouldContain("What the face terminals saw");
    }

    [Fact]
    public async Task Help_names_every_option_and_ends_well()
    {
        await using var output = new StringWriter();

        (await new LoadCommand(output, TextWriter.Null, TimeProvider.System).RunAsync(["--help"], TestContext.Current.CancellationToken)).ShouldBe(0);

        foreach (var option in (string[])["--transport", "--interviews", "--seconds", "--scenario", "--sweep", "--repeat", "--find-knee", "--table", "--json", "--terminals", "--faces"])
            output.ToString().ShouldContain(option);
    }

    [Fact]
    public async Task A_word_that_is_not_known_is_refused_with_the_usage() =>
        (await Should.ThrowAsync<FormatException>(() => new LoadCommand(TextWriter.Null, TextWriter.Null, TimeProvider.System).RunAsync(["--interview", "3"], TestContext.Current.CancellationToken)))
            .Message.ShouldContain("--interviews");

    public void Dispose() => _output.Delete(recursive: true);
}
