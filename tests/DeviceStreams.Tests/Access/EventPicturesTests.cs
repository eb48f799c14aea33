using MediaScore.DeviceStreams.Access;
using MediaScore.Keys;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Access;

public sealed class EventPicturesTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("mediascore-pictures-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 26, 8, 15, 30, TimeSpan.Zero));
    private KeyStore? _store;
    private TenantKeys? _keys;
    private int _keptCount;

    private string Folder => Path.Combine(_root, "pictures");

    public async ValueTask InitializeAsync()
    {
        _store = await KeyStore.OpenAsync(new KeyOptions { Folder = Path.Combine(_root, "keys") });
        _keys = new TenantKeys(_store);
    }

    public ValueTask DisposeAsync()
    {
        _keys!.Dispose();
        _store!.Dispose();
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_picture_comes_back_whole_and_lies_on_the_disk_as_noise_only_its_owner_may_read()
    {
        await using var pictures = Open();
        var jpeg = Jpeg(2_000);

        var name = (await KeepAsync(pictures, "acme", jpeg)).ShouldNotBeNull();

        (await pictures.ReadAsync("acme", name, default)).ShouldBe(jpeg);
        name.Length.ShouldBeLessThanOrEqualTo(64, "the column of the event holds no more");
        name.ShouldStartWith("20261126-");
        var file = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(jpeg.AsSpan(0, 16)).ShouldBe(-1);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task What_a_device_sends_again_is_kept_once_also_on_another_day_and_by_two_requests_at_once()
    {
        await using var pictures = Open();
        var first = await pictures.KeepAsync("acme", "dev-1", "event/7", Jpeg(300), default);
        _time.Advance(TimeSpan.FromDays(2));

        var again = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pictures.KeepAsync("acme", "dev-1", "event/7", Jpeg(400), default)));
        var others = new[] { await pictures.KeepAsync("acme", "dev-2", "event/7", Jpeg(300), default), await pictures.KeepAsync("acme", "dev-1", "event/8", Jpeg(300), default) };

        again.ShouldAllBe(name => name == first);
        others.ShouldBeUnique();
        others.ShouldNotContain(first);
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Count().ShouldBe(3);
        (await pictures.ReadAsync("acme", first!, default))!.Length.ShouldBe(300, "the first is the one that counts");
    }

    [Fact]
    public async Task Another_tenant_another_name_and_a_changed_byte_open_nothing()
    {
        await using var pictures = Open();
        var (one, two) = ((await KeepAsync(pictures, "acme", Jpeg(500)))!, (await KeepAsync(pictures, "acme", Jpeg(500)))!);

        (await pictures.ReadAsync("other", one, default)).ShouldBeNull();
        File.Copy(PathOf(one), PathOf(two), overwrite: true);
        (await pictures.ReadAsync("acme", two, default)).ShouldBeNull("it was sealed for the other name");
        var bytes = await File.ReadAllBytesAsync(PathOf(one));
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(PathOf(one), bytes);
        (await pictures.ReadAsync("acme", one, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("../keys/master.key")]
    [InlineData("20261126-../../../../../../../../etc/pass")]
    [InlineData("20261126-0123456789abcdef0123456789abcde/")]
    [InlineData("20261126-0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("20261126-0123456789abcdef0123456789abcdef0")]
    [InlineData("20261126-0123456789abcdef0123456789abcdef")]
    public async Task A_name_that_is_none_of_ours_reads_nothing(string name)
    {
        await using var pictures = Open();

        (await pictures.ReadAsync("acme", name, default)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_no_JPEG_or_too_large_or_not_wanted_is_not_kept_and_the_event_goes_on_without()
    {
        await using var pictures = Open();
        await using var off = Open(new DeviceOptions { KeepPicturesDays = 0 }, "off");

        (await KeepAsync(pictures, "acme", new byte[] { 1, 2, 3 })).ShouldBeNull();
        (await KeepAsync(pictures, "acme", ReadOnlyMemory<byte>.Empty)).ShouldBeNull();
        (await KeepAsync(pictures, "acme", Jpeg(EventPictures.MaxPictureBytes + 1))).ShouldBeNull();
        (await KeepAsync(off, "acme", Jpeg(100))).ShouldBeNull();
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_picture_is_there_for_the_days_that_were_promised_and_gone_after_them()
    {
        await using var pictures = Open(new DeviceOptions { KeepPicturesDays = 3 });
        var name = (await KeepAsync(pictures, "acme", Jpeg(100)))!;

        _time.Advance(TimeSpan.FromDays(3));
        await SweepAsync(pictures);
        (await pictures.ReadAsync("acme", name, default)).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromDays(1));
        await SweepAsync(pictures);

        (await pictures.ReadAsync("acme", name, default)).ShouldBeNull();
        Directory.EnumerateFileSystemEntries(Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Switching_it_off_removes_what_was_kept()
    {
        await using (var before = Open())
            await KeepAsync(before, "acme", Jpeg(100));

        await using var off = Open(new DeviceOptions { KeepPicturesDays = 0 });
        await SweepAsync(off);

        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_there_is_no_more_room_the_oldest_go_first()
    {
        await using var pictures = Open(new DeviceOptions { MaxPicturesMiB = 1 });
        var names = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            // Eight fit, the ninth is let in and pushes the first out.
            names.Add((await KeepAsync(pictures, "acme", Jpeg(120 << 10))).ShouldNotBeNull());
            _time.Advance(TimeSpan.FromHours(10));
        }

        await SweepAsync(pictures);

        (await pictures.ReadAsync("acme", names[0], default)).ShouldBeNull();
        (await pictures.ReadAsync("acme", names[1], default)).ShouldNotBeNull();
        (await pictures.ReadAsync("acme", names[^1], default)).ShouldNotBeNull();
        pictures.Bytes.ShouldBeLessThanOrEqualTo(1 << 20);
    }

    [Fact]
    public async Task A_flood_is_held_to_the_room_there_is_also_while_nobody_sweeps()
    {
        await using var pictures = Open(new DeviceOptions { MaxPicturesMiB = 1 });

        var names = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => KeepAsync(pictures, "acme", Jpeg(100 << 10))));
        await SweepAsync(pictures);

        names.ShouldContain(name => name != null);
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length).ShouldBeLessThanOrEqualTo(1 << 20);
    }

    [Fact]
    public async Task After_a_restart_pictures_are_read_counted_and_removed_as_before()
    {
        string name;
        await using (var before = Open())
            name = (await KeepAsync(before, "acme", Jpeg(1_000)))!;

        await using var after = Open(new DeviceOptions { KeepPicturesDays = 1 });
        await SweepAsync(after);

        after.Bytes.ShouldBe(1_000 + TenantKeys.Overhead);
        (await after.ReadAsync("acme", name, default)).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromDays(2));
        await SweepAsync(after);
        after.Bytes.ShouldBe(0);
    }

    private static byte[] Jpeg(int length)
    {
        var jpeg = new byte[length];
        new Random(1).NextBytes(jpeg);
        (jpeg[0], jpeg[1], jpeg[2]) = (0xFF, 0xD8, 0xFF);
        return jpeg;
    }

    /// <summary>Waits for a look that began after this.</summary>
    private static async Task SweepAsync(EventPictures pictures)
    {
        // One may be under way that has seen less.
        for (var i = 0; i < 2; i++)
        {
            var swept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            void Done() => swept.TrySetResult();
            pictures.Swept += Done;
            pictures.SweepSoon();
            await swept.Task.WaitAsync(TimeSpan.FromSeconds(30));
            pictures.Swept -= Done;
        }
    }

    /// <summary>Another picture each time.</summary>
    private Task<string?> KeepAsync(EventPictures pictures, string tenant, ReadOnlyMemory<byte> jpeg) =>
        pictures.KeepAsync(tenant, "dev-1", $"event/{Interlocked.Increment(ref _keptCount)}", jpeg, default);

    private string PathOf(string name) => Path.Combine(Folder, name[..8], name[9..]);

    private EventPictures Open(DeviceOptions? options = null, string? folder = null) =>
        new(folder is null ? Folder : Path.Combine(_root, folder), _keys!, options ?? new DeviceOptions(), _time, NullLogger<EventPictures>.Instance);
}
