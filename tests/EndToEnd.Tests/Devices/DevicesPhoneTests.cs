using System.Net.Http.Json;
using MediaScore.EndToEnd.Tests.Candidate;
using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Devices;

/// <summary>The page of doors and devices where there is little room, another language, or no server.</summary>
public sealed class DevicesPhoneTests(CandidateServer server) : IClassFixture<CandidateServer>
{
    private const double Patience = 30;

    [Fact]
    public async Task On_a_phone_in_Chinese_and_in_the_dark_every_part_of_the_page_fits_and_has_no_barrier()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        using var http = DoorSteps.Console(server);
        foreach (var (number, name) in new[] { ("8001", "李雷"), ("8002", "韩梅梅") })
            (await http.PostAsJsonAsync("people", new { number, name })).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync("people/8002/consent", new { source = "纸质，档案 12" })).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync("people/8001/block", new { blocked = true })).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync("devices", new { address = "https://127.0.0.1:1", user = "a", password = "b", name = "车库" })).EnsureSuccessStatusCode();
        using var scratch = new ScratchFolder();
        await File.WriteAllBytesAsync(scratch["1.jpg"], [0xFF, 0xD8, 0xFF, 0xD9]);
        await DoorSteps.SimulateAsync(server, scratch.Path, "PHONE", seconds: 1.5);
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("zh-CN", 360, 740, ColorScheme.Dark);
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server), "doors-zh-phone");

        await walk.SeeAsync("#pending-list .device");
        await walk.LookAsync("now");
        await DoorSteps.OpenTabAsync(walk, "devices");
        await walk.SeeAsync("#devices-list .device");
        await walk.LookAsync("devices");
        await walk.EnterAsync("#add-device");
        await walk.SeeAsync("#add[open]");
        await walk.LookAsync("add-device");
        await walk.Page.FillAsync("#push-serial", "DS-PHONE-1");
        await walk.EnterAsync("#push-form button");
        await walk.SeeAsync("#push-result:not([hidden])");
        (await walk.Page.TextContentAsync("#push-path"))!.ShouldStartWith("/devices/isapi/");
        await walk.LookAsync("a-path-to-post-to");
        await walk.Page.Keyboard.PressAsync("Escape");
        (await walk.Page.TextContentAsync("#push-path")).ShouldBe("", "it is said once");
        await walk.EnterAsync("#devices-list .device .secondary");
        await walk.SeeAsync("#device[open]");
        await walk.LookAsync("device");
        await walk.Page.Keyboard.PressAsync("Escape");
        await DoorSteps.OpenTabAsync(walk, "events");
        await walk.LookAsync("events");
        await DoorSteps.OpenTabAsync(walk, "people");
        await walk.SeeAsync("#people-list .person");
        await walk.LookAsync("people");
        await walk.EnterAsync("#people-list .person .actions button:last-child");
        await walk.SeeAsync("#person[open]");
        await walk.LookAsync("person");
        await walk.Page.Keyboard.PressAsync("Escape");
        (await walk.Page.GetAttributeAsync("html", "lang")).ShouldBe("zh");
        await walk.EnterAsync("[data-language=en]");
        await walk.Page.WaitForFunctionAsync("() => document.querySelector('h1').textContent === 'Doors and devices'");
        await walk.LookAsync("people-in-english");

        walk.ShouldBeFaultless();
    }

    [Fact]
    public async Task A_device_that_only_posts_can_be_removed_and_not_be_asked_for_another_key()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        using var http = DoorSteps.Console(server);
        (await http.PostAsJsonAsync("devices?tenant=south", new { serial = "DS-POSTS-1" })).EnsureSuccessStatusCode();
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 1280, 900);
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server) + "#devices", "doors-posts");
        await walk.Page.SelectOptionAsync("#site", "south");

        await walk.Page.Locator("#devices-list .device", new PageLocatorOptions { HasText = "DS-POSTS-1" }).Locator(".secondary").First.ClickAsync();

        await walk.SeeAsync("#device-judgement [data-action=remove]");
        (await walk.Page.IsVisibleAsync("#device-judgement [data-action=forget-key]")).ShouldBeFalse("its path is its only key");
        walk.ShouldBeFaultless();
    }

    [Fact]
    public async Task A_page_whose_link_is_no_longer_valid_says_so_and_asks_no_more()
    {
        // Asked with again and again, its token would shut out whoever sits there and has the right one.
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 900, 700);
        await context.Clock.InstallAsync();
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server), "doors-old-link");
        await walk.SeeAsync("#panel-now");
        var asked = 0;
        await context.RouteAsync("**/console/api/**", route =>
        {
            asked++;
            return route.FulfillAsync(new RouteFulfillOptions { Status = 403, ContentType = "application/problem+json", Body = "{\"type\": \"urn:mediascore:problem:wrong-token\"}" });
        });

        await context.Clock.RunForAsync(6_000);
        await walk.SeeAsync("#doors-state.lost", Patience);
        var before = asked;
        await context.Clock.RunForAsync(120_000);

        (await walk.Page.TextContentAsync("#doors-state"))!.ShouldContain("Open the link");
        asked.ShouldBe(before);
        await walk.LookAsync("old-link");
    }

    [Fact]
    public async Task A_wrong_link_shows_nothing_and_a_lost_server_is_said_so()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 900, 700);
        var page = await context.NewPageAsync();
        var refused = await page.GotoAsync($"{server.Process.Http}/console/devices?token=wrong");
        refused!.Status.ShouldBe(403);
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server), "doors-lost");
        await walk.SeeAsync("#panel-now");

        await context.RouteAsync("**/console/api/**", route => route.AbortAsync());

        await walk.SeeAsync("#doors-state.lost", Patience);
        await walk.LookAsync("lost");
        (await walk.Page.TextContentAsync("#doors-state")).ShouldBe("the network did not answer.");
        walk.Barriers.ShouldBeEmpty();
    }
}
