using System.Globalization;
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
    private const string Line = "4711\t2026-01-05 08:00:00\t0\t1\t0\t0\t0\n";

    // A wait that ends here has failed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

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
    [InlineData("Connection: starting\r\nCookie: 0123456789ABCDEF0123456789ABCDEF\r\nAccept: application/push\r\nContent-Type: application/push;charset=UTF-8", false)]
    [InlineData("Connection: close\r\nContent-Type: application/x-www-form-urlencoded", true)]
    [InlineData("Connection: close", true)]
    [InlineData("Content-Type: image/jpeg", false)]
    public async Task Headers_of_terminals_are_no_reason_to_refuse(string headers, bool endsConnection)
    {
        await using var host = await ZkHost.StartAsync();
        await using var web = await ServeAsync(host);
        using var connection = await ConnectAsync(web);

        await SendAsync(connection, Whole(headers));
        var reply = await ReadReplyAsync(connection);

        reply.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        reply.ShouldContain("\r\nDate: Thu, 01 Oct 2026 12:00:00 GMT\r\n");
        reply.ShouldContain("\r\nContent-Type: text/plain\r\n");
        reply.ShouldContain("\r\nContent-Length: 5\r\n");
        reply.ShouldEndWith("\r\n\r\nOK: 1");
        if (endsConnection)
        {
            (await ReadToEndAsync(connection)).ShouldBeEmpty();
            return;
        }

        // It stays open, whatever its word for that is.
        await SendAsync(connection, Whole(headers));
        (await ReadReplyAsync(connection)).ShouldEndWith("\r\n\r\nOK: 1");
    }

    [Fact]
    public async Task A_body_that_breaks_off_stores_nothing_and_the_whole_one_behind_it_does()
    {
        await using var host = await ZkHost.StartAsync();
        await using var web = await ServeAsync(host);
        // One line is whole, and more were promised.
        using (var cut = await ConnectAsync(web))
        {
            await SendAsync(cut, Post("Connection: close", 350));
            cut.Socket.Shutdown(SocketShutdown.Send);
            (await ReadToEndAsync(cut)).ShouldNotContain("200 OK");
        }

        (await host.EventsAsync()).ShouldBeEmpty();
        using var again = await ConnectAsync(web);
        await SendAsync(again, Whole("Connection: close"));
        (await ReadReplyAsync(again)).ShouldEndWith("OK: 1");

        (host.Server.Counts.Events, host.Server.Counts.Duplicates, host.Server.Counts.Faults).ShouldBe((1, 0, 0));
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
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value.ToArray()), StringComparer.OrdinalIgnoreCase);
            var reply = await host.Server.HandleAsync(
                new DeviceRequest(context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", headers, default, context.Connection.RemoteIpAddress),
                (maxBytes, cancellationToken) => ReadBodyAsync(context.Request, maxBytes, cancellationToken),
                context.RequestAborted);
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

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
            return null;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    private static string Whole(string headers) => Post(headers, Line.Length);

    /// <param name="length">What it says that the body has.</param>
    private static string Post(string headers, int length) =>
        $"POST /iclock/cdata?SN=ZKSIM0000001&table=ATTLOG HTTP/1.1\r\nHost: terminal.test\r\nUser-Agent: iClock Proxy/1.09\r\n{headers}\r\nContent-Length: {length}\r\n\r\n{Line}";

    private static async Task<NetworkStream> ConnectAsync(WebApplication web)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(web.Urls.First()).Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task SendAsync(NetworkStream connection, string request) => await connection.WriteAsync(Encoding.ASCII.GetBytes(request));

    /// <summary>One reply, to the length that it states, as a terminal reads it: it does not say that it has no more to send, and waits for no end.</summary>
    private static async Task<string> ReadReplyAsync(NetworkStream connection)
    {
        var (reply, piece) = ("", new byte[1_024]);
        while (!IsWhole(reply))
        {
            var count = await connection.ReadAsync(piece).AsTask().WaitAsync(Limit);
            count.ShouldBeGreaterThan(0, $"the connection ended behind \"{reply}\"");
            reply += Encoding.ASCII.GetString(piece, 0, count);
        }

        return reply;
    }

    private static bool IsWhole(string reply)
    {
        const string Name = "Content-Length: ";
        var end = reply.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var length = reply[..end].Split("\r\n").Single(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase))[Name.Length..];
        return reply.Length >= end + 4 + int.Parse(length, CultureInfo.InvariantCulture);
    }

    private static async Task<string> ReadToEndAsync(NetworkStream connection)
    {
        using var rest = new MemoryStream();
        try
        {
            await connection.CopyToAsync(rest).WaitAsync(Limit);
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }

        return Encoding.ASCII.GetString(rest.ToArray());
    }
}
