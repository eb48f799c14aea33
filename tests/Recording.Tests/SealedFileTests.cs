using MediaScore.Recording.Tests.Support;

namespace MediaScore.Recording.Tests;

public sealed class SealedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string ReportPath => _folder.Interview().ReportPath;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Content_comes_back_and_the_last_version_wins()
    {
        using var key = TemporaryFolder.Key();
        (await SealedFile.TryReadAsync(ReportPath, key)).ShouldBeNull();

        await SealedFile.WriteAsync(ReportPath, key, "first"u8.ToArray());
        await SealedFile.WriteAsync(ReportPath, key, "second"u8.ToArray());

        (await SealedFile.TryReadAsync(ReportPath, key)).ShouldBe("second"u8.ToArray());
        Directory.GetFiles(_folder.Interview().FullPath).ShouldHaveSingleItem();
        (await File.ReadAllBytesAsync(ReportPath)).AsSpan().IndexOf("second"u8).ShouldBe(-1);
    }

    [Fact]
    public async Task A_changed_cut_renamed_or_foreign_file_is_refused()
    {
        using var key = TemporaryFolder.Key();
        using var other = TemporaryFolder.Key(seed: 9);
        await SealedFile.WriteAsync(ReportPath, key, "content"u8.ToArray());
        var bytes = await File.ReadAllBytesAsync(ReportPath);

        await Should.ThrowAsync<LogDamagedException>(() => SealedFile.TryReadAsync(ReportPath, other));
        File.Copy(ReportPath, ReportPath + ".copy");
        await Should.ThrowAsync<LogDamagedException>(() => SealedFile.TryReadAsync(ReportPath + ".copy", key));
        for (var position = 0; position < bytes.Length; position++)
        {
            var changed = bytes.ToArray();
            changed[position] ^= 1;
            await File.WriteAllBytesAsync(ReportPath, changed);
            await Should.ThrowAsync<LogDamagedException>(() => SealedFile.TryReadAsync(ReportPath, key), $"changed at {position}");
            await File.WriteAllBytesAsync(ReportPath, bytes[..position]);
            await Should.ThrowAsync<LogDamagedException>(() => SealedFile.TryReadAsync(ReportPath, key), $"cut at {position}");
        }
    }
}
