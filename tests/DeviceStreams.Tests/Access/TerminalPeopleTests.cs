using System.Text;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Tests.ZkPush;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Tests.Access;

public sealed class TerminalPeopleTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0];

    [Fact]
    public async Task A_terminal_adds_people_and_renames_none()
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        var store = new PersonStore(host, host.Time);
        var people = new TerminalPeople(store, host.Keys, (_, _, _, _, _) => Task.FromResult((true, "")));

        await people.OfferPeopleAsync(device, [new TerminalPerson("4711", "Ada", false), new TerminalPerson("4712", "Bo", true), new TerminalPerson("no number", "X", false)], CancellationToken.None);
        await people.OfferPeopleAsync(device, [new TerminalPerson("4711", "", false)], CancellationToken.None);

        var stored = await store.ListAsync(device.Tenant);
        stored.Select(person => (person.Number, Name(host, device, person), person.IsBlocked)).ShouldBe([("4711", "Ada", false), ("4712", "Bo", true)]);
        stored.ShouldAllBe(person => person.ConsentGivenAt == null);
    }

    [Fact]
    public async Task A_face_is_taken_with_consent_only_and_the_same_face_once()
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        var store = new PersonStore(host, host.Time);
        var sources = new List<string>();
        var people = new TerminalPeople(store, host.Keys, async (tenant, number, _, source, cancellationToken) =>
        {
            sources.Add(source);
            var person = await store.FindAsync(tenant, number, cancellationToken);
            var added = await store.AddTemplateAsync(new FaceTemplateRow { Id = $"t{sources.Count}", PersonId = person!.Id, Tenant = tenant, ModelId = "m", ModelVersion = "1", Sealed = [1], Source = source }, cancellationToken);
            return (added, "");
        });

        var unknown = await people.OfferFaceAsync(device, "4711", Jpeg, CancellationToken.None);
        await people.OfferPeopleAsync(device, [new TerminalPerson("4711", "Ada", false)], CancellationToken.None);
        var held = await people.OfferFaceAsync(device, "4711", Jpeg, CancellationToken.None);
        await store.GiveConsentAsync((await store.FindAsync(device.Tenant, "4711"))!.Id, "paper");
        var taken = await people.OfferFaceAsync(device, "4711", Jpeg, CancellationToken.None);
        var again = await people.OfferFaceAsync(device, "4711", Jpeg, CancellationToken.None);
        var another = await people.OfferFaceAsync(device, "4711", (byte[])[.. Jpeg, 1], CancellationToken.None);

        new[] { unknown, held }.ShouldAllBe(answer => !answer.Taken && answer.AwaitsConsent && answer.Reason.Length > 0);
        new[] { taken, again, another }.ShouldAllBe(answer => answer.Taken);
        sources.Count.ShouldBe(2);
        sources.ShouldAllBe(source => source.StartsWith($"device:{device.Id}#", StringComparison.Ordinal) && source.Length <= 80);
        (await people.HasConsentAsync(device.Tenant, "4711", CancellationToken.None)).ShouldBeTrue();
        (await people.HasConsentAsync(device.Tenant, "4712", CancellationToken.None)).ShouldBeFalse();
    }

    private static string Name(ZkHost host, Device device, PersonRow person) => Encoding.UTF8.GetString(host.Keys.TryOpen(device.Tenant, $"name/{person.Id}", person.SealedName)!);
}
