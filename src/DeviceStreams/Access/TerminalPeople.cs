using System.Buffers.Text;
using System.Security.Cryptography;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Access;

/// <summary>People and faces of terminals go where those of everybody go: one list of people, one gallery, one rule of consent.</summary>
/// <param name="enrol">Tenant, number, picture, source: the gallery's own enrolment, which checks consent again; true, or why not.</param>
public sealed class TerminalPeople(
    PersonStore store, TenantKeys keys, Func<string, string, ReadOnlyMemory<byte>, string, CancellationToken, Task<(bool Enrolled, string Reason)>> enrol) : ITerminalPeople
{
    public async Task OfferPeopleAsync(Device device, IReadOnlyList<TerminalPerson> people, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(people);
        foreach (var person in people)
        {
            // Terminals send their whole list now and then; mostly there is nothing new.
            if (PersonRules.FaultOfNumber(person.Number) is not null || await store.FindAsync(device.Tenant, person.Number, cancellationToken) is not null)
                continue;
            // One write: who is on the terminal's black list is never known here without being blocked, and a name that an operator has given meanwhile stays.
            var id = PersonRules.NewId();
            var name = PersonSeal.SealName(keys, device.Tenant, id, PersonRules.Legible(person.Name));
            await store.AddMissingAsync(device.Tenant, person.Number, id, name, person.IsDisabled, cancellationToken);
        }
    }

    public async Task<TerminalFaceAnswer> OfferFaceAsync(Device device, string personNumber, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (await store.FindAsync(device.Tenant, personNumber, cancellationToken) is not { } person)
            return new TerminalFaceAnswer(Taken: false, AwaitsConsent: true, $"Nobody has the number {personNumber} here, and nobody has written down that this person agreed to be recognised.");
        if (person.ConsentGivenAt is null)
            return new TerminalFaceAnswer(Taken: false, AwaitsConsent: true, $"Nobody has written down that person {personNumber} agreed to be recognised. Do that, then ask the terminal for its faces again.");

        // The picture is part of the name of its source: terminals send what they have at every start, and no template may come of it twice.
        var source = string.Concat("device:", device.Id, "#", Base64Url.EncodeToString(SHA256.HashData(picture.Span).AsSpan(0, 9)));
        if ((await store.TemplatesOfAsync(person.Id, cancellationToken)).Any(template => template.Source == source))
            return new TerminalFaceAnswer(Taken: true, AwaitsConsent: false, "");
        var (enrolled, reason) = await enrol(device.Tenant, personNumber, picture, source, cancellationToken);
        return new TerminalFaceAnswer(enrolled, AwaitsConsent: false, reason);
    }

    public async Task<bool> HasConsentAsync(string tenant, string personNumber, CancellationToken cancellationToken) =>
        await store.FindAsync(tenant, personNumber, cancellationToken) is { ConsentGivenAt: not null };
}
