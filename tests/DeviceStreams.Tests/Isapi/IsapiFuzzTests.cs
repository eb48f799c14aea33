using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Tests.Support;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>Mutated bodies: nothing throws, memory stays bounded, and what comes out fits where it goes. <c>MEDIASCORE_FUZZ=1000000</c> runs it long.</summary>
public sealed class IsapiFuzzTests
{
    // A few seconds; the long run was done once by hand, and is done again before a release.
    private const int Usual = 20_000;

    private static readonly int Count = Mutator.CountOr(Usual);

    private static readonly string[] ContentTypes = ["multipart/form-data; boundary=MIME_boundary", "multipart/mixed; boundary=b", "multipart/form-data", "application/json", "application/xml", "application/x-www-form-urlencoded", ""];

    private static readonly byte[][] Corpus = [.. IsapiFixture.Names().Select(IsapiFixture.Read)];

    [Fact]
    public void Mutated_multipart_in_any_pieces_never_throws_and_holds_no_more_than_its_bounds()
    {
        var mutator = new IsapiMutator(Corpus, seed: 1);
        var random = new Random(1);
        for (var i = 0; i < Count; i++)
        {
            var body = mutator.Next();
            var parser = new MultipartParser(random.Next(4) switch { 0 => null, 1 => "b", _ => "MIME_boundary" });
            var bytes = 0;
            for (var at = 0; at < body.Length;)
            {
                var piece = Math.Min(body.Length - at, random.Next(1, 1_500));
                parser.Append(body.AsSpan(at, piece));
                at += piece;
                while (parser.TryRead() is { } part)
                    bytes += part.Body.Length;
                if (parser.BufferedBytes > body.Length)
                    Assert.Fail($"holds {parser.BufferedBytes} of {body.Length} bytes, case {i}");
            }

            parser.Complete();
            while (parser.TryRead() is { } part)
                bytes += part.Body.Length;
            // No byte is handed out twice.
            if (bytes > body.Length)
                Assert.Fail($"{bytes} bytes in parts of {body.Length}, case {i}");
        }
    }

    [Theory]
    [InlineData('{')]
    [InlineData('<')]
    public void Mutated_JSON_and_XML_never_throw_and_no_tree_is_larger_than_its_bounds(char first)
    {
        var mutator = new IsapiMutator([.. Corpus.Where(body => DeviceText.SkipBlank(body) is [var letter, ..] && letter == first)], seed: 2);
        for (var i = 0; i < Count; i++)
        {
            var body = mutator.Next();
            foreach (var root in IsapiBody.ReadAll(body, out _))
            {
                if (Measure(root, 0) is var (nodes, depth) && (nodes > IsapiBody.MaxNodes + 1 || depth > IsapiBody.MaxDepth + 1))
                    Assert.Fail($"{nodes} elements, {depth} deep, case {i}");
            }

            _ = new IsapiReply(200, body).Judge();
            _ = AcsEventPage.TryRead(new IsapiReply(200, body));
            _ = Refusal.Read(body);
            _ = HttpHostSlot.ReadAll(body);
        }
    }

    [Fact]
    public void Mutated_posts_give_records_that_fit_their_columns_or_are_counted_as_unreadable()
    {
        var mutator = new IsapiMutator(Corpus, seed: 3);
        var device = IsapiFixture.Device("LOBBY");
        var random = new Random(3);
        var events = 0;
        for (var i = 0; i < Count; i++)
        {
            var body = PushBody.Read(ContentTypes[random.Next(ContentTypes.Length)], mutator.Next());
            foreach (var pushed in body.Events)
            {
                events++;
                var row = EventMapper.ToRow(pushed.Event, device, TimeZoneInfo.Utc, EventSource.Push, DateTimeOffset.UnixEpoch);
                if (row.DeduplicationKey.Length is 0 or > 128 || row.PersonNumber?.Length is 0 or > 64 || row.DeviceTime.Length > 40 || row.Method.Length > 32 || row.Code.Length > 64
                    || row.Door.Length > 64 || row.Reason.Length > 256 || row.Detail!.Length > 4_096 || row.OccurredAt.Year is < 1970 or > 2200)
                {
                    Assert.Fail($"a record that does not fit, case {i}: {row.DeduplicationKey}");
                }
            }
        }

        events.ShouldBeGreaterThan(Count / 10);
    }

    [Fact]
    public void Mutated_words_of_headers_and_times_never_throw()
    {
        string[] words =
        [
            "Digest qop=\"auth\", realm=\"DS-0A1B2C3D\", nonce=\"bm9uY2U6MTIz==\", stale=\"false\", opaque=\"\", domain=\"::\"", "Basic realm=\"a, b\", Digest realm=\"c\\\"d\", nonce=\"n\", algorithm=SHA-256-sess",
            "multipart/form-data; boundary=\"MIME_boundary\"; charset=utf-8", "form-data; name=\"event_log\"; filename=\"a;b.jpg\"", "2026-11-02T08:15:04.123+04:00", "2026-11-02 08:15Z", "2026-02-29T24:60:61-14:00",
        ];
        var mutator = new IsapiMutator([.. words.Select(System.Text.Encoding.Latin1.GetBytes)], seed: 4);
        for (var i = 0; i < Count; i++)
        {
            var text = System.Text.Encoding.Latin1.GetString(mutator.Next());
            _ = HeaderWords.Parameter(text, "boundary");
            _ = DigestChallenge.TryFind([text, text])?.Answer("admin", "x", "GET", "/", 1);
            _ = DeviceTime.TryParse(text, TimeZoneInfo.Utc, out _);
        }
    }

    [Fact]
    public async Task Mutated_posts_are_answered_with_200_by_a_server_whose_memory_and_other_devices_stay_as_they_were()
    {
        await using var site = await IsapiSite.OpenAsync();
        var (_, path) = await site.AddListenerAsync("SIM000000801");
        var mutator = new IsapiMutator(Corpus, seed: 5);
        // Each with events in it waits for the disk.
        for (var i = 0; i < Math.Min(Count / 20, 20_000); i++)
        {
            var reply = await site.PostAsync(path, ContentTypes[i % ContentTypes.Length], mutator.Next());
            if (reply.Status != 200)
                Assert.Fail($"{reply.Status}, case {i}");
        }

        var (device, other) = await site.AddListenerAsync("SIM000000802");
        (await site.PostAsync(other, "application/json", IsapiFixture.Read("push-json.json"))).Status.ShouldBe(200);
        (await site.StoredAsync()).Count(row => row.DeviceId == device.Id).ShouldBe(1);
    }

    private static (int Nodes, int Depth) Measure(IsapiNode node, int depth)
    {
        var (nodes, deepest) = (1, depth);
        foreach (var child in node.Children)
        {
            var (below, deep) = Measure(child, depth + 1);
            (nodes, deepest) = (nodes + below, Math.Max(deepest, deep));
        }

        return (nodes, deepest);
    }
}
