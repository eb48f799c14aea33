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
    // All devices that may wait are judged in one go, and the server takes ten requests a second: it says when to go on.
    private const int MostRefusals = 60;

    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

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
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, With(path, query)), cancellation);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellation) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellation);

    /// <summary>The devices of the tenant that was named, else of the server's own: nobody approves another tenant's by leaving out an option.</summary>
    public async Task<IReadOnlyList<JsonElement>> DevicesAsync(CancellationToken cancellation)
    {
        var tenant = _tenant ?? (await GetAsync("status", cancellation)).GetProperty("tenant").GetString();
        return [.. (await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"devices{QueryString.Create("tenant", tenant!)}"), cancellation)).GetProperty("devices").EnumerateArray()];
    }

    /// <summary>The one device that is called so.</summary>
    /// <param name="name">Its id or serial.</param>
    /// <exception cref="CliException">There is none, or more than one with this serial: a newcomer may say any serial, over any protocol.</exception>
    public static JsonElement Find(IReadOnlyList<JsonElement> devices, string name)
    {
        string Of(JsonElement device, string field) => device.GetProperty(field).GetString() ?? "";
        var found = devices.Where(device => Of(device, "id") == name).ToList();
        if (found.Count == 0)
            found = [.. devices.Where(device => Of(device, "serial") == name)];
        return found switch
        {
            [var one] => one,
            [] => throw new CliException(ExitCode.BadInput, $"There is no device with the id or serial '{name}'; see mediascore device list."),
            _ => throw new CliException(
                ExitCode.BadInput, $"{found.Count} devices have the serial '{name}': {string.Join(", ", found.Select(device => $"{Of(device, "id")} ({Of(device, "protocol")}, {Of(device, "state")})"))}. Name one by its id."),
        };
    }

    /// <summary>Copies an answer into a file that its owner alone may read. A file of that name is replaced once the answer is whole, and stays as it is where there is none.</summary>
    /// <returns>Bytes.</returns>
    public async Task<long> SaveAsync(string path, string file, CancellationToken cancellation, params (string Name, string? Value)[] query)
    {
        using var answer = await AnswerAsync(() => new HttpRequestMessage(HttpMethod.Get, With(path, query)), cancellation);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            return await PrivateFile.CopyAsync(file, body, cancellation);
        }
        catch (HttpIOException e)
        {
            throw new CliException(ExitCode.ServerRefused, $"The server broke off in the middle: {e.Message} {file} was not written.", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        using var answer = await AnswerAsync(request, cancellation);
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }

    private async Task<HttpResponseMessage> AnswerAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        HttpResponseMessage answer;
        for (var refusals = 0; ; refusals++)
        {
            try
            {
                answer = await _http.SendAsync(request(), HttpCompletionOption.ResponseHeadersRead, cancellation);
            }
            catch (HttpRequestException e)
            {
                throw new CliException(ExitCode.ServerRefused, $"No server answers at {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: {e.Message} Start it with mediascore serve, or name it with --server.", e);
            }

            if (answer.StatusCode is not HttpStatusCode.TooManyRequests || refusals >= MostRefusals)
                break;
            var pause = answer.Headers.RetryAfter?.Delta ?? UsualPause;
            answer.Dispose();
            await Task.Delay(pause < LongestPause ? pause : LongestPause, TimeProvider.System, cancellation);
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
