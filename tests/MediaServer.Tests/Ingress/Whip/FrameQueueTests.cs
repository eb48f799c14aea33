using MediaScore.MediaServer.Ingress.Whip;
using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Tests.Ingress.Whip;

public sealed class FrameQueueTests : IDisposable
{
    private readonly FrameQueue _queue;
    private int _keyFramesWanted;

    public FrameQueueTests() => _queue = new FrameQueue(() => _keyFramesWanted++, maxCount: 8, maxBytes: 1000);

    [Fact]
    public async Task Frames_leave_in_the_order_in_which_they_came()
    {
        Audio(0);
        Picture(1, key: true);
        Audio(2);
        _queue.Complete();

        var frames = await DrainAsync();

        frames.Select(f => f.InterviewUs).ShouldBe([0, 1, 2]);
        frames.ShouldAllBe(f => f.LostBefore == 0);
    }

    [Fact]
    public async Task The_oldest_pictures_go_first_with_all_that_hang_on_them_and_sound_stays()
    {
        Audio(0);
        Picture(1, key: true);
        Picture(2, key: false);
        Picture(3, key: false);
        Picture(4, key: true);
        Picture(5, key: false);
        Audio(6);
        Audio(7);
        Audio(8); // the ninth
        _queue.Complete();

        var frames = await DrainAsync();

        frames.Select(f => f.InterviewUs).ShouldBe([0, 4, 5, 6, 7, 8]);
        frames.Single(f => f.InterviewUs == 4).LostBefore.ShouldBe(3);
        _queue.DroppedVideoCount.ShouldBe(3);
        _queue.DroppedAudioCount.ShouldBe(0);
        _keyFramesWanted.ShouldBe(0);
    }

    [Fact]
    public async Task Where_no_key_frame_is_left_one_is_asked_for_and_pictures_wait_for_it()
    {
        Picture(0, key: true, bytes: 600);
        Picture(1, key: false, bytes: 300);
        Audio(2, bytes: 200);
        Picture(3, key: false, bytes: 10);
        Picture(4, key: true, bytes: 10);
        Picture(5, key: false, bytes: 10, lostBefore: 2);
        _queue.Complete();

        var frames = await DrainAsync();

        frames.Select(f => f.InterviewUs).ShouldBe([2, 4, 5]);
        frames.Single(f => f.InterviewUs == 4).LostBefore.ShouldBe(3);
        frames.Single(f => f.InterviewUs == 5).LostBefore.ShouldBe(2);
        _keyFramesWanted.ShouldBe(1);
    }

    [Fact]
    public async Task Sound_goes_last_and_what_follows_says_how_much_is_missing()
    {
        for (var i = 0; i < 12; i++)
            Audio(i, bytes: 100, lostBefore: i == 1 ? 5 : 0);
        _queue.Complete();

        var frames = await DrainAsync();

        frames.Select(f => f.InterviewUs).ShouldBe([4, 5, 6, 7, 8, 9, 10, 11]);
        frames[0].LostBefore.ShouldBe(9);
        _queue.DroppedAudioCount.ShouldBe(4);
    }

    [Fact]
    public async Task A_frame_is_copied_and_nothing_is_taken_after_the_end()
    {
        byte[] buffer = [1, 2, 3];
        _queue.Add(new EncodedFrame { Kind = MediaKind.Audio, Codec = RtpCodec.Opus, MediaTimeUs = 0, KeyFrame = true, LostBefore = 0, Payload = buffer }, 0);
        buffer[0] = 9;
        _queue.Complete();
        Audio(1);

        var frames = await DrainAsync();

        frames.Single().Payload.ShouldBe<byte>([1, 2, 3]);
    }

    public void Dispose() => _queue.Dispose();

    private void Audio(long us, int bytes = 10, int lostBefore = 0) => _queue.Add(
        new EncodedFrame { Kind = MediaKind.Audio, Codec = RtpCodec.Opus, MediaTimeUs = us, KeyFrame = true, LostBefore = lostBefore, Payload = new byte[bytes] }, us);

    private void Picture(long us, bool key, int bytes = 10, int lostBefore = 0) => _queue.Add(
        new EncodedFrame { Kind = MediaKind.Video, Codec = RtpCodec.Vp8, MediaTimeUs = us, KeyFrame = key, LostBefore = lostBefore, Payload = new byte[bytes] }, us);

    private async Task<List<QueuedFrame>> DrainAsync()
    {
        var frames = new List<QueuedFrame>();
        while (await _queue.TakeAsync(TestContext.Current.CancellationToken) is { } frame)
            frames.Add(frame);
        return frames;
    }
}
