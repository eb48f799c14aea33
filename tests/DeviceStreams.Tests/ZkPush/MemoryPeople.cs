using System.Collections.Concurrent;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>People and faces in the order in which terminals offered them.</summary>
internal sealed class MemoryPeople : ITerminalPeople
{
    public bool Fails { get; set; }

    public ConcurrentDictionary<string, bool> Consents { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<TerminalPerson> People { get; } = new();

    public ConcurrentQueue<(string Number, byte[] Picture)> Faces { get; } = new();

    public Task OfferPeopleAsync(Device device, IReadOnlyList<TerminalPerson> people, CancellationToken cancellationToken)
    {
        if (Fails)
            throw new IOException("No space left on device.");
        foreach (var person in people)
            People.Enqueue(person);
        return Task.CompletedTask;
    }

    public Task<TerminalFaceAnswer> OfferFaceAsync(Device device, string personNumber, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        if (Fails)
            throw new IOException("No space left on device.");
        if (!Consents.ContainsKey(personNumber))
            return Task.FromResult(new TerminalFaceAnswer(Taken: false, AwaitsConsent: true, "no consent"));
        Faces.Enqueue((personNumber, picture.ToArray()));
        return Task.FromResult(new TerminalFaceAnswer(Taken: true, AwaitsConsent: false, ""));
    }

    public Task<bool> HasConsentAsync(string tenant, string personNumber, CancellationToken cancellationToken) => Task.FromResult(Consents.ContainsKey(personNumber));
}
