using System.Net.Http.Json;
using System.Text.Json;
using MediaScore.EndToEnd.Tests.Candidate;
using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Devices;

/// <summary>Answers that come when the page shows something else by now: another device, another site.</summary>
public sealed class DevicesLateAnswerTests(CandidateServer server) : IClassFixture<CandidateServer>
{
    // A wait that ends here has failed; nothing is decided by it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task What_was_asked_of_a_device_that_was_left_changes_nothing_at_the_one_that_is_shown()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        using var http = DoorSteps.Console(server);
        foreach (var name in new[] { "First", "Second" })
            (await http.PostAsJsonAsync("devices", new { serial = $"LATE-{name}", name })).EnsureSuccessStatusCode();
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 1280, 900);
        await HoldFirstAsync(context, request => request.Method == "PATCH");
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server) + "#devices", "doors-late-device");
        await OpenDeviceAsync(walk, "First");
        await walk.Page.FillAsync("#field-door", "north");
        await walk.Page.ClickAsync("#device-form .primary");
        await _asked.Task.WaitAsync(Limit);
        await walk.Page.Keyboard.PressAsync("Escape");
        await OpenDeviceAsync(walk, "Second");

        _released.SetResult();
        await WaitUntilAnsweredAsync(walk);

        (await walk.Page.TextContentAsync("#device-heading")).ShouldBe("Second");
        await walk.Page.FillAsync("#field-door", "south");
        await walk.Page.ClickAsync("#device-form .primary");
        await WaitUntilAnsweredAsync(walk);
        (await DoorsAsync(http)).ShouldBe([("First", "north"), ("Second", "south")], ignoreOrder: true);
        walk.ShouldBeFaultless();
    }

    [Fact]
    public async Task People_of_the_site_that_was_left_are_not_shown_as_the_next_ones()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        using var http = DoorSteps.Console(server);
        (await http.PostAsJsonAsync("people", new { number = "7001", name = "Here" })).EnsureSuccessStatusCode();
        // Where there is a device there is a site.
        (await http.PostAsJsonAsync("devices?tenant=north", new { serial = "LATE-NORTH" })).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync("people?tenant=north", new { number = "7001", name = "Northerner" })).EnsureSuccessStatusCode();
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 1280, 900);
        await HoldFirstAsync(context, request => request.Method == "GET" && request.Url.Contains("/api/people?", StringComparison.Ordinal));
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server) + "#people", "doors-late-people");
        await _asked.Task.WaitAsync(Limit);
        await walk.Page.ClickAsync("#tab-now");
        await walk.Page.SelectOptionAsync("#site", "north");

        var late = await walk.Page.RunAndWaitForResponseAsync(
            () =>
            {
                _released.SetResult();
                return Task.CompletedTask;
            },
            response => response.Url.Contains("/api/people?", StringComparison.Ordinal));
        await late.FinishedAsync();
        await walk.Page.ClickAsync("#tab-people");

        await walk.Page.WaitForFunctionAsync("() => document.querySelector('#people-list .person strong')?.textContent === 'Northerner'");
        (await walk.Page.Locator("#people-list .person").CountAsync()).ShouldBe(1);
        walk.ShouldBeFaultless();
    }

    private static async Task OpenDeviceAsync(CandidateWalk walk, string name)
    {
        await walk.Page.WaitForFunctionAsync("() => !document.getElementById('device').open");
        await walk.Page.Locator("#devices-list .device", new PageLocatorOptions { HasText = name }).Locator(".secondary").First.ClickAsync();
        await walk.Page.WaitForFunctionAsync("name => document.getElementById('device').open && document.getElementById('device-heading').textContent === name", name);
    }

    private static Task WaitUntilAnsweredAsync(CandidateWalk walk) => walk.Page.WaitForFunctionAsync("() => !document.querySelector('#device-form .primary').hasAttribute('aria-busy')");

    private static async Task<List<(string Name, string Door)>> DoorsAsync(HttpClient http) =>
        [.. (await http.GetFromJsonAsync<JsonElement>("devices?tenant=default")).GetProperty("devices").EnumerateArray().Select(device => (device.GetProperty("name").GetString()!, device.GetProperty("door").GetString()!))];

    /// <summary>The first such request gets to the server when the test says so.</summary>
    private Task HoldFirstAsync(IBrowserContext context, Func<IRequest, bool> isMeant) => context.RouteAsync("**/console/api/**", async route =>
    {
        if (isMeant(route.Request) && _asked.TrySetResult())
            await _released.Task;
        await route.ContinueAsync();
    });
}
