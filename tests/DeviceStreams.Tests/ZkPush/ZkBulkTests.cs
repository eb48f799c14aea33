using System.Globalization;
using System.Text;
using MediaScore.DeviceStreams.Http;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>A terminal's whole log through the server and into the database. <c>MEDIASCORE_ZK_RECORDS=200000</c> is the largest that is sold; the speed is written to the output and asserted nowhere.</summary>
public sealed class ZkBulkTests(ITestOutputHelper output)
{
    // As terminals pack them: a body of a megabyte at most.
    private const int LinesOfBody = 10_000;

    private static readonly int RecordCount = int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_ZK_RECORDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 20_000;

    [Fact]
    public async Task A_whole_log_sent_twice_is_there_once()
    {
        await using var host = await ZkHost.StartAsync();
        var bodies = Enumerable.Range(0, (RecordCount + LinesOfBody - 1) / LinesOfBody).Select(number => Body(number * LinesOfBody, Math.Min(LinesOfBody, RecordCount - (number * LinesOfBody)))).ToList();

        var first = await SendAsync(host, bodies);
        var second = await SendAsync(host, bodies);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{RecordCount} records: {RecordCount / first.TotalSeconds:0} a second when new, {RecordCount / second.TotalSeconds:0} when known; doubles {host.Server.Counts.Events - RecordCount}"));
        host.Server.Counts.Events.ShouldBe(RecordCount);
        host.Server.Counts.Duplicates.ShouldBe(RecordCount);
        await using var context = host.CreateDbContext();
        context.DeviceEvents.Count().ShouldBe(RecordCount);
        context.DeviceEvents.Select(happened => happened.DeduplicationKey).Distinct().Count().ShouldBe(RecordCount);
        context.Outbox.Count().ShouldBe(RecordCount);
    }

    private static async Task<TimeSpan> SendAsync(ZkHost host, List<byte[]> bodies)
    {
        var started = TimeProvider.System.GetTimestamp();
        foreach (var body in bodies)
        {
            var reply = await host.Server.HandleAsync(new DeviceRequest("POST", "/iclock/cdata", "SN=ZKSIM0000001&table=ATTLOG&Stamp=9999", new Dictionary<string, string>(), body, null), CancellationToken.None);
            Encoding.ASCII.GetString(reply.Body.Span).ShouldStartWith("OK: ");
        }

        return TimeProvider.System.GetElapsedTime(started);
    }

    private static byte[] Body(int from, int count)
    {
        var body = new StringBuilder();
        var start = new DateTime(2025, 1, 1, 6, 0, 0);
        for (var number = from; number < from + count; number++)
            body.Append(CultureInfo.InvariantCulture, $"{1000 + (number % 800)}\t{start.AddSeconds(number * 40L):yyyy-MM-dd HH:mm:ss}\t255\t15\t0\t0\t0\t0\t0\t0\t\n");
        return Encoding.ASCII.GetBytes(body.ToString());
    }
}
