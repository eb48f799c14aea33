using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Http;

/// <summary>Where pictures of devices that send them one request each are looked at. Or a script, in tests of what is answered.</summary>
internal interface IFrameDesk
{
    /// <param name="jpeg">Read until the task ends.</param>
    /// <param name="arrivedAt">What the deadline counts from.</param>
    ValueTask<FrameAnswer> LookAsync(Device device, ulong frameId, ReadOnlyMemory<byte> jpeg, DateTimeOffset arrivedAt, TimeSpan deadline, CancellationToken cancellationToken);
}

/// <summary>What became of one picture: exactly one of the three is there.</summary>
/// <param name="Unreadable">Why it is no picture that could be looked at.</param>
/// <param name="IsBusy">Another one of the same device is being looked at.</param>
internal readonly record struct FrameAnswer(FrameFinding? Finding, string? Unreadable = null, bool IsBusy = false);
