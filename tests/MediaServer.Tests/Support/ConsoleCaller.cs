using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>Somebody with the console's token, as far as HTTP goes.</summary>
internal sealed class ConsoleCaller : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="token">Null: the server's own.</param>
    /// <param name="from">Last byte of the loopback address that it comes from: wrong tokens and requests are counted by address.</param>
    public ConsoleCaller(TestServer server, string? token = null, int from = 1)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.0.{from}"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri($"{server.Host.Addresses.Http}/console/api/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? server.Host.ConsoleToken);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<JsonElement> GetAsync(string path) => Done(await SendAsync(HttpMethod.Get, path));

    public async Task<JsonElement> PostAsync(string path, object? body = null) => Done(await SendAsync(HttpMethod.Post, path, body ?? new { }));

    public async Task<JsonElement> PatchAsync(string path, object body) => Done(await SendAsync(HttpMethod.Patch, path, body));

    public async Task<JsonElement> DeleteAsync(string path) => Done(await SendAsync(HttpMethod.Delete, path));

    /// <returns>The last part of the problem's type, and what it says.</returns>
    public async Task<(string Type, string Detail)> RefusedAsync(HttpMethod method, string path, int status, object? body = null)
    {
        var answer = await SendAsync(method, path, body);
        answer.Status.ShouldBe(status, answer.Text);
        var problem = JsonDocument.Parse(answer.Text).RootElement;
        return (problem.GetProperty("type").GetString()!["urn:mediascore:problem:".Length..], problem.GetProperty("detail").GetString()!);
    }

    public Task<(int Status, string Text)> SendAsync(HttpMethod method, string path, object? body = null) =>
        SendAsync(new HttpRequestMessage(method, path) { Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body) });

    public async Task<(int Status, string Text)> SendAsync(HttpRequestMessage request)
    {
        using var answer = await _http.SendAsync(request, Cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    public Task<HttpResponseMessage> AnswerAsync(string path, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) => _http.GetAsync(path, completion, Cancellation);

    public async Task<EventReader> ListenAsync(string path = "events/stream") => await EventReader.OpenAsync(await AnswerAsync(path, HttpCompletionOption.ResponseHeadersRead));

    public void Dispose() => _http.Dispose();

    private static JsonElement Done((int Status, string Text) answer)
    {
        answer.Status.ShouldBeInRange(200, 299, answer.Text);
        return answer.Text.Length > 0 ? JsonDocument.Parse(answer.Text).RootElement : default;
    }
}
