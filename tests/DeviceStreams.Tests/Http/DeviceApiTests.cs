using System.Text;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Perception.Vision;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Http;

public sealed class DeviceApiTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private DeviceSite _site = null!;
    private ApiBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await DeviceSite.OpenAsync(_time);
        _bench = new ApiBench(_site);
    }

    public async ValueTask DisposeAsync()
    {
        _bench.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_newcomer_is_told_to_wait_and_its_key_is_what_it_must_say_ever_after()
    {
        var first = await _bench.PostAsync("/devices/v1/hello", """{"model":"Kiosk","firmware":"2.0","queued":7}""");

        first.Status.ShouldBe(202);
        first.Json().GetProperty("state").GetString().ShouldBe("pending");
        first.Json().TryGetProperty("settings", out _).ShouldBeFalse();
        var device = _site.Registry.List().ShouldHaveSingleItem();
        (device.Row.State, device.Row.Protocol, device.Row.Model, device.QueuedCount).ShouldBe((DeviceState.Pending, DeviceProtocol.Http, "Kiosk", 7));
        // The hash, never the key.
        device.Row.CredentialSha256.ShouldNotBeNull().ShouldNotContain(ApiBench.Key);
        (await _bench.PostAsync("/devices/v1/events", """{"events":[{"id":"1","kind":"door"}]}""")).ShouldBeProblem(403, "not-approved");

        await _site.Registry.ChangeAsync(device.Id, row => row.State = DeviceState.Approved);

        var then = await _bench.PostAsync("/devices/v1/hello", "{}");
        then.Status.ShouldBe(200);
        then.Json().GetProperty("clock").GetDateTimeOffset().ShouldBe(_time.GetUtcNow());
        then.Json().GetProperty("settings").GetProperty("deadlineMs").GetInt32().ShouldBe(1_000);
        (await _bench.PostAsync("/devices/v1/hello", "{}", key: "another-key-of-16-and-more")).ShouldBeProblem(401, "wrong-key");
        (await _site.StoredAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "D-1", 401, "key-missing")]
    [InlineData("short", "D-1", 401, "key-missing")]
    [InlineData("a key with spaces in it", "D-1", 401, "key-missing")]
    [InlineData(ApiBench.Key, null, 400, "serial-missing")]
    [InlineData(ApiBench.Key, "D 1", 400, "bad-serial")]
    public async Task Whoever_does_not_say_who_it_is_is_told_how(string? key, string? serial, int status, string type)
    {
        var reply = await _bench.PostAsync("/devices/v1/hello", "{}", key, serial);

        reply.ShouldBeProblem(status, type);
        if (status == 401)
            reply.Headers["WWW-Authenticate"].ShouldBe("Bearer");
        _site.Registry.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_device_and_one_from_elsewhere_are_turned_away()
    {
        var device = await _site.ApproveAsync(DeviceProtocol.Http, ApiBench.Serial, ApiBench.Key);
        await _site.Registry.ChangeAsync(device.Id, row => row.Network = "10.0.0.0/8");
        (await _bench.PostAsync("/devices/v1/hello", "{}")).ShouldBeProblem(403, "wrong-network");

        await _site.Registry.ChangeAsync(device.Id, row => row.State = DeviceState.Refused);

        (await _bench.PostAsync("/devices/v1/hello", "{}")).ShouldBeProblem(403, "refused");
    }

    [Fact]
    public async Task Events_are_stored_once_and_those_that_never_will_be_are_named()
    {
        var device = await ApproveAsync();
        const string Batch = """
            {"events":[
              {"id":"1","at":"2026-11-26T08:30:00Z","kind":"attendance","person":"1001","direction":"in","method":"card"},
              {"id":"2","kind":"party"},
              {"id":"3","kind":"reading","readings":[{"name":"t","value":20},{"name":"h","value":40}]},
              17
            ]}
            """;

        var first = await _bench.PostAsync("/devices/v1/events", Batch);
        var second = await _bench.PostAsync("/devices/v1/events", Batch);

        (first.Status, second.Status).ShouldBe((200, 200));
        Numbers(first).ShouldBe((3, 0));
        Numbers(second).ShouldBe((0, 3));
        first.Json().GetProperty("refused").EnumerateArray().Select(r => r.GetProperty("index").GetInt32()).ShouldBe([1, 3]);
        first.Json().GetProperty("refused")[0].GetProperty("fault").GetString()!.ShouldContain("kind is none of");
        var stored = await _site.StoredAsync();
        stored.Select(row => row.DeduplicationKey).ShouldBe(["id/1", "id/3/0", "id/3/1"]);
        stored.ShouldAllBe(row => row.DeviceId == device.Id);
    }

    [Theory]
    [InlineData("", 400, "bad-request")]
    [InlineData("[]", 400, "bad-request")]
    [InlineData("""{"events":[]}""", 400, "bad-request")]
    [InlineData("""{"events":{}}""", 400, "bad-request")]
    [InlineData("""{"events":[{"id":"1","kind":"door"}""", 400, "bad-request")]
    public async Task A_body_that_is_no_batch_is_refused_as_a_whole(string body, int status, string type)
    {
        await ApproveAsync();

        (await _bench.PostAsync("/devices/v1/events", body)).ShouldBeProblem(status, type);
    }

    [Fact]
    public async Task Bodies_have_bounds_and_a_stranger_s_is_not_read()
    {
        await ApproveAsync();
        var tooMany = $$"""{"events":[{{string.Join(',', Enumerable.Range(0, 1_001).Select(i => $$"""{"id":"{{i}}","kind":"door"}"""))}}]}""";
        var isRead = false;

        (await _bench.PostAsync("/devices/v1/events", tooMany)).ShouldBeProblem(400, "bad-request");
        (await _bench.SendAsync("POST", "/devices/v1/events", "", new byte[(1 << 20) + 1], "application/json")).ShouldBeProblem(413, "body-too-large");
        (await _bench.SendAsync("POST", "/devices/v1/hello", "", new byte[20_000], "application/json")).ShouldBeProblem(413, "body-too-large");
        (await _bench.PostAsync("/devices/v1/events", "{}", contentType: "text/plain")).ShouldBeProblem(415, "content-type");
        var stranger = await _bench.Api.HandleAsync(
            new DeviceRequest("POST", "/devices/v1/events", "", ApiBench.Headers("application/json", "another-key-of-16-and-more"), default, null),
            (_, _) =>
            {
                isRead = true;
                return ValueTask.FromResult<ReadOnlyMemory<byte>?>(default(ReadOnlyMemory<byte>));
            },
            TestContext.Current.CancellationToken);

        stranger.ShouldBeProblem(401, "wrong-key");
        isRead.ShouldBeFalse();
    }

    [Fact]
    public async Task A_body_that_was_cut_is_a_bad_request_and_nothing_of_it_is_stored()
    {
        await ApproveAsync();

        var reply = await _bench.Api.HandleAsync(
            new DeviceRequest("POST", "/devices/v1/events", "", ApiBench.Headers("application/json"), default, null), (_, _) => throw new IOException("gone"), TestContext.Current.CancellationToken);

        reply.ShouldBeProblem(400, "body-cut");
        (await _site.StoredAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/devices/v1/hello", 405, "method-not-allowed")]
    [InlineData("DELETE", "/devices/v1/events", 405, "method-not-allowed")]
    [InlineData("POST", "/devices/v1/commands", 405, "method-not-allowed")]
    [InlineData("POST", "/devices/v1/commands/0/result", 404, "not-found")]
    [InlineData("POST", "/devices/v1/commands/99999999999999999999/result", 404, "not-found")]
    [InlineData("POST", "/devices/v2/hello", 404, "not-found")]
    [InlineData("POST", "/devices/v1", 404, "not-found")]
    public async Task Another_path_or_method_is_answered_as_such(string method, string path, int status, string type) =>
        (await _bench.SendAsync(method, path, "", [], "application/json")).ShouldBeProblem(status, type);

    [Fact]
    public async Task One_device_that_asks_too_often_waits_and_another_does_not()
    {
        using var bench = new ApiBench(_site, new DeviceApiOptions { RequestsPerSecond = 2, RequestBurst = 3 });
        await ApproveAsync();
        await _site.ApproveAsync(DeviceProtocol.Http, "D-2", ApiBench.Key);
        for (var i = 0; i < 3; i++)
            (await bench.PostAsync("/devices/v1/hello", "{}")).Status.ShouldBe(200);

        var fourth = await bench.PostAsync("/devices/v1/hello", "{}");

        fourth.ShouldBeProblem(429, "too-many-requests");
        fourth.Headers["Retry-After"].ShouldBe("1");
        (await bench.PostAsync("/devices/v1/hello", "{}", serial: "D-2")).Status.ShouldBe(200);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        (await bench.PostAsync("/devices/v1/hello", "{}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_disk_that_fails_is_no_acknowledgement()
    {
        await ApproveAsync();
        await _site.Journal.DisposeAsync();

        var reply = await _bench.PostAsync("/devices/v1/events", """{"events":[{"id":"1","kind":"door"}]}""");

        reply.ShouldBeProblem(503, "try-again");
        reply.Headers["Retry-After"].ShouldBe("5");
        _bench.Log.LatestRecord.Exception.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_frame_is_answered_with_what_it_showed_and_the_decision()
    {
        await ApproveAsync();
        var person = new KnownPerson("p-1", DeviceSite.Tenant, "1001", "Somebody", false);
        _bench.Desk.Answer = (_, id, deadline) => new FrameAnswer(new FrameFinding(
            FrameVerdict.Used, 3, 1, new FaceRectangle(0.1, 0.2, 0.4, 0.6), 0.87654, "",
            new PassDecision(3, id, DeviceEventOutcome.Granted, new GalleryMatch(person, "t-1", 0.71239f), 0.91, "", TimeSpan.FromSeconds(3), deadline / 10)));

        var reply = await _bench.SendAsync("POST", "/devices/v1/frames", "?frameId=17&deadlineMs=800", [0xFF, 0xD8, 0xFF], "image/jpeg");

        reply.Status.ShouldBe(200);
        Encoding.UTF8.GetString(reply.Body.Span).ShouldBe(
            """{"frameId":17,"verdict":"used","reason":"","faceCount":1,"box":{"left":0.1,"top":0.2,"width":0.3,"height":0.4},"quality":0.8765,"passId":3,"decision":{"passId":3,"outcome":"granted","person":"1001","displayName":"Somebody","similarity":0.7124,"liveProbability":0.91,"reason":"","openSeconds":3,"latencyMs":80}}""");
    }

    [Fact]
    public async Task A_frame_that_decides_two_passes_is_answered_with_both()
    {
        await ApproveAsync();
        static PassDecision Decision(ulong passId) => new(passId, 0, DeviceEventOutcome.NotRecognised, null, null, "", TimeSpan.Zero, TimeSpan.Zero);
        _bench.Desk.Answer = (_, _, _) => new FrameAnswer(new FrameFinding(FrameVerdict.Used, 2, 1, null, 0.9, "", Decision(2)) { EarlierDecision = Decision(1) });

        var reply = (await _bench.SendAsync("POST", "/devices/v1/frames", "frameId=1", [1], "image/jpeg")).Json();

        reply.GetProperty("earlierDecision").GetProperty("passId").GetInt32().ShouldBe(1);
        reply.GetProperty("decision").GetProperty("passId").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Who_merely_came_nearest_is_not_named()
    {
        await ApproveAsync();
        var nearest = new GalleryMatch(new KnownPerson("p-1", DeviceSite.Tenant, "1001", "Somebody", false), "t-1", 0.3f);
        _bench.Desk.Answer = (_, _, _) => new FrameAnswer(new FrameFinding(
            FrameVerdict.Used, 1, 1, null, 0.9, "", new PassDecision(1, 1, DeviceEventOutcome.NotRecognised, nearest, null, "", TimeSpan.Zero, TimeSpan.Zero)));

        var decision = (await _bench.SendAsync("POST", "/devices/v1/frames", "frameId=1", [1], "image/jpeg")).Json().GetProperty("decision");

        decision.TryGetProperty("person", out _).ShouldBeFalse();
        decision.GetProperty("openSeconds").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("", 400, "bad-request")]
    [InlineData("frameId=0", 400, "bad-request")]
    [InlineData("frameId=x", 400, "bad-request")]
    [InlineData("frameId=1&deadlineMs=10", 400, "bad-request")]
    [InlineData("frameId=1&deadlineMs=10001", 400, "bad-request")]
    [InlineData("frameId=1", 429, "busy")]
    public async Task A_frame_that_is_not_looked_at_is_refused_with_the_reason(string query, int status, string type)
    {
        await ApproveAsync();

        (await _bench.SendAsync("POST", "/devices/v1/frames", query, [1], "image/jpeg")).ShouldBeProblem(status, type);
    }

    [Fact]
    public async Task A_body_that_is_no_picture_is_unprocessable()
    {
        await ApproveAsync();
        _bench.Desk.Answer = (_, _, _) => new FrameAnswer(null, "not a JPEG: no start of image");

        var reply = await _bench.SendAsync("POST", "/devices/v1/frames", "frameId=1", [1], "image/jpeg");

        reply.ShouldBeProblem(422, "unreadable-picture");
        reply.Json().GetProperty("detail").GetString()!.ShouldContain("no start of image");
        (await _bench.SendAsync("POST", "/devices/v1/frames", "frameId=1", [1], "image/png")).ShouldBeProblem(415, "content-type");
    }

    [Fact]
    public async Task Commands_come_at_once_or_when_there_are_some_and_results_may_come_twice()
    {
        var device = await ApproveAsync();
        var early = await _site.Commands.AddAsync(device.Id, CommandKinds.TimeSync, new { }, TimeSpan.FromMinutes(5));

        Ids(await _bench.GetAsync("/devices/v1/commands")).ShouldBe([early.Id]);
        var waiting = _bench.GetAsync("/devices/v1/commands", "waitS=20");
        waiting.IsCompleted.ShouldBeFalse();
        var late = await _site.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(5), TimeSpan.FromMinutes(5));
        var told = await waiting;

        Ids(told).ShouldBe([late.Id]);
        told.Json().GetProperty("commands")[0].GetProperty("arguments").GetProperty("seconds").GetInt32().ShouldBe(5);
        for (var i = 0; i < 2; i++)
            (await _bench.PostAsync($"/devices/v1/commands/{late.Id}/result", """{"succeeded":true,"message":"opened"}""")).Status.ShouldBe(204);
        (await _site.Commands.ListAsync(device.Id, 1)).Single().State.ShouldBe(DeviceCommandState.Succeeded);
        (await _bench.PostAsync($"/devices/v1/commands/{late.Id + 1}/result", """{"succeeded":true}""")).ShouldBeProblem(404, "command-not-found");
        (await _bench.PostAsync($"/devices/v1/commands/{late.Id}/result", "{}")).ShouldBeProblem(400, "bad-request");
        (await _bench.GetAsync("/devices/v1/commands", "waitS=31")).ShouldBeProblem(400, "bad-request");
    }

    [Fact]
    public async Task A_result_may_come_twice_however_many_commands_came_after()
    {
        var device = await ApproveAsync();
        var command = await _site.Commands.AddAsync(device.Id, CommandKinds.TimeSync, new { }, TimeSpan.FromMinutes(5));
        Task<DeviceReply> AnswerAsync() => _bench.PostAsync($"/devices/v1/commands/{command.Id}/result", """{"succeeded":true}""");
        (await AnswerAsync()).Status.ShouldBe(204);

        await using (var context = await _site.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            context.DeviceCommands.AddRange(Enumerable.Range(0, 250).Select(_ => new DeviceCommandRow { DeviceId = device.Id, Kind = CommandKinds.TimeSync, Arguments = "{}" }));
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        (await AnswerAsync()).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Nobody_hears_anothers_commands_or_ends_them()
    {
        var device = await ApproveAsync();
        await _site.ApproveAsync(DeviceProtocol.Http, "D-2", ApiBench.Key);
        var command = await _site.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(5), TimeSpan.FromMinutes(5));

        (await _bench.PostAsync($"/devices/v1/commands/{command.Id}/result", """{"succeeded":true}""", serial: "D-2")).ShouldBeProblem(404, "command-not-found");
        Ids(await _bench.SendAsync("GET", "/devices/v1/commands", "", [], null, serial: "D-2")).ShouldBeEmpty();
        Ids(await _bench.GetAsync("/devices/v1/commands")).ShouldBe([command.Id]);
    }

    [Fact]
    public async Task Whoever_waits_for_commands_is_answered_when_time_is_up_when_it_asks_anew_and_when_the_server_stops()
    {
        await ApproveAsync();
        var first = _bench.GetAsync("/devices/v1/commands", "waitS=20");
        var second = _bench.GetAsync("/devices/v1/commands", "waitS=20");
        Ids(await first).ShouldBeEmpty();
        second.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(20));
        Ids(await second).ShouldBeEmpty();
        var third = _bench.GetAsync("/devices/v1/commands", "waitS=20");
        _bench.Stop();

        Ids(await third).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_spoilt_body_is_a_fault_of_the_server()
    {
        await ApproveAsync();
        using var bench = new ApiBench(_site, new DeviceApiOptions { RequestsPerSecond = 1_000, RequestBurst = 10_000 });
        var valid = new (string Path, string Body)[]
        {
            ("/devices/v1/hello", """{"model":"Kiosk","firmware":"2.0","queued":7}"""),
            ("/devices/v1/events", """{"events":[{"id":"1","at":"2026-11-26T08:30:00Z","kind":"attendance","person":"1001"},{"id":"2","kind":"reading","readings":[{"name":"t","value":20}],"detail":{"a":[1]}}]}"""),
            ("/devices/v1/commands/1/result", """{"succeeded":true,"code":5,"message":"done"}"""),
        };
        var mutator = new Mutator(7);

        for (var i = 0; i < Math.Min(Mutator.CountOr(600), 20_000); i++)
        {
            var (path, body) = valid[i % valid.Length];
            _time.Advance(TimeSpan.FromMilliseconds(10));
            var reply = await bench.SendAsync("POST", path, "", mutator.Spoil(Encoding.UTF8.GetBytes(body)), "application/json");
            reply.Status.ShouldBeOneOf(200, 204, 400, 404);
        }

        bench.Log.Collector.Count.ShouldBe(0);
        foreach (var row in await _site.StoredAsync())
            row.ShouldFitItsColumns();
    }

    [Fact]
    public void No_spoilt_batch_throws_takes_much_memory_or_leaves_its_columns()
    {
        var valid = Encoding.UTF8.GetBytes(
            """{"events":[{"id":"1","at":"2026-11-26T08:30:00Z","kind":"attendance","person":"1001","direction":"in"},{"seq":2,"boot":"b","kind":"seen","badge":"04A2","rssiDbm":-60},{"id":"3","kind":"reading","readings":[{"name":"t","value":20,"unit":"Cel"}],"detail":{"a":{"b":[1]}}}]}""");
        var device = new Device(new DeviceRow { Id = "dev-1", Tenant = "default", Serial = "S-1" }, _time);
        var (mutator, kept) = (new Mutator(8), 0);

        for (var i = 0; i < Mutator.CountOr(10_000); i++)
        {
            var spoilt = mutator.Spoil(valid);
            var before = GC.GetAllocatedBytesForCurrentThread();

            var batch = ReceivedBatch.Read(spoilt, 1_000);

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64_000 + (64L * spoilt.Length));
            if (batch.Fault is not null)
                continue;
            kept += batch.Drafts.Count;
            foreach (var row in batch.Drafts.SelectMany(draft => draft.ToRows(device, _site.Options, _time.GetUtcNow())))
                row.ShouldFitItsColumns();
        }

        kept.ShouldBeGreaterThan(1_000);
    }

    private Task<Device> ApproveAsync() => _site.ApproveAsync(DeviceProtocol.Http, ApiBench.Serial, ApiBench.Key);

    private static (int Stored, int Duplicates) Numbers(DeviceReply reply) => (reply.Json().GetProperty("stored").GetInt32(), reply.Json().GetProperty("duplicates").GetInt32());

    private static IEnumerable<long> Ids(DeviceReply reply)
    {
        reply.Status.ShouldBe(200);
        return reply.Json().GetProperty("commands").EnumerateArray().Select(command => command.GetProperty("id").GetInt64()).ToList();
    }
}
