namespace MediaScore.DeviceStreams.Isapi.Client;

/// <summary>Asks a device that is busy again: it does one thing at a time, faces first, and says so.</summary>
internal sealed class PatientClient(IsapiClient client, TimeProvider time)
{
    private const int Tries = 4;

    // Longer each time; a face that is being modelled takes two seconds.
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(900);

    public TimeProvider Time => time;

    public async Task<IsapiReply> AskAsync(IsapiCall call, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var reply = await client.SendAsync(call, cancellationToken);
            if (tries == Tries || !reply.Judge().IsBusy)
                return reply;
            await Task.Delay(Wait * tries, time, cancellationToken);
        }
    }

    public async Task<ResponseStatus> TellAsync(IsapiCall call, CancellationToken cancellationToken) => (await AskAsync(call, cancellationToken)).Judge();
}
