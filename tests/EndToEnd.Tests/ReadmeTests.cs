using System.Text.RegularExpressions;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

/// <summary>Every command that the README shows exists. (That they work is shown by the other tests and by make test itself.)</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(SharedTestData.RepositoryRoot, "README.md"));

    [Fact]
    public void Every_make_target_of_the_README_is_in_the_Makefile()
    {
        var makefile = File.ReadAllText(Path.Combine(SharedTestData.RepositoryRoot, "Makefile"));

        var targets = MakeCommand().Matches(Readme).Select(m => m.Groups[1].Value).Distinct().ToList();

        targets.ShouldContain("run");
        targets.ShouldContain("test");
        targets.ShouldAllBe(t => Regex.IsMatch(makefile, $"^{Regex.Escape(t)}:", RegexOptions.Multiline));
    }

    [Fact]
    public async Task Every_mediascore_command_of_the_README_answers_to_help()
    {
        var commands = MediascoreCommand().Matches(Readme).Select(m => m.Groups[1].Value).Distinct().ToList();

        commands.ShouldContain("interview");
        foreach (var command in commands)
            (await CommandLine.RunAsync(command, "--help")).ShouldSucceed();
    }

    [Fact]
    public async Task Every_device_and_people_command_of_the_documentation_answers_to_help_and_has_the_options_that_are_shown()
    {
        var pages = Directory.GetFiles(Path.Combine(SharedTestData.RepositoryRoot, "docs", "operations"), "*.md").Select(File.ReadAllText).Append(Readme);
        var shown = (from page in pages
                     from Match line in BranchCommand().Matches(page)
                     from option in OptionName().Matches(line.Groups[3].Value).Select(option => option.Value).DefaultIfEmpty("--help")
                     select (Command: $"{line.Groups[1].Value} {line.Groups[2].Value}", Option: option)).ToLookup(one => one.Command, one => one.Option);

        foreach (var command in new[] { "device simulate", "device approve", "device events", "device tell", "people import", "people consent" })
            shown.Select(one => one.Key).ShouldContain(command);
        foreach (var command in shown)
        {
            var help = await CommandLine.RunAsync([.. command.Key.Split(' '), "--help"]);
            help.ShouldSucceed();
            command.Distinct().ShouldAllBe(option => help.Output.Contains(option, StringComparison.Ordinal), command.Key);
        }
    }

    [Fact]
    public void Every_file_that_the_README_links_is_there() =>
        Link().Matches(Readme).Select(m => m.Groups[1].Value).Where(l => !l.StartsWith("http", StringComparison.Ordinal))
            .Where(l => !Path.Exists(Path.Combine(SharedTestData.RepositoryRoot, l)))
            .ShouldBeEmpty();

    [GeneratedRegex(@"(?m)^make ([a-z-]+)")]
    private static partial Regex MakeCommand();

    [GeneratedRegex(@"(?m)^\./mediascore ([a-z]+)")]
    private static partial Regex MediascoreCommand();

    // In a block, or between back-quotes in a sentence.
    [GeneratedRegex(@"(?m)(?:^ *|`)(?:\./)?mediascore (device|people) ([a-z]+)([^#`\n]*)")]
    private static partial Regex BranchCommand();

    [GeneratedRegex(@"--[a-z-]+")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
