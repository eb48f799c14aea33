using MediaScore.Storage.Devices;
using MediaScore.Storage.Outbox;
using MediaScore.Storage.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MediaScore.Storage;

/// <summary>
/// The relational state: who is interviewed by which plan and how far it got; which devices there are, whom doors know and what happened there. Media and observations are not
/// here (see Recording).
/// </summary>
public sealed class MediaScoreDbContext(DbContextOptions<MediaScoreDbContext> options) : DbContext(options)
{
    public DbSet<InterviewRow> Interviews => Set<InterviewRow>();

    public DbSet<DeviceRow> Devices => Set<DeviceRow>();

    public DbSet<DeviceEventRow> DeviceEvents => Set<DeviceEventRow>();

    public DbSet<DeviceCommandRow> DeviceCommands => Set<DeviceCommandRow>();

    public DbSet<PersonRow> People => Set<PersonRow>();

    public DbSet<FaceTemplateRow> FaceTemplates => Set<FaceTemplateRow>();

    public DbSet<LookalikeRow> Lookalikes => Set<LookalikeRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<InterviewRow>(Describe);
        DeviceTables.Describe(modelBuilder);
        PeopleTables.Describe(modelBuilder);
        OutboxTable.Describe(modelBuilder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        // SQLite has no time type; whole microseconds sort as they should in any database.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsSinceEpoch>();

    private static void Describe(EntityTypeBuilder<InterviewRow> interview)
    {
        interview.ToTable("interviews");
        interview.HasKey(row => row.Id);
        interview.Property(row => row.Id).HasMaxLength(64);
        interview.Property(row => row.Tenant).HasMaxLength(64);
        interview.Property(row => row.PlanId).HasMaxLength(64);
        interview.Property(row => row.PlanSha256).HasMaxLength(64);
        interview.Property(row => row.CandidateReference).HasMaxLength(128);
        interview.Property(row => row.Language).HasMaxLength(35); // The longest tag that RFC 5646, 4.4.1 asks to support.
        interview.Property(row => row.PolicyProfile).HasMaxLength(32);
        interview.Property(row => row.Recognizer).HasMaxLength(32);
        interview.Property(row => row.AccessTokenSha256).HasMaxLength(64);
        interview.Property(row => row.CandidateTokenSha256).HasMaxLength(64);
        interview.Property(row => row.IdempotencyKey).HasMaxLength(128);
        interview.Property(row => row.State).HasConversion<string>().HasMaxLength(16);
        interview.Property(row => row.FailureReason).HasMaxLength(1024);
        interview.HasIndex(row => new { row.Tenant, row.IdempotencyKey }).IsUnique();
        interview.HasIndex(row => new { row.State, row.CreatedAt });
    }

    private sealed class MicrosecondsSinceEpoch() : ValueConverter<DateTimeOffset, long>(
        time => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));
}
