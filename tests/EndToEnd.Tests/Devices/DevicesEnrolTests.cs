using System.Net.Http.Json;
using MediaScore.EndToEnd.Tests.Candidate;
using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Devices;

/// <summary>The camera of an enrolment that does not go as planned.</summary>
public sealed class DevicesEnrolTests(CandidateServer server) : IClassFixture<CandidateServer>
{
    // As long as a person would look for it.
    private const double Patience = 30;

    [Fact]
    public async Task The_camera_is_off_when_it_is_an_operators_word_that_makes_the_last_picture_count()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        using var http = DoorSteps.Console(server);
        await AddAsync(http, "9002", "Twin");
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 1280, 900);
        // What a camera that always shows the same cannot bring about.
        var codes = new Queue<string>(["enrolled", "enrolled", "known-as-another", "enrolled"]);
        await context.RouteAsync("**/console/api/people/9002/faces?*", route =>
        {
            var code = codes.Dequeue();
            var enrolled = code == "enrolled" ? "true" : "false";
            return route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = $"{{\"enrolled\": {enrolled}, \"code\": \"{code}\", \"fault\": null, \"reason\": \"\", \"note\": \"\"}}" });
        });
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server) + "#people", "doors-twin");
        await walk.Page.EvaluateAsync(
            """
            () => {
              const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
              navigator.mediaDevices.getUserMedia = async (wanted) => window.given = await real(wanted);
            }
            """);
        await OpenEnrolmentAsync(walk, "9002");
        await walk.SeeAsync("#booth:not([hidden])", Patience);
        await walk.EnterAsync("#enrol-start");
        await walk.SeeAsync("#enrol-lookalike:not([hidden])", Patience);

        await walk.EnterAsync("#enrol-lookalike");

        await walk.Page.WaitForFunctionAsync("() => window.given.getTracks().every((track) => track.readyState === 'ended')");
        await walk.Page.WaitForFunctionAsync("() => document.getElementById('booth').hidden && document.querySelectorAll('#enrol-taken img').length === 3");
        (await walk.Page.TextContentAsync("#enrol-hint"))!.ShouldContain("Twin");
        walk.ShouldBeFaultless();
    }

    [Fact]
    public async Task A_camera_that_is_granted_after_the_dialog_was_closed_is_off_at_once()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        using var http = DoorSteps.Console(server);
        await AddAsync(http, "9001", "Slow");
        await using var browser = await CandidateBrowser.StartAsync(server.Media);
        await using var context = await browser.OpenAsync("en-GB", 1280, 900);
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server) + "#people", "doors-slow-camera");
        // Whoever is asked "may this page use the camera?" may take their time.
        await walk.Page.EvaluateAsync(
            """
            () => {
              const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
              navigator.mediaDevices.getUserMedia = async (wanted) => {
                await new Promise((resolve) => { window.grant = resolve; });
                window.given = await real(wanted);
                return window.given;
              };
            }
            """);
        await OpenEnrolmentAsync(walk, "9001");
        await walk.Page.WaitForFunctionAsync("() => window.grant !== undefined");

        await walk.Page.Keyboard.PressAsync("Escape");
        await walk.Page.WaitForFunctionAsync("() => !document.getElementById('enrol').open");
        await walk.Page.EvaluateAsync("() => window.grant()");

        await walk.Page.WaitForFunctionAsync("() => window.given?.getTracks().every((track) => track.readyState === 'ended')");
        walk.ShouldBeFaultless();
    }

    private static async Task AddAsync(HttpClient http, string number, string name)
    {
        (await http.PostAsJsonAsync("people", new { number, name })).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync($"people/{number}/consent", new { source = "test" })).EnsureSuccessStatusCode();
    }

    private static async Task OpenEnrolmentAsync(CandidateWalk walk, string number)
    {
        await walk.Page.FillAsync("#people-search", number);
        await walk.Page.WaitForFunctionAsync("() => document.querySelectorAll('#people-list .person').length === 1");
        await walk.EnterAsync("#people-list .person .actions button:first-child");
    }
}
