using System.Diagnostics.Metrics;

namespace MediaScore.DeviceStreams;

/// <summary>The meter of all that this part of a server measures.</summary>
internal static class DeviceMeter
{
    public const string Name = "MediaScore.DeviceStreams";

    /// <param name="owner">Whose instruments these are, among others of the same name.</param>
    public static Meter Of(object owner) => new(new MeterOptions(Name) { Scope = owner });
}
