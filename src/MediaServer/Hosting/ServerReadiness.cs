using MediaScore.MediaServer.Sessions;

namespace MediaScore.MediaServer.Hosting;

/// <summary>Can this server take a new interview now? Alive is another question: a server that is full is alive.</summary>
internal sealed class ServerReadiness(ModelSet models, AdmissionController admission, WebRtcEndpoint webRtc, InterviewConductor conductor)
{
    /// <summary>Models that are missing; empty where all are there.</summary>
    public IReadOnlyList<string> ModelFaults => models.Faults;

    /// <summary>Every reason against; empty when ready.</summary>
    public IReadOnlyList<string> Reasons() => [.. models.Faults, .. models.Pool.Faults.Union(admission.Faults()), .. new[] { webRtc.Fault, conductor.TakesNew ? null : "The server was told to stop." }.OfType<string>()];
}
