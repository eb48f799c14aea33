using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage.People;

/// <summary>The tables of people and their faces.</summary>
internal static class PeopleTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<PersonRow>(person =>
        {
            person.ToTable("people");
            person.HasKey(row => row.Id);
            person.Property(row => row.Id).HasMaxLength(64);
            person.Property(row => row.Tenant).HasMaxLength(64);
            person.Property(row => row.Number).HasMaxLength(32);
            person.Property(row => row.SealedName).HasMaxLength(1024);
            person.Property(row => row.ConsentSource).HasMaxLength(256);
            person.HasIndex(row => new { row.Tenant, row.Number }).IsUnique();
        });
        model.Entity<FaceTemplateRow>(template =>
        {
            template.ToTable("face_templates");
            template.HasKey(row => row.Id);
            template.Property(row => row.Id).HasMaxLength(64);
            template.Property(row => row.PersonId).HasMaxLength(64);
            template.Property(row => row.Tenant).HasMaxLength(64);
            template.Property(row => row.ModelId).HasMaxLength(64);
            template.Property(row => row.ModelVersion).HasMaxLength(64);
            template.Property(row => row.Sealed).HasMaxLength(4096);
            template.Property(row => row.Source).HasMaxLength(80);
            template.HasOne<PersonRow>().WithMany().HasForeignKey(row => row.PersonId).OnDelete(DeleteBehavior.Cascade);
            template.HasIndex(row => new { row.Tenant, row.PersonId });
        });
        model.Entity<LookalikeRow>(lookalike =>
        {
            lookalike.ToTable("lookalikes");
            lookalike.HasKey(row => new { row.PersonId, row.OtherId });
            lookalike.Property(row => row.PersonId).HasMaxLength(64);
            lookalike.Property(row => row.OtherId).HasMaxLength(64);
            lookalike.Property(row => row.Source).HasMaxLength(80);
            lookalike.HasOne<PersonRow>().WithMany().HasForeignKey(row => row.PersonId).OnDelete(DeleteBehavior.Cascade);
            lookalike.HasOne<PersonRow>().WithMany().HasForeignKey(row => row.OtherId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
