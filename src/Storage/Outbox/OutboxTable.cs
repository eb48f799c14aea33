using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage.Outbox;

internal static class OutboxTable
{
    public static void Describe(ModelBuilder model) => model.Entity<OutboxRow>(row =>
    {
        row.ToTable("outbox");
        row.HasKey(r => r.Id);
        row.Property(r => r.Tenant).HasMaxLength(64);
        row.Property(r => r.Topic).HasMaxLength(64);
        row.Property(r => r.Key).HasMaxLength(200);
        row.HasIndex(r => r.Key).IsUnique();
        row.HasIndex(r => new { r.DeliveredAt, r.Id });
    });
}
