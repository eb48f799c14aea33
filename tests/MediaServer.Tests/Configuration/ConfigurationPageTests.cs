using MediaScore.MediaServer.Configuration;
using MediaScore.TestMedia;

namespace MediaScore.MediaServer.Tests.Configuration;

public sealed class ConfigurationPageTests
{
    [Fact]
    public void The_page_in_the_repository_is_the_one_that_the_options_give()
    {
        var page = File.ReadAllText(Path.Combine(SharedTestData.RepositoryRoot, "docs", "configuration.md"));

        page.ShouldBe(ConfigurationPage.Write(), "Run: ./mediascore configuration-page > docs/configuration.md");
    }

    [Fact]
    public void Every_fault_of_the_server_options_is_named_at_once()
    {
        var options = new ServerOptions { Address = "localhost", HttpPort = 70_000, GrpcPort = 70_000, PublicUrl = "ftp://x", DefaultRecognizer = "best" };

        var result = new ServerOptionsValidator().Validate(null, options);

        result.Failures!.Count().ShouldBe(6);
        foreach (var words in new[] { "Server:Address is 'localhost'", "Server:HttpPort is '70000'", "between 0 and 65535", "are both 70000", "Server:PublicUrl", "Server:DefaultRecognizer" })
            result.FailureMessage!.ShouldContain(words);
    }

    [Fact]
    public void The_options_as_they_are_shipped_are_valid() =>
        new ServerOptionsValidator().Validate(null, new ServerOptions()).Succeeded.ShouldBeTrue();
}
