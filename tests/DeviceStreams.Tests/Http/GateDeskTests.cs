using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Perception.Vision;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;

namespace MediaScore.DeviceStreams.Tests.Http;

public sealed class GateDeskTests : IAsyncLifetime
{
    private static readonly byte[] Jpeg = Picture();
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly Looker _looker = new();
    private DeviceSite _site = null!;
    private FaceGallery _gallery = null!;
    private Device _device = null!;
    private GateDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await DeviceSite.OpenAsync(_time);
        _gallery = new FaceGallery(new GalleryOptions(), _time);
        _device = await _site.ApproveAsync(DeviceProtocol.Http, "D-1");
        _desk = new GateDesk(_looker, _gallery, new DoorPolicy(), _site.Journal, _site.Options, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        _gallery.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Frames_of_one_person_in_several_requests_are_one_pass_with_one_decision()
    {
        var findings = new List<FrameFinding>();
        for (ulong id = 1; id <= 4; id++)
            findings.Add((await LookAsync(id)).Finding!);

        findings.ShouldAllBe(finding => finding.PassId == 1 && finding.Verdict == FrameVerdict.Used);
        findings.Select(finding => finding.Decision is not null).ShouldBe([false, false, true, false]);
        findings[2].Decision!.Outcome.ShouldBe(DeviceEventOutcome.NotRecognised);
        (await _site.StoredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(DeviceEventOutcome.NotRecognised);
    }

    [Fact]
    public async Task A_pass_that_nobody_finishes_is_decided_and_stored_all_the_same()
    {
        await LookAsync(1);

        for (var second = 0; second < 3; second++)
            _time.Advance(TimeSpan.FromSeconds(1));

        await _site.WhenStoredAsync(1);
        (await _site.StoredAsync()).ShouldHaveSingleItem().Kind.ShouldBe(DeviceEventKind.Access);
    }

    [Fact]
    public async Task A_pass_whose_time_is_up_waits_for_the_next_frame_that_can_be_told()
    {
        await LookAsync(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await LookAsync(2);
        // Past its time, and a sweep has come by; but somebody stands there.
        _time.Advance(TimeSpan.FromSeconds(1));

        var told = (await LookAsync(3)).Finding.ShouldNotBeNull();

        told.PassId.ShouldBe(1ul);
        told.Decision.ShouldNotBeNull().Outcome.ShouldBe(DeviceEventOutcome.NotRecognised);
        (await _site.StoredAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_no_picture_is_said_to_be_none()
    {
        var answer = await _desk.LookAsync(_device, 1, new byte[] { 1, 2, 3 }, _time.GetUtcNow(), Deadline, TestContext.Current.CancellationToken);

        answer.Finding.ShouldBeNull();
        answer.Unreadable.ShouldNotBeNull().ShouldContain("JPEG");
    }

    [Fact]
    public async Task A_second_picture_of_a_device_does_not_wait_for_the_first_and_another_device_is_not_kept_waiting()
    {
        var other = await _site.ApproveAsync(DeviceProtocol.Http, "D-2");
        _looker.Gate = new TaskCompletionSource();
        var first = LookAsync(1);

        (await LookAsync(2)).IsBusy.ShouldBeTrue();
        var others = _desk.LookAsync(other, 1, Jpeg, _time.GetUtcNow(), Deadline, TestContext.Current.CancellationToken);
        _looker.Gate.SetResult();

        (await first).Finding.ShouldNotBeNull();
        (await others).Finding.ShouldNotBeNull();
    }

    private async Task<FrameAnswer> LookAsync(ulong id) => await _desk.LookAsync(_device, id, Jpeg, _time.GetUtcNow(), Deadline, TestContext.Current.CancellationToken);

    private static byte[] Picture()
    {
        using var bitmap = new SKBitmap(64, 64);
        bitmap.Erase(SKColors.Gray);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return encoded.ToArray();
    }

    /// <summary>Sees one and the same good face in every picture.</summary>
    private sealed class Looker : IFaceLooker
    {
        public TaskCompletionSource? Gate { get; set; }

        public async ValueTask<FaceSighting> DetectAsync(RgbPicture picture, CancellationToken cancellationToken)
        {
            if (Gate is { } gate)
                await gate.Task;
            return new FaceSighting(1, new DetectedFace(new FaceRectangle(0.2, 0.2, 0.8, 0.8), 0.99, []), 0.9, "");
        }

        public ValueTask<FaceEvidence?> ExamineAsync(RgbPicture picture, DetectedFace face, bool checkLiveness, CancellationToken cancellationToken)
        {
            var direction = new float[512];
            direction[0] = 1;
            return ValueTask.FromResult<FaceEvidence?>(new FaceEvidence(direction, null));
        }
    }
}
