using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MediaScore.Storage;

/// <summary>For <c>dotnet ef</c> only: the model without a running program.</summary>
internal sealed class MediaScoreDbContextFactory : IDesignTimeDbContextFactory<MediaScoreDbContext>
{
    public MediaScoreDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<MediaScoreDbContext>();
        InterviewDatabase.Configure(options, "design-time.db");
        return new MediaScoreDbContext(options.Options);
    }
}
