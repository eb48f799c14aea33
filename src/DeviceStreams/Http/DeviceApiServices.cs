using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Http;

/// <summary>What the device API works with.</summary>
/// <param name="Stopping">Fires when the server stops: whoever waits for commands is answered at once.</param>
internal sealed record DeviceApiServices(
    DeviceRegistry Registry,
    CommandQueue Commands,
    EventJournal Journal,
    IFrameDesk Frames,
    DeviceOptions Devices,
    DeviceApiOptions Options,
    TimeProvider Time,
    ILogger<DeviceApi> Log,
    CancellationToken Stopping);
