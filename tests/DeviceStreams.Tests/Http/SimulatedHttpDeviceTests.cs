using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Http;

public sealed class SimulatedHttpDeviceTests
{
    [Fact]
    public async Task A_server_that_restarts_in_the_middle_loses_and_doubles_no_event()
    {
        const int Count = 300;
        await using var site = await DeviceSite.OpenAsync();
        var options = new DeviceApiOptions { RequestsPerSecond = 1_000, RequestBurst = 10_000 };
        ApiBench? bench = new ApiBench(site, options);
        await site.ApproveAsync(DeviceProtocol.Http, ApiBench.Serial, ApiBench.Key);
        var device = new SimulatedHttpDevice(
            new HttpDevicePlan(new Uri("http://server"), ApiBench.Serial, ApiBench.Key, EventsPerSecond: 1_000)
            {
                EventLimit = Count,
                Misbehaviour = Misbehaviour.Resends | Misbehaviour.CutBodies | Misbehaviour.ReconnectStorms,
            },
            TimeProvider.System,
            _ => { },
            () => new ToServer(() => Volatile.Read(ref bench)));
        var living = device.RunAsync(TestContext.Current.CancellationToken);

        for (var restart = 1; restart <= 2; restart++)
        {
            await site.WhenStoredAsync(restart * 80);
            var old = Interlocked.Exchange(ref bench, null);
            await site.RestartAsync();
            old!.Dispose();
            Volatile.Write(ref bench, new ApiBench(site, options));
        }

        await DeviceSite.WithinAsync(living, () => "the device's last acknowledgement");
        bench!.Dispose();
        (device.Counts.Sent, device.Counts.Answered).ShouldBe((Count, Count));
        var stored = await site.StoredAsync();
        stored.Count.ShouldBe(Count);
        stored.Select(row => row.DeduplicationKey).Distinct().Count().ShouldBe(Count);
    }

    [Fact]
    public async Task It_waits_for_a_person_and_does_what_it_is_told()
    {
        await using var site = await DeviceSite.OpenAsync();
        using var bench = new ApiBench(site);
        using var off = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var simulated = new SimulatedHttpDevice(
            new HttpDevicePlan(new Uri("http://server"), ApiBench.Serial, ApiBench.Key, EventsPerSecond: 50), TimeProvider.System, _ => { }, () => new ToServer(() => bench));
        var added = new TaskCompletionSource<Device>(TaskCreationOptions.RunContinuationsAsynchronously);
        var obeyed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Answered = () =>
        {
            // The first answer after it heard of the command is the one to its result.
            if (!simulated.Commands.IsEmpty)
                obeyed.TrySetResult();
            if (site.Registry.List() is [var device])
                added.TrySetResult(device);
        };
        var living = simulated.RunAsync(off.Token);
        await DeviceSite.WithinAsync(added.Task, () => "the device's hello");
        var device = await added.Task;
        await site.Registry.ChangeAsync(device.Id, row => row.State = DeviceState.Approved);
        await site.WhenStoredAsync(1);

        var command = await site.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(3), TimeSpan.FromMinutes(1));
        await DeviceSite.WithinAsync(obeyed.Task, () => "the command's result");
        await site.WhenStoredAsync(20);

        await off.CancelAsync();
        await living;
        simulated.Commands.ShouldBe(["open-door"]);
        (await site.Commands.ListAsync(device.Id, 1)).Single().ShouldSatisfyAllConditions(row => row.Id.ShouldBe(command.Id), row => row.State.ShouldBe(DeviceCommandState.Succeeded));
    }

    [Fact]
    public async Task Told_that_it_asks_too_often_it_waits_as_long_as_it_is_told_and_stays_connected()
    {
        var time = new HurriedTime();
        using var network = new Throttling();
        var device = new SimulatedHttpDevice(
            new HttpDevicePlan(new Uri("http://server"), ApiBench.Serial, ApiBench.Key, EventsPerSecond: 1_000) { EventLimit = 5 }, time, _ => { }, () => network);

        await DeviceSite.WithinAsync(device.RunAsync(TestContext.Current.CancellationToken), () => "the device's last acknowledgement");

        (device.Counts.Sent, device.Counts.Answered, device.Counts.Reconnects).ShouldBe((5, 5, 0));
        // Once for each of its calls.
        time.Waits.Count(wait => wait == Throttling.Wait).ShouldBe(3);
        device.Counts.Refused.ShouldBe(3);
    }

    /// <summary>A server that turns away the first call of every kind.</summary>
    private sealed class Throttling : HttpMessageHandler
    {
        public static readonly TimeSpan Wait = TimeSpan.FromSeconds(7);

        private readonly HashSet<string> _asked = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_asked.Add(request.RequestUri!.AbsolutePath))
            {
                var refusal = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
                refusal.Headers.RetryAfter = new RetryConditionHeaderValue(Wait);
                return Task.FromResult(refusal);
            }

            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { commands = Array.Empty<object>() }) });
        }
    }

    /// <summary>The network between a device and a server that may not be there.</summary>
    private sealed class ToServer(Func<ApiBench?> server) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (server() is not { } bench)
                throw new HttpRequestException("nobody listens");
            var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()))
                headers[name] = string.Join(", ", values);
            DeviceReply reply;
            try
            {
                reply = await bench.Api.HandleAsync(
                    new DeviceRequest(request.Method.Method, request.RequestUri!.AbsolutePath, request.RequestUri.Query, headers, body, IPAddress.Loopback), cancellationToken);
            }
            catch (ObjectDisposedException fault)
            {
                throw new HttpRequestException("the server went away in the middle", fault);
            }

            bench.Answered?.Invoke();
            var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = new ReadOnlyMemoryContent(reply.Body) };
            if (reply.ContentType.Length > 0)
                response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(reply.ContentType);
            return response;
        }
    }
}
