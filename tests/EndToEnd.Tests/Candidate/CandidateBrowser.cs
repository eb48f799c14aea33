using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>The system's Chromium with a camera and a microphone that play files. Nothing is downloaded.</summary>
internal sealed class CandidateBrowser : IAsyncDisposable
{
    public const string SkipReason = "Needs Chromium: tools/setup.sh --test, or set MEDIASCORE_CHROMIUM to its path.";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private CandidateBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static string Path { get; } = Environment.GetEnvironmentVariable("MEDIASCORE_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";

    public static bool IsAvailable => File.Exists(Path);

    /// <param name="allows">Whether the browser gives the page camera and microphone; else it refuses, as after a click on "Block".</param>
    public static async Task<CandidateBrowser> StartAsync(CandidateMedia media, bool allows = true)
    {
        string[] permission = allows ? ["--use-fake-ui-for-media-stream"] : ["--deny-permission-prompts"];
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            Args =
            [
                "--headless=new", "--no-sandbox", "--allow-loopback-in-peer-connection", "--use-fake-device-for-media-stream", $"--use-file-for-fake-video-capture={media.Camera}",
                $"--use-file-for-fake-audio-capture={media.Microphone}", .. permission,
            ],
        });
        return new CandidateBrowser(playwright, browser);
    }

    /// <param name="language">BCP 47, as the browser asks for it.</param>
    public Task<IBrowserContext> OpenAsync(string language, int width, int height, ColorScheme scheme = ColorScheme.Light) =>
        _browser.NewContextAsync(new BrowserNewContextOptions { Locale = language, ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
