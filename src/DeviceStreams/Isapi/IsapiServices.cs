using System.Collections.Concurrent;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Isapi;

/// <summary>What calling and hearing Hikvision devices works with, put together by <see cref="IsapiService"/>.</summary>
internal sealed record IsapiServices(
    DeviceRegistry Registry,
    CommandQueue Commands,
    EventJournal Journal,
    IEventPictures Pictures,
    IDoorPeople People,
    IFaceVerifier? Faces,
    IDoorPolicy Policy,
    TenantKeys Keys,
    DeviceOptions Devices,
    IsapiOptions Options,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary>Told whenever it is another with a device.</summary>
    public Action<IsapiStatus> Announce { get; init; } = _ => { };

    public QuietWriter Quiet { get; } = new(Journal);

    /// <summary>By device; kept over connections.</summary>
    public ConcurrentDictionary<string, IsapiCounts> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>By device: how it asks who may pass, as it last said.</summary>
    public ConcurrentDictionary<string, RemoteCheckSettings> RemoteChecks { get; } = new(StringComparer.Ordinal);

    /// <summary>By device: who answers its questions, whichever way they come.</summary>
    public ConcurrentDictionary<string, DoorQuestions> Questions { get; } = new(StringComparer.Ordinal);

    public IsapiCounts CountsOf(Device device) => Counts.GetOrAdd(device.Id, static _ => new IsapiCounts());

    public DoorQuestions QuestionsOf(Device device) => Questions.GetOrAdd(device.Id, static (_, all) => new DoorQuestions(all.device, all.services), (device, services: this));
}
