using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.DeviceStreams.ZkPush.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>What terminals put on the wire, through a real HTTP server: headers that no standard knows, bodies of any type, bodies that break off.</summary>
public sealed class ZkKestrelTests
{
    [Theory]
    [InlineData(ZkDialect.Attendance)]
    [InlineData(ZkDialect.Access)]
    public async Task A_terminal_rests_over_the_network_too(ZkDialect dialect)
    {
        await using var host = await ZkHost.StartAsync();
        await using var web = await ServeAsync(host);
        using var terminal = new ZkTerminal(
            new ZkTerminalPlan(new Uri(web.Urls.First()), ZkHost.Access, dialect) { EventsPerSecond = 0, Misbehaviour = Misbehaviour.CutBodies, Seed = 1 }, TimeProvider.System);
        for (var number = 0; number < 30; number++)
            terminal.Punch("4711");

        (await terminal.RestAsync(200, CancellationToken.None)).ShouldBeTrue();

        (await host.EventsAsync()).Count(happened => happened.PersonNumber == "4711" && happened.Method == "face").ShouldBe(30);
    }

    [Theory]
    [InlineData("Connection: starting\r\nCookie: 0123456789ABCDEF0123456789ABCDEF\r\nAccept: application/push\r\nContent-Type: application/push;charset=UTF-8")]
    [InlineData("Connection: close\r\nContent-Type: application/x-www-form-urlencoded")]
    [InlineData("Connection: close")]
    public async Task Headers_of_terminals_are_no_reason_to_refuse(string headers)
    {
        await using var host = await ZkHost.StartAsync();
        await using var web = await ServeAsync(host);

        var reply = await ExchangeAsync(web, $"POST /iclock/cdata?SN=ZKSIM0000001&table=ATTLOG HTTP/1.1\r\nHost: terminal.test\r\nUser-Agent: iClock Proxy/1.09\r\n{headers}\r\nContent-Length: 35\r\n\r\n4711\t2026-01-05 08:00:00\t0\t1\t0\t0\t0\n");

        reply.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        reply.ShouldContain("\r\nDate: Thu, 01 Oct 2026 12:00:00 GMT\r\n");
        reply.ShouldContain("\r\nContent-Type: text/plain\r\n");
        reply.ShouldContain("\r\nContent-Length: 5\r\n");
        reply.ShouldEndWith("\r\n\r\nOK: 1");
    }

    [Fact]
    public async Task A_body_that_breaks_off_stores_nothing()
    {
        await using var host = await ZkHost.StartAsync();
        await using var web = await ServeAsync(host);

        await ExchangeAsync(web, "POST /iclock/cdata?SN=ZKSIM0000001&table=ATTLOG HTTP/1.1\r\nHost: terminal.test\r\nConnection: close\r\nContent-Length: 350\r\n\r\n4711\t2026-01-05 08:00:00\t0\t1\t0\t0\t0\n");

        (await host.EventsAsync()).ShouldBeEmpty();
    }

    /// <summary>What a host has to do: every path, every method, raw bytes, headers as they are.</summary>
    private static async Task<WebApplication> ServeAsync(ZkHost host)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var web = builder.Build();
        web.Map("/{**path}", async context =>
        {
            context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = host.Server.MaxBodyBytes + 1;
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value.ToArray()), StringComparer.OrdinalIgnoreCase);
            var reply = await host.Server.HandleAsync(
                new DeviceRequest(context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", headers, body.ToArray(), context.Connection.RemoteIpAddress), context.RequestAborted);
            context.Response.StatusCode = reply.Status;
            context.Response.ContentType = reply.ContentType;
            context.Response.ContentLength = reply.Body.Length;
            foreach (var (name, value) in reply.Headers)
                context.Response.Headers[name] = value;
            await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
        });
        await web.StartAsync();
        return web;
    }

    /// <summary>Sends, says that no more comes, and reads to the end.</summary>
    private static async Task<string> ExchangeAsync(WebApplication web, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(web.Urls.First()).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        client.Client.Shutdown(SocketShutdown.Send);
        using var reply = new MemoryStream();
        await stream.CopyToAsync(reply).WaitAsync(TimeSpan.FromMinutes(1));
        return Encoding.ASCII.GetString(reply.ToArray());
    }
}
