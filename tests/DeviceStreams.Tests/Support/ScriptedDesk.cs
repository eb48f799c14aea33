using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>Answers frames as a test says.</summary>
internal sealed class ScriptedDesk : IFrameDesk
{
    public Func<Device, ulong, TimeSpan, FrameAnswer> Answer { get; set; } = (_, _, _) => new FrameAnswer(null, IsBusy: true);

    public ValueTask<FrameAnswer> LookAsync(Device device, ulong frameId, ReadOnlyMemory<byte> jpeg, DateTimeOffset arrivedAt, TimeSpan deadline, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Answer(device, frameId, deadline));
}
