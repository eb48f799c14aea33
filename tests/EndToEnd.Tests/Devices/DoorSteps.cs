using System.Globalization;
using System.Net.Http.Headers;
using MediaScore.EndToEnd.Tests.Candidate;

namespace MediaScore.EndToEnd.Tests.Devices;

/// <summary>What tests of the page of doors do around the page.</summary>
internal static class DoorSteps
{
    /// <summary>The page with its token, as the server's operator gets it.</summary>
    public static string UrlOf(CandidateServer server) => $"{server.Process.Http}/console/devices?token={TokenOf(server)}";

    /// <summary>The console's interface.</summary>
    public static HttpClient Console(CandidateServer server)
    {
        var http = new HttpClient { BaseAddress = new Uri($"{server.Process.Http}/console/api/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(server));
        return http;
    }

    /// <summary>By keyboard: the tabs are one stop of Tab, and from there it is the arrows.</summary>
    public static async Task OpenTabAsync(CandidateWalk walk, string name)
    {
        await walk.TabToAsync("[role=tab][aria-selected=true]");
        for (var i = 0; i < 4 && !await walk.Page.EvaluateAsync<bool>("id => document.activeElement.id === id", $"tab-{name}"); i++)
            await walk.Page.Keyboard.PressAsync("ArrowRight");
        await walk.SeeAsync($"#panel-{name}:not([hidden])");
    }

    /// <summary>One terminal, by the command line, until it was answered.</summary>
    public static async Task SimulateAsync(CandidateServer server, string faces, string serial, double seconds)
    {
        // On a machine that has much else to do the first answer may come after the terminal has left; then it comes again, for longer.
        const int MostTries = 5;
        for (var tries = 1; ; tries++, seconds *= 2)
        {
            var result = await CommandLine.RunAsync(
                "device", "simulate", "--protocol", "grpc", "--server", server.Process.Grpc, "--faces", faces, "--serial", serial, "--count", "1", "--rate", "4",
                "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--json");
            if (result.ExitCode != 0 && tries < MostTries)
                continue;
            result.ShouldSucceed().Event("totals").GetProperty("answered").GetInt64().ShouldBeGreaterThan(0);
            return;
        }
    }

    private static string TokenOf(CandidateServer server) => server.ConsoleUrl.Split("token=")[1];
}
