using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;

namespace MediaScore.Protocol.Tests;

public sealed class WireSnapshotTests
{
    private static readonly string SnapshotPath = Path.Combine(SharedTestData.RepositoryRoot, "tests", "Protocol.Tests", "interview.v1.snapshot.txt");

    [Fact]
    public void The_wire_is_the_one_that_was_agreed()
    {
        var now = WireSnapshot.Write(InterviewReflection.Descriptor);
        if (Environment.GetEnvironmentVariable("MEDIASCORE_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(SnapshotPath, now);

        now.ShouldBe(
            File.ReadAllText(SnapshotPath),
            "Additions: run once with MEDIASCORE_UPDATE_SNAPSHOTS=1 and commit. Anything else breaks peers of another age: it needs a new version folder.");
    }

    [Fact]
    public void Every_enum_has_an_unspecified_zero_so_that_a_missing_field_is_never_a_choice()
    {
        foreach (var type in InterviewReflection.Descriptor.EnumTypes)
            type.FindValueByNumber(0).Name.ShouldEndWith("_UNSPECIFIED");
    }
}
