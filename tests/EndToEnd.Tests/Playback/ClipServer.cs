using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaScore.EndToEnd.Tests.Playback;

/// <summary>Hands clips to a browser in two ways: <c>file/NAME</c> with a length and in parts, as the report's clips are served; <c>stream/NAME</c> as an export is written, its length unknown.</summary>
internal sealed class ClipServer : IAsyncDisposable
{
    private const int PieceBytes = 4096;

    private readonly WebApplication _application;

    private ClipServer(WebApplication application) => _application = application;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<ClipServer> StartAsync(IEnumerable<Clip> clips)
    {
        var byName = clips.ToDictionary(clip => clip.Name);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.MapGet("/", () => Results.Content("<!doctype html><title>Clips</title>", "text/html"));
        application.MapGet("/file/{name}", (string name) => Results.Bytes(byName[name].Bytes, byName[name].ContentType, enableRangeProcessing: true));
        application.MapGet("/stream/{name}", (string name, HttpContext http) => Results.Stream(body => WriteAsync(byName[name], body, http.RequestAborted), byName[name].ContentType));
        await application.StartAsync();
        return new ClipServer(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task WriteAsync(Clip clip, Stream body, CancellationToken cancellationToken)
    {
        for (var position = 0; position < clip.Bytes.Length; position += PieceBytes)
        {
            await body.WriteAsync(clip.Bytes.AsMemory(position, Math.Min(PieceBytes, clip.Bytes.Length - position)), cancellationToken);
            await body.FlushAsync(cancellationToken);
        }
    }
}
