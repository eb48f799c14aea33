using System.Buffers;
using System.Text;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.TestMedia;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Mqtt;

public sealed class MqttReaderTests
{
    private const int MaxBytes = 16_384;

    [Fact]
    public void Every_example_of_the_contracts_page_is_read_as_the_page_says()
    {
        var page = File.ReadAllLines(Path.Combine(SharedTestData.RepositoryRoot, "docs", "formats", "mqtt.md"));

        // A line with a topic, and the payload in the next: what a device publishes, all of it right.
        var examples = page.Zip(page.Skip(1)).Where(pair => pair.First.StartsWith("mediascore/", StringComparison.Ordinal) && pair.Second.StartsWith('{')).ToList();

        examples.Count.ShouldBeGreaterThanOrEqualTo(8);
        foreach (var (topic, payload) in examples.Where(example => !example.First.EndsWith("/command", StringComparison.Ordinal)))
        {
            var report = Read(topic, payload);
            report.Drop.ShouldBe(MqttDrop.None, $"{topic} {payload}: {report.Fault}");
        }
    }

    [Theory]
    [InlineData("mediascore/default/S-1/seen", true)]
    [InlineData("mediascore/a-b-1/04:A2_x.y/reading", true)]
    [InlineData("mediascore/default/S-1/command", false)]
    [InlineData("mediascore/default/S-1/seen/", false)]
    [InlineData("mediascore/default/S-1", false)]
    [InlineData("Mediascore/default/S-1/seen", false)]
    [InlineData("mediascore/Default/S-1/seen", false)]
    [InlineData("mediascore//S-1/seen", false)]
    [InlineData("mediascore/default//seen", false)]
    [InlineData("mediascore/default/+/seen", false)]
    [InlineData("mediascore/default/S 1/seen", false)]
    [InlineData("mediascore/default/12345678901234567890123456789012345678901234567890123456789012345/seen", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_topic_is_the_contracts_or_none(string? topic, bool isOne) => MqttTopic.TryParse(topic, out _).ShouldBe(isOne);

    [Fact]
    public void What_is_dropped_has_its_reason()
    {
        const string Good = """{"id":"1","badge":"b"}""";

        Read("else/where", Good).Drop.ShouldBe(MqttDrop.WrongTopic);
        Read("mediascore/other/S-1/seen", Good, "default").Drop.ShouldBe(MqttDrop.WrongTenant);
        Read("mediascore/default/S-1/seen", "").Drop.ShouldBe(MqttDrop.Empty);
        Read("mediascore/default/S-1/seen", new string(' ', MaxBytes) + Good).Drop.ShouldBe(MqttDrop.TooLarge);
        Read("mediascore/default/S-1/seen", "no json").Drop.ShouldBe(MqttDrop.Malformed);
        Read("mediascore/default/S-1/event", Good).Fault.ShouldContain("kind is missing");
        Read("mediascore/default/S-1/result", """{"succeeded":true}""").Fault.ShouldContain("id is missing");
        Read("mediascore/default/S-1/hello", """{"online":"yes"}""").Fault.ShouldContain("online is neither");
        Read("mediascore/default/S-1/seen", Good, "default").Drop.ShouldBe(MqttDrop.None);
    }

    [Fact]
    public void Whatever_is_in_a_topic_stays_on_its_line_of_the_log() =>
        Read("a\r\nb\u001b[2J" + new string('x', 70_000), "{}").Topic.ShouldBe("a??b?[2J" + new string('x', 88) + "~");

    [Fact]
    public void Payloads_in_pieces_are_read_whole()
    {
        var (first, second) = (new Piece(Encoding.UTF8.GetBytes("""{"id":"1","ba""")), Encoding.UTF8.GetBytes("""dge":"b"}"""));
        var last = first.Then(second);

        MqttReader.Read("mediascore/default/S-1/seen", new ReadOnlySequence<byte>(first, 0, last, second.Length), MaxBytes).Event!.Code.ShouldBe("b");
    }

    [Fact]
    public void No_spoilt_message_throws_takes_much_memory_or_leaves_its_columns()
    {
        var valid = new (string Topic, string Payload)[]
        {
            ("mediascore/default/S-1/hello", """{"model":"R2","firmware":"1.4","online":true,"queued":3}"""),
            ("mediascore/default/S-1/seen", """{"seq":12,"boot":"a1","at":"2026-11-26T08:30:00.5+01:00","badge":"04A2","reader":"GATE-2","direction":"in","rssiDbm":-61,"batteryPercent":87}"""),
            ("mediascore/default/S-1/event", """{"id":"e-1","at":1764146400000,"kind":"access","outcome":"denied","person":"1001","method":"card","door":"LOBBY","reason":"expired","detail":{"zone":["e",{"n":1}]}}"""),
            ("mediascore/default/S-1/reading", """{"id":"r","readings":[{"name":"temperature","value":21.4,"unit":"Cel"},{"name":"lid","value":false}]}"""),
            ("mediascore/default/S-1/result", """{"id":17,"succeeded":false,"code":-2,"message":"jammed"}"""),
        };
        var device = new Device(new DeviceRow { Id = "dev-1", Tenant = "default", Serial = "S-1", TimeZone = "Europe/Berlin" }, TimeProvider.System);
        var (mutator, options, now, kept) = (new Mutator(6), new DeviceOptions(), DateTimeOffset.UnixEpoch.AddYears(50), 0);

        for (var i = 0; i < Mutator.CountOr(20_000); i++)
        {
            var (topic, payload) = valid[i % valid.Length];
            var spoilt = mutator.Spoil(Encoding.UTF8.GetBytes(payload));
            var before = GC.GetAllocatedBytesForCurrentThread();

            var report = MqttReader.Read(topic, new ReadOnlySequence<byte>(spoilt), MaxBytes, "default");

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64_000 + (64L * spoilt.Length));
            (report.Drop == MqttDrop.None).ShouldBe(report.Fault.Length == 0);
            if (report is not { Drop: MqttDrop.None, Event: { } happened })
                continue;
            kept++;
            foreach (var row in happened.ToRows(device, options, now))
                row.ShouldFitItsColumns();
        }

        kept.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void No_spoilt_topic_or_name_is_read_as_anything_but_what_it_says()
    {
        string[] topics = ["mediascore/default/S-1/hello", "mediascore/a-b-1/04:A2_x.y/reading", "mediascore/default/S-1/command", "mediascore/default/server", "default/S-1"];
        var (mutator, read) = (new Mutator(9), 0);
        for (var i = 0; i < Mutator.CountOr(20_000); i++)
        {
            var spoilt = Encoding.UTF8.GetString(mutator.Spoil(Encoding.UTF8.GetBytes(topics[i % topics.Length])));

            // What was read, written again, is the topic to the letter: nobody speaks for another by another spelling.
            if (MqttTopic.TryParse(spoilt, out var topic))
            {
                read++;
                MqttTopic.Of(topic.Tenant, topic.Serial, topic.Kind.ToString().ToLowerInvariant()).ShouldBe(spoilt);
                (topic.Tenant.Length, topic.Serial.Length).ShouldSatisfyAllConditions(lengths => lengths.Item1.ShouldBeInRange(1, 64), lengths => lengths.Item2.ShouldBeInRange(1, 64));
            }

            if (MqttTopic.TryParseClient(spoilt, out var tenant, out var serial))
                $"{tenant}/{serial}".ShouldBe(spoilt);
            MqttReader.Read(spoilt, new ReadOnlySequence<byte>("{}"u8.ToArray()), MaxBytes).Topic.Length.ShouldBeLessThanOrEqualTo(97);
        }

        read.ShouldBeGreaterThan(100);
    }

    private static MqttReport Read(string topic, string payload, string? tenant = null) => MqttReader.Read(topic, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), MaxBytes, tenant);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes) => Memory = bytes;

        public Piece Then(byte[] bytes)
        {
            var next = new Piece(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
