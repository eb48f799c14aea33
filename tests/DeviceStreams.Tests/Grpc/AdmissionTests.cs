using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>Which terminals are let in, and what the others are told.</summary>
public sealed class AdmissionTests : IAsyncLifetime
{
    private TerminalBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await TerminalBench.OpenAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_newcomer_is_held_until_a_person_approves_it_and_is_told_so_on_its_open_stream()
    {
        var call = _bench.Connect("T-1");
        var welcome = (await call.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome;
        call.SendFrame(1, 1);
        var held = (await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult;
        await _bench.JudgeAsync("T-1", DeviceState.Approved);
        var approved = (await call.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome;
        call.SendFrame(2, 1);
        var looked = (await call.UntilAsync(ServerMessage.MessageOneofCase.FrameResult)).FrameResult;

        (welcome.Approved, welcome.DeviceId, approved.Approved, approved.DeviceId).ShouldBe((false, _bench.Find("T-1").Id, true, welcome.DeviceId));
        (held.FrameId, held.Verdict).ShouldBe((1UL, FrameVerdict.NotApproved));
        (looked.FrameId, looked.Verdict).ShouldBe((2UL, FrameVerdict.NoFace));
        _bench.Site.Camera.DetectedCount.ShouldBe(1, "nothing of a terminal counts before a person has spoken");
        (_bench.Find("T-1").Row.Model, _bench.Find("T-1").Row.Firmware).ShouldBe(("T-1", "1.2"));
    }

    [Fact]
    public async Task Log_records_of_a_newcomer_stay_in_it()
    {
        var call = _bench.Connect("T-1");
        call.Send(new DeviceMessage { Log = new LogRecords { Records = { TerminalLogTests.Record(1) } } });

        await call.BeatAsync();

        (await _bench.Site.StoredAsync()).ShouldBeEmpty();
        call.HasNews.ShouldBeFalse("nothing was acknowledged, so the terminal keeps it");
    }

    [Fact]
    public async Task The_key_that_a_terminal_said_first_is_the_one_that_counts()
    {
        await _bench.Connect("T-1").UntilAsync(ServerMessage.MessageOneofCase.Welcome);

        var other = await _bench.Connect("T-1", key: "another-key-0123456789").StatusAsync();
        var none = await _bench.Connect("T-2", key: "short").StatusAsync();
        var again = await _bench.Connect("T-1").UntilAsync(ServerMessage.MessageOneofCase.Welcome);
        await _bench.Site.Registry.ChangeAsync(_bench.Find("T-1").Id, row => row.CredentialSha256 = null);
        var forgotten = await _bench.Connect("T-1", key: "another-key-0123456789").UntilAsync(ServerMessage.MessageOneofCase.Welcome);

        other.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        other.Detail.ShouldContain("another key");
        none.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        none.Detail.ShouldContain("16 to 128");
        again.Welcome.DeviceId.ShouldBe(forgotten.Welcome.DeviceId);
        _bench.Site.Registry.List().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_client_certificate_takes_the_place_of_a_key_and_a_renewed_one_with_the_same_key_is_the_same_terminal_s()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256), otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = _bench.Site.Time.GetUtcNow();
        using X509Certificate2 own = Certificate(key, now.AddDays(30)), renewed = Certificate(key, now.AddDays(365)), others = Certificate(otherKey, now.AddDays(30));
        await _bench.Connect("T-1", key: "", certificate: own).UntilAsync(ServerMessage.MessageOneofCase.Welcome);

        await _bench.Connect("T-1", key: "", certificate: renewed).UntilAsync(ServerMessage.MessageOneofCase.Welcome);
        (await _bench.Connect("T-1", key: "", certificate: others).StatusAsync()).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await _bench.Connect("T-1").StatusAsync()).StatusCode.ShouldBe(StatusCode.Unauthenticated, "a key is not the certificate that it came with first");
        (await _bench.Connect("T-1", key: "").StatusAsync()).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        CertificateCredential.FingerprintOf(_bench.Find("T-1").Row).ShouldBe(string.Join(':', SHA256.HashData(key.ExportSubjectPublicKeyInfo()).Select(part => part.ToString("x2"))));
        _bench.Find("T-1").Row.CredentialSha256!.Length.ShouldBeLessThanOrEqualTo(64, "its column has no more room");
    }

    [Fact]
    public async Task A_certificate_that_has_expired_or_is_not_valid_yet_is_refused_with_the_date()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = _bench.Site.Time.GetUtcNow();
        using X509Certificate2 expired = Certificate(key, now.AddMinutes(-1)), early = Certificate(key, now.AddDays(30), from: now.AddDays(2)), clockAhead = Certificate(key, now.AddDays(30), from: now.AddHours(5));

        var tooLate = await _bench.Connect("T-1", certificate: expired).StatusAsync();
        var tooEarly = await _bench.Connect("T-1", certificate: early).StatusAsync();

        (tooLate.StatusCode, tooEarly.StatusCode).ShouldBe((StatusCode.Unauthenticated, StatusCode.Unauthenticated));
        tooLate.Detail.ShouldContain($"expired at {now.AddMinutes(-1):yyyy-MM-dd HH:mm}");
        tooEarly.Detail.ShouldContain($"valid from {now.AddDays(2):yyyy-MM-dd}");
        _bench.Site.Registry.List().ShouldBeEmpty("nobody waits for approval with such a certificate");
        await _bench.Connect("T-1", key: "", certificate: clockAhead).UntilAsync(ServerMessage.MessageOneofCase.Welcome);
    }

