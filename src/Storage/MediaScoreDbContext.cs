using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage;

/// <summary>The relational state: who is interviewed by which plan and how far it got. Media and observations are not here (see Recording).</summary>
public sealed class MediaScoreDbContext(DbContextOptions<MediaScoreDbContext> options) : DbContext(options)
{
    public DbSet<InterviewRow> Interviews => Set<InterviewRow>();
}
