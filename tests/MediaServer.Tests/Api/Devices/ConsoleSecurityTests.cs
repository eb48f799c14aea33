using System.Net.Http.Json;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Storage.Devices;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MediaScore.MediaServer.Tests.Api.Devices;

public sealed class ConsoleSecurityTests(DeviceServer shared) : IClassFixture<DeviceServer>
{
    // Fewer than the wrong tokens after which an address is shut out.
    private const int RequestsPerAddress = 10;

    [Fact]
    public async Task Nothing_of_the_interface_answers_without_the_consoles_token()
    {
        var endpoints = shared.Server.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/console/api", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => (Method: method, Path: endpoint.RoutePattern.RawText!)))
            .ToList();
        endpoints.Count.ShouldBeGreaterThan(20);

        var open = new List<string>();
        foreach (var (some, index) in endpoints.Chunk(RequestsPerAddress).Select((some, index) => (some, index)))
        {
            using var stranger = new ConsoleCaller(shared.Server, "not-the-token", from: 10 + index);
            foreach (var (method, path) in some)
            {
                var address = path["/console/api/".Length..].Replace("{id}", "x", StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal)
                    .Replace("{tenant}", "default", StringComparison.Ordinal).Replace("{name}", "x", StringComparison.Ordinal);
                var (status, _) = await stranger.SendAsync(new HttpMethod(method), address, method is "POST" or "PUT" or "PATCH" ? new { } : null);
                if (status != 403)
                    open.Add($"{method} {path}: {status}");
            }
        }

        open.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_of_another_site_changes_nothing_and_neither_does_a_form()
    {
        var id = await PendingAsync("csrf-1");

        foreach (var (header, value) in new[] { ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"devices/{id}/approve") { Content = JsonContent.Create(new { }) };
            request.Headers.Add(header, value);
            var (status, text) = await shared.Console.SendAsync(request);
            status.ShouldBe(403, text);
            text.ShouldContain("wrong-origin");
        }

        foreach (var form in new HttpContent?[] { new FormUrlEncodedContent([new("a", "b")]), new MultipartFormDataContent { { new StringContent("b"), "a" } }, new StringContent("{}"), null })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"devices/{id}/approve") { Content = form };
            (await shared.Console.SendAsync(request)).Status.ShouldBe(415, form?.Headers.ContentType?.ToString());
        }

        (await shared.Console.GetAsync($"devices/{id}")).GetProperty("state").GetString().ShouldBe("pending");
    }

    [Fact]
    public async Task A_page_of_another_site_does_not_shut_out_the_operator_in_whose_browser_it_is_open()
    {
        // More than an address may send at once, and more than the wrong tokens after which it is shut out.
        const int Requests = 80;
        using var browser = new ConsoleCaller(shared.Server, from: 88);

        var answers = new List<(int Status, string Text)>();
        for (var i = 0; i < Requests; i++)
        {
            using var picture = new HttpRequestMessage(HttpMethod.Get, "../devices?token=wrong");
            picture.Headers.Add("Sec-Fetch-Site", "cross-site");
            picture.Headers.Add("Sec-Fetch-Dest", "image");
            answers.Add(await browser.SendAsync(picture));
        }

        answers.ShouldAllBe(answer => answer.Status == 403 && answer.Text.Contains("wrong-origin", StringComparison.Ordinal));
        (await browser.SendAsync(HttpMethod.Get, "status")).Status.ShouldBe(200);
        using var link = new HttpRequestMessage(HttpMethod.Get, "../devices");
        link.Headers.Add("Sec-Fetch-Site", "cross-site");
        link.Headers.Add("Sec-Fetch-Dest", "document");
        (await browser.SendAsync(link)).Status.ShouldBe(200, "a link in a chat or a mail is followed");
    }

    [Fact]
    public async Task The_page_of_doors_wants_the_token_and_gets_the_camera_and_no_microphone()
    {
        using var refused = await shared.Server.Http.GetAsync("/console/devices", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/devices?lang=zh");
        request.Headers.Authorization = new("Bearer", shared.Server.Host.ConsoleToken);
        using var page = await shared.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)refused.StatusCode).ShouldBe(403);
        ((int)page.StatusCode).ShouldBe(200);
        page.Headers.GetValues("Permissions-Policy").ShouldBe(["camera=(self), microphone=(), geolocation=()"]);
        page.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldContain("script-src 'self'");
        (await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("lang=\"zh\"");
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_JSON_is_refused_and_nothing_happens()
    {
        var id = await PendingAsync("body-1");

        (await shared.Console.RefusedAsync(HttpMethod.Patch, $"devices/{id}", 413, new { name = new string('x', 100_000) })).Type.ShouldBe("too-large");
        (await shared.Console.RefusedAsync(HttpMethod.Patch, $"devices/{id}", 400, new StringContent("{\"name\":", null, "application/json"))).Type.ShouldBe("bad-request");
        (await shared.Console.RefusedAsync(HttpMethod.Patch, $"devices/{id}", 400, new[] { 1 })).Type.ShouldBe("bad-request");
        (await shared.Console.RefusedAsync(HttpMethod.Patch, $"devices/{id}", 415, new StringContent("name=x"))).Type.ShouldBe("not-json");
    }

    [Fact]
    public async Task Pictures_of_long_lists_do_not_use_up_what_the_page_itself_asks_with()
    {
        // Both lists of the page, a picture in each line, and as much again.
        const int Pictures = 220;
        using var page = new ConsoleCaller(shared.Server, from: 77);

        var answers = new List<int>();
        for (var i = 0; i < Pictures; i++)
            answers.Add((await page.SendAsync(HttpMethod.Get, "pictures/default/x")).Status);

        answers.ShouldAllBe(status => status == 404);
        (await page.SendAsync(HttpMethod.Get, "status")).Status.ShouldBe(200);
    }

    private async Task<string> PendingAsync(string serial)
    {
        var admission = await shared.Server.Host.Devices.Registry.AdmitAsync(new("default", DeviceProtocol.ZkAttendance, serial, null), TestContext.Current.CancellationToken);
        return admission.Device!.Id;
    }
}