    [Fact]
    public async Task A_terminal_that_a_person_refused_is_turned_away_also_in_the_middle_of_its_stream()
    {
        var call = _bench.Connect("T-1");
        await call.BeatAsync();

        await _bench.JudgeAsync("T-1", DeviceState.Refused);

        (await call.StatusAsync()).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await _bench.Connect("T-1").StatusAsync()).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        _bench.Streams.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_terminal_comes_from_its_own_network_only()
    {
        await _bench.Site.ApproveAsync("T-1", row => row.Network = "192.0.2.0/24");

        var elsewhere = await _bench.Connect("T-1", peer: "ipv4:198.51.100.7:40000").StatusAsync();
        var at = await _bench.Connect("T-1", peer: "ipv4:192.0.2.7:40000").UntilAsync(ServerMessage.MessageOneofCase.Welcome);
        var mapped = await _bench.Connect("T-1", peer: "ipv6:[::ffff:192.0.2.7]:40000").UntilAsync(ServerMessage.MessageOneofCase.Welcome);

        elsewhere.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        elsewhere.Detail.ShouldContain("192.0.2.0/24");
        (at.Welcome.Approved, mapped.Welcome.Approved).ShouldBe((true, true));
    }

    [Theory]
    [InlineData("", "site", "serial")]
    [InlineData("T 1", "site", "serial")]
    [InlineData("T-1", "Site", "tenant")]
    [InlineData("T-1", "a/b", "tenant")]
    public async Task A_hello_that_makes_no_sense_is_refused_by_its_field(string serial, string tenant, string field)
    {
        var call = _bench.Call();
        call.Send(TerminalBench.HelloOf(serial, tenant: tenant));

        var status = await call.StatusAsync();

        status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        status.Detail.ShouldContain(field);
        _bench.Site.Registry.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_message_is_a_hello_and_comes_soon()
    {
        var (other, closed, silent) = (_bench.Call(), _bench.Call(), _bench.Call());
        other.Send(new DeviceMessage { Heartbeat = new Heartbeat() });
        closed.Complete();

        (await other.StatusAsync()).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await closed.StatusAsync()).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        await _bench.Site.PassTimeUntilAsync(silent.Ended, TimeSpan.FromSeconds(1));
        (await silent.StatusAsync()).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task A_second_stream_of_a_terminal_takes_over_and_the_first_is_told()
    {
        var (first, device) = await _bench.ConnectApprovedAsync("T-1");

        var second = _bench.Connect("T-1");
        await second.BeatAsync();

        (await first.StatusAsync()).StatusCode.ShouldBe(StatusCode.Aborted);
        _bench.Streams.Count.ShouldBe(1);
        await _bench.Site.Commands.AddAsync(device.Id, "time-sync", new object(), TimeSpan.FromMinutes(1));
        (await second.UntilAsync(ServerMessage.MessageOneofCase.Command)).Command.TimeSync.ShouldNotBeNull("commands go to the stream that lives");
    }

    [Fact]
    public async Task Many_streams_of_one_terminal_at_once_leave_one()
    {
        await _bench.Site.ApproveAsync("T-1");
        var streams = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            var call = new TerminalCall(_bench.Service);
            call.Send(TerminalBench.HelloOf("T-1"));
            return call;
        })));

        var ends = streams.Select(call => call.Ended).ToList();
        while (ends.Count > 1)
            ends.Remove(await Task.WhenAny(ends).WaitAsync(TimeSpan.FromSeconds(60)));

        _bench.Streams.Count.ShouldBe(1);
        var last = streams.Single(call => !call.Ended.IsCompleted);
        last.Cut();
        await last.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _bench.Streams.Count.ShouldBe(0);
        foreach (var call in streams)
            call.Dispose();
    }

    [Fact]
    public async Task A_server_that_stops_tells_its_terminals_to_come_back()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");

        _bench.Stop();

        var status = await call.StatusAsync();
        status.StatusCode.ShouldBe(StatusCode.Unavailable);
        status.Detail.ShouldContain("connect again");
        _bench.Streams.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_floods_the_list_with_invented_serials_is_stopped()
    {
        await using var bench = await TerminalBench.OpenAsync(new DeviceOptions { MaxPending = 2 });
        await bench.Connect("T-1").UntilAsync(ServerMessage.MessageOneofCase.Welcome);
        await bench.Connect("T-2").UntilAsync(ServerMessage.MessageOneofCase.Welcome);

        var fault = await Should.ThrowAsync<RpcException>(bench.Connect("T-3").Ended.WaitAsync(TimeSpan.FromSeconds(60)));
        fault.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        fault.Trailers.GetValue("retry-after-ms").ShouldBe("10000", "a terminal is told when to ask again");
        (await bench.Connect("T-1").UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome.Approved.ShouldBeFalse("who waits already is not turned away");
        bench.Site.Registry.List().Count.ShouldBe(2);
    }

    /// <summary>Signed by itself: nobody asks by whom.</summary>
    private static X509Certificate2 Certificate(ECDsa key, DateTimeOffset until, DateTimeOffset? from = null) =>
        new CertificateRequest("CN=T-1", key, HashAlgorithmName.SHA256).CreateSelfSigned(from ?? until.AddYears(-2), until);
}
