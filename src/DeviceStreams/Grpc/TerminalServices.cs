using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary>What every terminal's stream works with.</summary>
internal sealed record TerminalServices(
    DeviceRegistry Registry, CommandQueue Commands, EventJournal Journal, IFaceLooker Faces, FaceGallery Gallery, Enrolment Enrolment, IDoorPolicy Policy, DeviceOptions Options, TimeProvider Time);
