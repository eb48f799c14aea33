using System.Text;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
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
    public async Task Whoever_is_on_a_terminal_s_black_list_is_never_stored_without_being_blocked()
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        var store = new PersonStore(host, host.Time);
        var people = new TerminalPeople(store, host.Keys, (_, _, _, _, _) => Task.FromResult((true, "")));
        using var gone = new CancellationTokenSource();
        // The terminal's connection is lost as soon as something of it is stored; it sends the same again.
        store.Changed += _ => gone.Cancel();

        await people.OfferPeopleAsync(device, [new TerminalPerson("4712", "Bo", true)], gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await people.OfferPeopleAsync(device, [new TerminalPerson("4712", "Bo", true)], CancellationToken.None);

        (await store.ListAsync(device.Tenant)).ShouldHaveSingleItem().IsBlocked.ShouldBeTrue();
    }

    [Fact]
    public async Task A_name_that_an_operator_gives_at_the_same_time_stays()
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        var store = new PersonStore(host, host.Time);
        var people = new TerminalPeople(store, host.Keys, (_, _, _, _, _) => Task.FromResult((true, "")));
        var (operators, terminals) = (Task.CompletedTask, Task.CompletedTask);

        await store.VisitChangesAsync(-1, _ =>
        {
            // Both wait until this has ended, in this order; to the terminal the person is unknown.
            operators = store.SetAsync(device.Tenant, "4711", "per-1", id => host.Keys.Seal(device.Tenant, $"name/{id}", "Ada Lovelace"u8));
            terminals = people.OfferPeopleAsync(device, [new TerminalPerson("4711", "ADA L", true)], CancellationToken.None);
            return Task.CompletedTask;
        });
        await Task.WhenAll(operators, terminals);

        var person = (await store.ListAsync(device.Tenant)).ShouldHaveSingleItem();
        (Name(host, device, person), person.IsBlocked).ShouldBe(("Ada Lovelace", false));
    }

    [Fact]
    public async Task Of_a_name_is_kept_what_people_may_be_called_here()
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        var store = new PersonStore(host, host.Time);
        var people = new TerminalPeople(store, host.Keys, (_, _, _, _, _) => Task.FromResult((true, "")));
        var letters = new string('a', 127);

        await people.OfferPeopleAsync(
            device, [new TerminalPerson("1", letters + "\U0001F600z", false), new TerminalPerson("2", "Bo\r\n\uFFFD", false), new TerminalPerson("3", new string('b', 129), false)], CancellationToken.None);

        var names = (await store.ListAsync(device.Tenant)).Select(person => Name(host, device, person)).ToList();
        names.ShouldBe([letters + "\U0001F600", "Bo", new string('b', 128)]);
        names.Select(PersonRules.FaultOfName).ShouldAllBe(fault => fault == null);
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
            var added = await store.AddTemplateAsync(new FaceTemplateRow { Id = $"t{sources.Count}", PersonId = person!.Id, Tenant = tenant, ModelId = "m", ModelVersion = "1", Sealed = [1], Source = source }, [], unlessSince: null, cancellationToken);
            return (added == AddedTemplate.Stored, "");
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
