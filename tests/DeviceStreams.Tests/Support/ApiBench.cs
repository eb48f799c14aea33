using System.Net;
using System.Text;
using MediaScore.DeviceStreams.Http;
using Microsoft.Extensions.Logging.Testing;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>The device API on a <see cref="DeviceSite"/>, without a web server.</summary>
internal sealed class ApiBench : IDisposable
{
    public const string Serial = "D-1";
    public const string Key = "key-of-the-device-1";

    private readonly CancellationTokenSource _stopping = new();

    public ApiBench(DeviceSite site, DeviceApiOptions? options = null) =>
        Api = new DeviceApi(new DeviceApiServices(site.Registry, site.Commands, site.Journal, Desk, site.Options, options ?? new DeviceApiOptions(), site.Time, Log, _stopping.Token));

    public ScriptedDesk Desk { get; } = new();

    public DeviceApi Api { get; }

    public FakeLogger<DeviceApi> Log { get; } = new();

    /// <summary>Called after each answer, by whoever plays the network.</summary>
    public Action? Answered { get; set; }

    /// <summary>The server begins to stop.</summary>
    public void Stop() => _stopping.Cancel();

    public Task<DeviceReply> GetAsync(string path, string query = "", string? key = Key, CancellationToken cancellationToken = default) => SendAsync("GET", path, query, [], null, key, cancellationToken: cancellationToken);

    public Task<DeviceReply> PostAsync(string path, string json, string? key = Key, string? serial = Serial, string contentType = "application/json") =>
        SendAsync("POST", path, "", Encoding.UTF8.GetBytes(json), contentType, key, serial);

    public Task<DeviceReply> SendAsync(
        string method, string path, string query, byte[] body, string? contentType, string? key = Key, string? serial = Serial, CancellationToken cancellationToken = default) =>
        Api.HandleAsync(new DeviceRequest(method, path, query, Headers(contentType, key, serial), body, IPAddress.Loopback), cancellationToken);

    public static Dictionary<string, string> Headers(string? contentType, string? key = Key, string? serial = Serial)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        void Add(string name, string? value)
        {
            if (value is not null)
                headers[name] = value;
        }

        Add("Content-Type", contentType);
        Add("Authorization", key is null ? null : $"Bearer {key}");
        Add("Device-Serial", serial);
        return headers;
    }

    public void Dispose()
    {
        Api.Dispose();
        _stopping.Dispose();
    }
}
