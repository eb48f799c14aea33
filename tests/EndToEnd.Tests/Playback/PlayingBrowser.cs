using System.Text.Json;
using MediaScore.EndToEnd.Tests.Candidate;
using MediaScore.TestMedia;
using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Playback;

/// <summary>The system's Chromium on a page of the clips' server.</summary>
internal sealed class PlayingBrowser : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly string Player = File.ReadAllText(Path.Combine(SharedTestData.RepositoryRoot, "tests", "EndToEnd.Tests", "Playback", "player.js"));

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;

    private PlayingBrowser(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, _page) = (playwright, browser, page);

    public static async Task<PlayingBrowser> StartAsync(Uri page)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = CandidateBrowser.Path,
            Args = ["--headless=new", "--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        });
        var opened = await browser.NewPageAsync();
        await opened.GotoAsync(page.AbsoluteUri);
        return new PlayingBrowser(playwright, browser, opened);
    }

    /// <summary>Several at once may play on one page.</summary>
    public async Task<PlayedClip> PlayAsync(string url, double rate, TimeSpan limit)
    {
        var answer = await _page.EvaluateAsync<JsonElement>(Player, new { url, rate, limitSeconds = limit.TotalSeconds });
        return answer.Deserialize<PlayedClip>(Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
