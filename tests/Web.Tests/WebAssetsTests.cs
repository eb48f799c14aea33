using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaScore.Web.Tests;

/// <summary>The files of the pages, over HTTP.</summary>
public sealed partial class WebAssetsTests
{
    [Fact]
    public async Task Every_file_is_served_with_its_type_and_may_be_kept_for_ever()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };

        WebAssets.Paths.Count.ShouldBeGreaterThan(20);
        foreach (var path in WebAssets.Paths)
        {
            using var answer = await client.GetAsync(WebAssets.Url(path));

            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(Path.GetExtension(path) switch { ".js" => "text/javascript", ".css" => "text/css", ".json" => "application/json", _ => "image/svg+xml" });
            answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        }
    }

    [Fact]
    public async Task A_page_of_another_build_gets_todays_files_and_does_not_keep_them()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };

        using var old = await client.GetAsync("/assets/0000000000000000/base.css");
        using var missing = await client.GetAsync("/assets/0000000000000000/../../appsettings.json");

        old.StatusCode.ShouldBe(HttpStatusCode.OK);
        old.Headers.CacheControl!.NoStore.ShouldBeTrue();
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Every_module_that_another_imports_is_there() =>
        (from path in WebAssets.Paths
         where path.EndsWith(".js", StringComparison.Ordinal)
         from Match import in Import().Matches(Encoding.UTF8.GetString(WebAssets.Read(path)))
         let target = new Uri(new Uri("http://assets/" + path), import.Groups["path"].Value).AbsolutePath[1..]
         where !WebAssets.Paths.Contains(target)
         select $"{path} -> {target}").ShouldBeEmpty();

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapWebAssets();
        await app.StartAsync();
        return app;
    }

    [GeneratedRegex("""^import .* from "(?<path>[^"]+)";$""", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Import();
}
