using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MediaScore.MediaServer.Api.Devices;
using MediaScore.MediaServer.Api.Live;
using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Cli.Devices;

/// <summary>The console's interface of a running server, as a command asks it.</summary>
internal sealed class ConsoleClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string? _tenant;

    private ConsoleClient(Uri server, string token, string? tenant)
    {
        _tenant = tenant;
        _http = new HttpClient { BaseAddress = new Uri(server, ConsoleApi.Path + "/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <exception cref="CliException">There is no token, or no address.</exception>
    public static ConsoleClient Open(ConsoleSettings settings)
    {
        if (!Uri.TryCreate(settings.Server, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new CliException(ExitCode.BadInput, $"--server {settings.Server}: expected a URL such as http://127.0.0.1:5080.");
        var file = settings.TokenFile ?? Path.Combine(
            MediaScoreHome.Resolve(MediaScoreSettings.Get<ServerOptions>(MediaScoreSettings.Build(settings), ServerOptions.Section).DataFolder), ConsoleAccess.FileName);
        if (!File.Exists(file))
            throw new CliException(ExitCode.BadInput, $"There is no console token at {file}. Name the server's data folder with --data, or the file with --token-file.");
        return new ConsoleClient(server, File.ReadAllText(file).Trim(), settings.Tenant);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation, params (string Name, string? Value)[] query) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, With(path, query)), cancellation);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellation);

    /// <summary>Copies an answer as it comes.</summary>
    public async Task<long> SaveAsync(string path, Stream target, CancellationToken cancellation, params (string Name, string? Value)[] query)
    {
        using var answer = await AnswerAsync(new HttpRequestMessage(HttpMethod.Get, With(path, query)), cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        await body.CopyToAsync(target, cancellation);
        return target.Position;
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await AnswerAsync(request, cancellation);
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new CliException(ExitCode.ServerRefused, $"No server answers at {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: {e.Message} Start it with mediascore serve, or name it with --server.", e);
        }

        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
        {
            var detail = await DetailAsync(answer, cancellation);
            throw answer.StatusCode switch
            {
                HttpStatusCode.Forbidden => new CliException(ExitCode.ServerRefused, $"This is another server's token: {detail}"),
                HttpStatusCode.BadRequest or HttpStatusCode.NotFound => new CliException(ExitCode.BadInput, detail),
                _ => new CliException(ExitCode.ServerRefused, detail),
            };
        }
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            if (problem.ValueKind is JsonValueKind.Object && problem.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 0 } text)
                return text;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // Another program's own page.
        }

        return $"The server answered {(int)answer.StatusCode}.";
    }

    private string With(string path, (string Name, string? Value)[] query) => path + QueryString.Create(
        query.Append(("tenant", _tenant)).Where(pair => pair.Item2 is { Length: > 0 }).Select(pair => new KeyValuePair<string, string?>(pair.Item1, pair.Item2)));
}
