namespace MediaScore.DeviceStreams.Isapi.Commands;

/// <summary>Of <see cref="IsapiCommandKinds.RemoteCheck"/>.</summary>
/// <param name="TimeoutS">How long the device waits for us, 1 to 10 s; every person waits so long while this server is away.</param>
/// <param name="OpensOffline">Without us the device decides by itself; else it lets nobody in.</param>
public sealed record RemoteCheckArguments(bool IsEnabled, int TimeoutS = 5, bool OpensOffline = true);
