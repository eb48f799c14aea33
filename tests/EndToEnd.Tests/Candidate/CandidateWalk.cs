using Deque.AxeCore.Playwright;
using MediaScore.TestMedia;
using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>
/// A candidate at the keyboard: everything is reached by Tab and done by Enter, Space and letters, as without a mouse. At each step a picture is kept (artifacts/screenshots) and
/// axe looks for barriers.
/// </summary>
internal sealed class CandidateWalk
{
    private readonly IPage _page;
    private readonly string _pictures;
    private readonly List<string> _errors = [];
    private readonly List<string> _barriers = [];
    private int _pictureCount;

    private CandidateWalk(IPage page, string pictures)
    {
        (_page, _pictures) = (page, pictures);
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Add(message.Text);
        };
    }

    public IPage Page => _page;

    /// <summary>Serious and critical findings of axe.</summary>
    public IReadOnlyList<string> Barriers => _barriers;

    public void ShouldBeFaultless()
    {
        _errors.ShouldBeEmpty();
        _barriers.ShouldBeEmpty();
    }

    /// <param name="name">Folder of the pictures.</param>
    public static async Task<CandidateWalk> OpenAsync(IBrowserContext context, string url, string name)
    {
        var pictures = Path.Combine(SharedTestData.RepositoryRoot, "artifacts", "screenshots", name);
        Directory.CreateDirectory(pictures);
        var walk = new CandidateWalk(await context.NewPageAsync(), pictures);
        await walk._page.GotoAsync(url);
        return walk;
    }

    public Task SeeAsync(string selector, double seconds = 15) =>
        _page.WaitForSelectorAsync(selector, new PageWaitForSelectorOptions { Timeout = (float)(seconds * 1000) });

    public async Task EnterAsync(string selector)
    {
        await TabToAsync(selector);
        await _page.Keyboard.PressAsync("Enter");
    }

    public async Task TickAsync(string selector)
    {
        await TabToAsync(selector);
        await _page.Keyboard.PressAsync("Space");
    }

    /// <summary>Tab until it has the focus; fails where no number of them gets there.</summary>
    public async Task TabToAsync(string selector)
    {
        await SeeAsync(selector + ":not([disabled])");
        // More than any step has to offer, so that going round through the browser's own frame is possible.
        const int MostTabs = 80;
        for (var tabs = 0; tabs < MostTabs; tabs++)
        {
            if (await _page.EvaluateAsync<bool>("s => document.activeElement !== null && document.activeElement.matches(s)", selector))
                return;
            await _page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"{selector} is not reached by Tab.");
    }

    /// <summary>A picture of the whole page, and what axe finds on it.</summary>
    public async Task LookAsync(string name)
    {
        await _page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(_pictures, $"{_pictureCount++:00}-{name}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
        var result = await _page.RunAxe();
        _barriers.AddRange(
            from violation in result.Violations
            where violation.Impact is "serious" or "critical"
            from node in violation.Nodes
            select $"{name}: {violation.Impact} {violation.Id}: {node.Target}");
        (await _page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth")).ShouldBeFalse($"{name} is wider than the screen");
    }
}
