using System.Text;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>Mutated bodies of every fixture through every reader: nothing throws, memory stays bounded, and the server always finds an answer. <c>MEDIASCORE_FUZZ=1000000</c> runs as many a reader.</summary>
public sealed class ZkFuzzTests
{
    // What a case may take at most, beside so many times its own length: objects of an event, its key, its detail.
    private const long BytesOfCase = 1 << 20;
    private const int BytesPerByte = 600;

    private static readonly int CaseCount = Mutator.CountOr(5_000);

    private static readonly byte[][] Bodies = [.. ZkFixture.ReadAll().SelectMany(fixture => fixture.Steps).Select(step => step.Body).Where(body => body.Length > 0)];

    public static TheoryData<string> Tables { get; } = new(Enum.GetNames<ZkTable>());

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Lines_of_every_table(string table)
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Attendance, DeviceStreams.ZkPush.ZkDialect.Attendance, "Europe/Berlin");
        var kind = Enum.Parse<ZkTable>(table);
        var clock = new ZkClock(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), TimeSpan.FromHours(2), host.Time.GetUtcNow());

        Run((int)kind, (body, random) => ReadLines(kind, body, new ZkLineContext(device, clock, (ZkEncoding)random.Next(3), random.Next(2) == 0, host.Time.GetUtcNow(), () => random.Next(2) == 0)));
    }

    [Fact]
    public void Results_of_commands() => Run(101, (body, _) =>
    {
        foreach (var result in CommandResults.Parse(body))
        {
            result.Id.Length.ShouldBeInRange(1, 16);
            result.Content.Length.ShouldBeLessThanOrEqualTo(body.Length);
        }
    });

    [Fact]
    public void Parameters() => Run(102, (body, _) =>
    {
        var options = TerminalOptions.Parse(body);
        (options.Model.Length + options.Firmware.Length).ShouldBeLessThanOrEqualTo(2 * 64);
        TerminalOptions.ParseInfo(Encoding.Latin1.GetString(body)).Firmware.Length.ShouldBeLessThanOrEqualTo(64);
    });

    [Fact]
    public void Photos() => Run(103, (body, random) =>
    {
        if (AttendancePhoto.TryParse(body, ZkQuery.Parse(random.Next(2) == 0 ? "PIN=20260101080000-1.jpg" : ""), out var photo))
        {
            ZkBase64.IsJpeg(photo.Jpeg.Span).ShouldBeTrue();
            photo.FileName.Length.ShouldBeLessThanOrEqualTo(64);
        }

        PhotoName.Parse(Encoding.Latin1.GetString(body.AsSpan(0, Math.Min(body.Length, 64))));
    });

    [Fact]
    public void Queries_and_paths() => Run(104, (body, random) =>
    {
        var text = Encoding.Latin1.GetString(body);
        var query = ZkQuery.Parse(text);
        (query["SN"] ?? query["table"] ?? "").Length.ShouldBeLessThanOrEqualTo(text.Length + random.Next(1));
        (ZkPath.CallOf("/iclock/" + text)?.Length ?? 0).ShouldBeLessThanOrEqualTo(32);
        CommandResults.Parse(query).Count.ShouldBeLessThanOrEqualTo(1);
    });

    [Fact]
    public void Letters() => Run(105, (body, random) =>
    {
        var text = ZkText.Clean(body, (ZkEncoding)random.Next(3), 64);
        text.Length.ShouldBeLessThanOrEqualTo(64);
        text.Any(char.IsControl).ShouldBeFalse();
        ZkText.Encode(text, (ZkEncoding)random.Next(3)).Length.ShouldBeLessThanOrEqualTo(4 * 64);
    });

    [Fact]
    public void Parts_of_answers()
    {
        var budget = new ByteBudget(1 << 20);
        var packets = new QueryPackets(budget);
        var now = DateTimeOffset.UnixEpoch;

        Run(106, (body, random) =>
        {
            now += TimeSpan.FromSeconds(random.Next(120));
            var added = packets.Add($"{random.Next(8)}/user", "user", random.Next(-1, 6), random.Next(-1, 6), body, now);
            (added.Whole?.Length ?? 0).ShouldBeLessThanOrEqualTo(2 << 20);
        });

        // Nothing is kept that was not counted, and nothing is counted that is not kept.
        packets.Close();
        budget.TryTake(1 << 20).ShouldBeTrue();
    }

    [Fact]
    public void Archives()
    {
        var (mutator, read) = (new ZkMutator(107), 0);
        var tars = new[] { ZkTgz.Tar("OPLOG 4\t1\t2026-08-20 11:26:07\t4711\t0\t0\t0\n"u8.ToArray(), "x"u8.ToArray()), ZkTgz.Tar([]), ZkTgz.Tar(new byte[2_000]) };
        for (var number = 0; number < CaseCount; number++)
        {
            var other = Bodies[number % Bodies.Length];
            var tar = mutator.Mutate(tars[number % tars.Length], other, maxLength: 8_192);
            // The sum of a header that was changed with it: else nothing behind it would ever be believed.
            if (mutator.Random.Next(2) == 0)
                ZkTgz.Sum(tar);
            var packed = mutator.Random.Next(4) == 0 ? mutator.Mutate(ZkTgz.Gzip(tar), other, maxLength: 4_096) : ZkTgz.Gzip(tar);
            byte[] envelope = mutator.Mutate([.. "name=a.tgz\nsize=6\ndatacode=base64\ndatatype=tgz\0"u8, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(packed))], other, maxLength: 8_192);
            var before = GC.GetAllocatedBytesForCurrentThread();

            var unpacked = ZkArchive.Unpack(packed);
            ZkArchive.FromEnvelope(envelope);

            // Gzip shrinks a thousandfold at most.
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan((1 << 20) + (4_000L * packed.Length), $"case {number}");
            (unpacked?.Length ?? 0).ShouldBeLessThanOrEqualTo(ZkArchive.MaxUnpackedBytes);
            read += unpacked is null ? 0 : 1;
        }

        read.ShouldBeInRange(CaseCount / 10, CaseCount * 9 / 10);
    }

    [Fact]
    public async Task Whole_requests_are_always_answered_and_never_by_a_fault()
    {
        await using var host = await ZkHost.StartAsync(host => (host.Options.RequestsPerMinute, host.Options.StrangerRequestsPerMinute) = (60_000, 60_000));
        await host.AddAsync(ZkHost.Attendance, DeviceStreams.ZkPush.ZkDialect.Attendance);
        await host.AddAsync(ZkHost.Access, DeviceStreams.ZkPush.ZkDialect.Access);
        var steps = ZkFixture.ReadAll().SelectMany(fixture => fixture.Steps).ToList();
        var mutator = new ZkMutator(108);
        // Each that is stored waits for the disk.
        for (var number = 0; number < Math.Max(500, CaseCount / 100); number++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            var step = steps[mutator.Random.Next(steps.Count)];
            var query = mutator.Random.Next(4) == 0 ? Encoding.Latin1.GetString(mutator.Mutate(Encoding.Latin1.GetBytes(step.Query), Bodies[0], maxLength: 512)) : step.Query;
            var body = step.Body.Length > 0 ? mutator.Mutate(step.Body, Bodies[mutator.Random.Next(Bodies.Length)], maxLength: 4_096) : step.Body;

            var reply = await host.Server.HandleAsync(new DeviceRequest(step.Method, step.Path, query, step.Headers, body, null), CancellationToken.None);

            reply.Status.ShouldBeOneOf([200, 400, 404, 405], $"case {number}: {step.Path}?{query}\n{Convert.ToHexString(body)}");
            if (reply.Status == 200)
                reply.Body.IsEmpty.ShouldBeFalse();
        }

        host.Server.Counts.Faults.ShouldBe(0);
    }

    private static void ReadLines(ZkTable kind, byte[] body, ZkLineContext context)
    {
        var harvest = new ZkHarvest();
        var reader = new ZkLineReader(context, harvest);
        var position = 0;
        while (ZkLines.TryTake(body, ref position, out var line))
            reader.Read(kind, kind.ToString(), line);
        foreach (var happened in harvest.Events.Concat(harvest.Photos.Select(photo => photo.Event)))
            happened.ShouldFitItsColumns();
    }

    private static void Run(int seed, Action<byte[], Random> read)
    {
        var mutator = new ZkMutator(seed);
        for (var number = 0; number < CaseCount; number++)
        {
            var body = mutator.Mutate(Bodies[mutator.Random.Next(Bodies.Length)], Bodies[mutator.Random.Next(Bodies.Length)], maxLength: 4_096);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(body, mutator.Random);
            }
            catch (Exception failure) when (failure is not ShouldAssertException)
            {
                Assert.Fail($"Case {number} of seed {seed}: {failure}\n{Convert.ToHexString(body)}");
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(BytesOfCase + ((long)body.Length * BytesPerByte), $"case {number} of seed {seed}");
        }
    }
}
