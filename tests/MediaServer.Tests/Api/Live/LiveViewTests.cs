using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MediaScore.MediaServer.Tests.Support;

namespace MediaScore.MediaServer.Tests.Api.Live;

public sealed class LiveViewTests
{
    private const string Events = "/console/live/events";

    [Fact]
    public async Task Only_the_consoles_token_opens_it_and_the_token_outlives_the_process_in_a_private_file()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var folder = Directory.CreateTempSubdirectory("mediascore-console-");
        try
        {
            string token;
            await using (var server = await TestServer.StartAsync(folder.FullName))
            {
                token = server.Host.ConsoleToken;
                var interview = await server.CreateAsync();

                (await StatusAsync(server, null)).ShouldBe(HttpStatusCode.Forbidden);
                (await StatusAsync(server, interview.AccessToken)).ShouldBe(HttpStatusCode.Forbidden);
                (await StatusAsync(server, token)).ShouldBe(HttpStatusCode.OK);
            }

            var file = Path.Combine(folder.FullName, "console-token");
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim().ShouldBe(token);
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await using var again = await TestServer.StartAsync(folder.FullName);
            again.Host.ConsoleToken.ShouldBe(token);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_link_is_exchanged_for_a_cookie_so_that_the_token_leaves_the_address_bar()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync();

        using var first = await server.Http.GetAsync($"{Events}?token={server.Host.ConsoleToken}&lang=zh", TestContext.Current.CancellationToken);
        var cookie = first.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        using var request = new HttpRequestMessage(HttpMethod.Get, Events);
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var second = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        first.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        first.Headers.Location!.OriginalString.ShouldBe(Events + "?lang=zh");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldContain("path=/console");
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_shows_an_interview_over_gRPC_with_its_level_its_stage_and_its_warnings()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync();
        await server.CreateAsync();
        var interview = await server.CreateAsync(r => r.CandidateReference = "c-77");
        using var media = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm);
        await media.SendMarkerAsync("late-dish", "late-dish-response", 0, begins: true);
        await using var board = await OpenAsync(server);

        // A tone at half of full scale; so steady a sound is taken for music, of which HR should know.
        for (var i = 0; i < 100; i++)
            await media.SendAudioAsync(Tone(), i * 100_000L);
        var line = await LineAsync(board, l => l.GetProperty("levelDbfs").ValueKind is JsonValueKind.Number && l.GetProperty("safeMs").GetInt64() > 5_000);
        var warned = await LineAsync(board, l => l.GetProperty("warnings").GetArrayLength() > 0);
        await media.SendEndAsync(10);
        await board.UntilAsync("interviews", list => list.GetArrayLength() == 0);

        line.GetProperty("id").GetString().ShouldBe(interview.InterviewId);
        line.GetProperty("plan").GetString().ShouldBe("store-manager");
        line.GetProperty("reference").GetString().ShouldBe("c-77");
        line.GetProperty("state").GetString().ShouldBe("running");
        line.GetProperty("connected").GetBoolean().ShouldBeTrue();
        line.GetProperty("transport").GetString().ShouldBe("grpc");
        line.GetProperty("stage").GetString().ShouldBe("late-dish");
        line.GetProperty("question").GetString().ShouldBe("late-dish-response");
        line.GetProperty("levelDbfs").GetDouble().ShouldBeInRange(-12, -6);
        line.GetProperty("lossPercent").ValueKind.ShouldBe(JsonValueKind.Null);
        warned.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()).ShouldContain("music");
    }

    private static async Task<EventReader> OpenAsync(TestServer server)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Events);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Host.ConsoleToken);
        return await EventReader.OpenAsync(await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken));
    }

    /// <summary>The one interview of the list, once it fits. Those that nobody has begun are not in it.</summary>
    private static async Task<JsonElement> LineAsync(EventReader board, Func<JsonElement, bool> fits) =>
        (await board.UntilAsync("interviews", list => list.GetArrayLength() == 1 && fits(list[0])))[0];

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Events);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>100 ms of 440 Hz at half of full scale: -9 dBFS rms.</summary>
    private static byte[] Tone()
    {
        var samples = new short[1600];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (short)(16_384 * Math.Sin(2 * Math.PI * 440 * i / 16_000));
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
    }
}
