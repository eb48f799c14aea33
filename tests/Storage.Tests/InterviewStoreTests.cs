using MediaScore.Timeline;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Storage.Tests;

public sealed class InterviewStoreTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("mediascore-storage-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private string DatabasePath => Path.Combine(_root, "mediascore.db");

    public async ValueTask InitializeAsync() => await InterviewDatabase.MigrateAsync(InterviewDatabase.CreateFactory(DatabasePath));

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_interview_is_the_same_after_the_file_was_opened_again()
    {
        var row = NewRow("interview-1");
        row.CandidateReference = "candidate 42";
        row.Consent = Modality.Audio | Modality.Transcript | Modality.Video;
        row.Permitted = Modality.Audio | Modality.Transcript;
        (await Open().CreateAsync(row)).Created.ShouldBeTrue();
        SqliteConnection.ClearAllPools();

        var found = await Open().FindAsync("interview-1");

        found.ShouldNotBeNull().ShouldBeEquivalentTo(row);
        found.CreatedAt.ShouldBe(_time.GetUtcNow());
        (await Open().FindAsync("interview-2")).ShouldBeNull();
    }

    [Fact]
    public async Task The_database_survives_power_cuts_and_is_for_its_owner_only()
    {
        await using var context = await InterviewDatabase.CreateFactory(DatabasePath).CreateDbContextAsync(TestContext.Current.CancellationToken);

        (await PragmaAsync(context, "journal_mode")).ShouldBe("wal");
        (await PragmaAsync(context, "synchronous")).ShouldBe("2");
        (await PragmaAsync(context, "foreign_keys")).ShouldBe("1");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(DatabasePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Migrations_and_model_are_in_step()
    {
        await using var context = await InterviewDatabase.CreateFactory(DatabasePath).CreateDbContextAsync(TestContext.Current.CancellationToken);

        context.Database.HasPendingModelChanges().ShouldBeFalse("run: dotnet ef migrations add NAME --project src/Storage --output-dir Migrations/Sqlite");
        (await context.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_interview_for_a_day_within_a_tenant()
    {
        var store = Open();
        await store.CreateAsync(NewRow("interview-1", key: "k"));

        _time.Advance(TimeSpan.FromHours(23));
        var again = await store.CreateAsync(NewRow("interview-2", key: "k"));
        var elsewhere = await store.CreateAsync(NewRow("interview-3", key: "k", tenant: "other"));
        _time.Advance(TimeSpan.FromHours(2));
        var nextDay = await store.CreateAsync(NewRow("interview-4", key: "k"));

        (again.Row.Id, again.Created).ShouldBe(("interview-1", false));
        (elsewhere.Row.Id, elsewhere.Created).ShouldBe(("interview-3", true));
        (nextDay.Row.Id, nextDay.Created).ShouldBe(("interview-4", true));
        (await store.FindByIdempotencyKeyAsync("tenant", "k"))!.Id.ShouldBe("interview-4");
        (await store.FindAsync("interview-2")).ShouldBeNull();
    }

    [Fact]
    public async Task Requests_with_one_key_at_the_same_moment_make_one_interview()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Open().CreateAsync(NewRow($"interview-{i}", key: "k")))));

        answers.Count(answer => answer.Created).ShouldBe(1);
        answers.Select(answer => answer.Row.Id).Distinct().ShouldHaveSingleItem();
        (await Open().ListUnfinishedAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_id_is_given_out_once()
    {
        await Open().CreateAsync(NewRow("interview-1"));

        await Should.ThrowAsync<DbUpdateException>(() => Open().CreateAsync(NewRow("interview-1")));
        await Should.ThrowAsync<DbUpdateException>(() => Open().CreateAsync(NewRow("interview-1", key: "k")));
    }

    [Fact]
    public async Task Epochs_are_never_given_twice_under_concurrent_owners()
    {
        await Open().CreateAsync(NewRow("interview-1"));

        var epochs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Open().NextEpochAsync("interview-1"))));

        epochs.Order().ShouldBe(Enumerable.Range(1, 20).Select(i => (ulong)i));
        await Should.ThrowAsync<KeyNotFoundException>(() => Open().NextEpochAsync("interview-2"));
    }

    [Fact]
    public async Task States_carry_their_times_and_only_unfinished_interviews_are_listed_oldest_first()
    {
        var store = Open();
        foreach (var id in new[] { "c-created", "b-running", "a-finishing", "ready", "failed" })
        {
            await store.CreateAsync(NewRow(id));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        await store.SetStateAsync("b-running", InterviewState.Running);
        await store.SetStateAsync("a-finishing", InterviewState.Finishing);
        await store.SetStateAsync("ready", InterviewState.Finishing);
        var ended = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));
        await store.SetStateAsync("ready", InterviewState.ReportReady);
        await store.SetStateAsync("failed", InterviewState.Failed, "the disk is full");

        (await store.ListUnfinishedAsync()).Select(row => row.Id).ShouldBe(["c-created", "b-running", "a-finishing"]);
        var ready = await store.FindAsync("ready");
        ready!.EndedAt.ShouldBe(ended);
        ready.ReportReadyAt.ShouldBe(_time.GetUtcNow());
        (await store.FindAsync("failed"))!.FailureReason.ShouldBe("the disk is full");
        (await store.SetStateAsync("unknown", InterviewState.Running)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_late_word_of_an_earlier_state_does_not_turn_an_interview_back()
    {
        var store = Open();
        await store.CreateAsync(NewRow("ready"));
        await store.SetStateAsync("ready", InterviewState.ReportReady);

        (await store.SetStateAsync("ready", InterviewState.Finishing)).ShouldBeFalse();
        (await store.SetStateAsync("ready", InterviewState.Running)).ShouldBeFalse();
        (await store.SetStateAsync("ready", InterviewState.Failed, "too late")).ShouldBeFalse();

        (await store.FindAsync("ready"))!.State.ShouldBe(InterviewState.ReportReady);
        (await store.ListUnfinishedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_writers_at_once_wait_for_each_other_and_none_fails()
    {
        var store = Open();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await store.CreateAsync(NewRow($"interview-{writer}-{i}"));
                await store.SetStateAsync($"interview-{writer}-{i}", InterviewState.Running);
            }
        })));

        var unfinished = await store.ListUnfinishedAsync();
        unfinished.Count.ShouldBe(80);
        unfinished.ShouldAllBe(row => row.State == InterviewState.Running);
    }

    private static async Task<string?> PragmaAsync(MediaScoreDbContext context, string name)
    {
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {name};";
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private static InterviewRow NewRow(string id, string? key = null, string tenant = "tenant") => new()
    {
        Id = id,
        Tenant = tenant,
        PlanId = "store-manager",
        PlanSha256 = new string('a', 64),
        Language = "en",
        PolicyProfile = "default",
        Recognizer = "default",
        AccessTokenSha256 = new string('b', 64),
        IdempotencyKey = key,
    };

    private InterviewStore Open() => new(InterviewDatabase.CreateFactory(DatabasePath), _time);
}
