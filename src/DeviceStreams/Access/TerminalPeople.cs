using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Access;

/// <summary>People and faces of terminals go where those of everybody go: one list of people, one gallery, one rule of consent.</summary>
/// <param name="enrol">Tenant, number, picture, source: the gallery's own enrolment, which checks consent again; true, or why not.</param>
public sealed class TerminalPeople(
    PersonStore store, TenantKeys keys, Func<string, string, ReadOnlyMemory<byte>, string, CancellationToken, Task<(bool Enrolled, string Reason)>> enrol) : ITerminalPeople
{
    private const int MaxNumberLength = 32;
    private const int MaxNameLength = 128;

    public async Task OfferPeopleAsync(Device device, IReadOnlyList<TerminalPerson> people, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(people);
        foreach (var person in people)
        {
            // Terminals send their whole list now and then; mostly there is nothing new.
            if (!IsNumber(person.Number) || await store.FindAsync(device.Tenant, person.Number, cancellationToken) is not null)
                continue;
            var name = person.Name.Length > MaxNameLength ? person.Name[..MaxNameLength] : person.Name;
            var stored = await store.SetAsync(device.Tenant, person.Number, NewId(), id => keys.Seal(device.Tenant, $"name/{id}", Encoding.UTF8.GetBytes(name)), cancellationToken);
            if (person.IsDisabled)
                await store.SetBlockedAsync(stored.Id, blocked: true, cancellationToken);
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

    private static string NewId() => "per-" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 16);

    private static bool IsNumber(string number) => number.Length is >= 1 and <= MaxNumberLength && number.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
