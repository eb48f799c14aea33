namespace MediaScore.Codecs.Tests;

public class NativeLibrariesTests
{
    [Fact]
    public void Every_library_is_reported_with_its_version_or_its_cure()
    {
        var statuses = NativeLibraries.Probe();

        statuses.Select(status => status.Name).ShouldBe(["libavutil.so.57", "libavcodec.so.59", "libswscale.so.6", "libopus.so.0"]);
        foreach (var status in statuses)
        {
            if (status.Usable)
                status.Version.ShouldNotBeNullOrEmpty();
            else
                status.Message.ShouldContain("apt-get install");
        }
    }

    [Fact]
    public void Pictures_can_be_decoded_just_where_all_of_FFmpeg_is_usable() =>
        (NativeLibraries.WhyNoPictures is null).ShouldBe(NativeLibraries.Probe().Where(status => status.Required).All(status => status.Usable));
}
