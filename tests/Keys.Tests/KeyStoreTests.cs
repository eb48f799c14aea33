using System.Runtime.Versioning;

namespace MediaScore.Keys.Tests;

public sealed class KeyStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mediascore-keys-").FullName;

    private KeyOptions Options => new() { Folder = Path.Combine(_root, "keys"), MasterKeyVariable = "MEDIASCORE_TEST_MASTER_KEY_UNSET" };

    private string EntryPath => Path.Combine(_root, "keys", "interview-1.datakey");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_key_is_the_same_after_the_store_was_opened_again_and_differs_between_interviews()
    {
        byte[] first;
        using (var store = await KeyStore.OpenAsync(Options))
        {
            using var key = store.GetOrCreate("interview-1");
            using var other = store.GetOrCreate("interview-2");
            first = key.Bytes.ToArray();
            other.Bytes.ToArray().ShouldNotBe(first);
        }

        using var again = await KeyStore.OpenAsync(Options);
        using var found = again.TryGet("interview-1");
        found.ShouldNotBeNull().Bytes.ToArray().ShouldBe(first);
        using var same = again.GetOrCreate("interview-1");
        same.Bytes.ToArray().ShouldBe(first);
        again.TryGet("interview-3").ShouldBeNull();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_and_folder_are_for_their_owner_only_and_no_file_holds_a_key_in_clear()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are a matter of Unix.");
        using var store = await KeyStore.OpenAsync(Options);
        using var key = store.GetOrCreate("interview-1");

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.GetUnixFileMode(Path.Combine(_root, "keys", "master.key")).ShouldBe(Owner);
        File.GetUnixFileMode(EntryPath).ShouldBe(Owner);
        File.GetUnixFileMode(Path.Combine(_root, "keys")).ShouldBe(Owner | UnixFileMode.UserExecute);
        File.ReadAllBytes(EntryPath).AsSpan().IndexOf(key.Bytes).ShouldBe(-1);
    }

    [Fact]
    public async Task A_destroyed_key_is_gone_and_a_new_one_is_another()
    {
        using var store = await KeyStore.OpenAsync(Options);
        using var key = store.GetOrCreate("interview-1");

        store.Destroy("interview-1").ShouldBeTrue();

        File.Exists(EntryPath).ShouldBeFalse();
        store.TryGet("interview-1").ShouldBeNull();
        store.Destroy("interview-1").ShouldBeFalse();
        using var next = store.GetOrCreate("interview-1");
        next.Bytes.ToArray().ShouldNotBe(key.Bytes.ToArray());
    }

    [Fact]
    public async Task Another_master_key_is_refused_with_its_source_and_the_cure()
    {
        using (var store = await KeyStore.OpenAsync(Options))
            store.GetOrCreate("interview-1").Dispose();
        var options = Options;
        options.MasterKeyFile = Path.Combine(_root, "other.key");
        MasterKeySource.Create(options.MasterKeyFile);

        var fault = await Should.ThrowAsync<MasterKeyException>(() => KeyStore.OpenAsync(options));

        fault.Message.ShouldContain("other.key");
        fault.Message.ShouldContain("_PREVIOUS");
    }

    [Fact]
    public async Task A_missing_master_key_is_not_replaced_while_keys_depend_on_it()
    {
        using (var store = await KeyStore.OpenAsync(Options))
            store.GetOrCreate("interview-1").Dispose();
        File.Delete(Path.Combine(_root, "keys", "master.key"));

        (await Should.ThrowAsync<MasterKeyException>(() => KeyStore.OpenAsync(Options))).Message.ShouldContain("is missing");
        File.Exists(Path.Combine(_root, "keys", "master.key")).ShouldBeFalse();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_master_key_that_others_can_read_is_refused_with_the_command_that_mends_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are a matter of Unix.");
        (await KeyStore.OpenAsync(Options)).Dispose();
        var path = Path.Combine(_root, "keys", "master.key");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        (await Should.ThrowAsync<MasterKeyException>(() => KeyStore.OpenAsync(Options))).Message.ShouldContain($"chmod 600 {path}");
    }

    [Fact]
    public async Task Every_flipped_bit_of_an_entry_is_found()
    {
        using var store = await KeyStore.OpenAsync(Options);
        store.GetOrCreate("interview-1").Dispose();
        var entry = await File.ReadAllBytesAsync(EntryPath);

        for (var position = 0; position < entry.Length; position++)
        {
            var flipped = entry.ToArray();
            flipped[position] ^= 1;
            await File.WriteAllBytesAsync(EntryPath, flipped);
            Should.Throw<MasterKeyException>(() => store.TryGet("interview-1"), $"bit flipped at {position}");
        }
    }

    [Fact]
    public async Task An_entry_cannot_be_given_to_another_interview()
    {
        using var store = await KeyStore.OpenAsync(Options);
        store.GetOrCreate("interview-1").Dispose();
        File.Copy(EntryPath, Path.Combine(_root, "keys", "interview-2.datakey"));

        Should.Throw<MasterKeyException>(() => store.TryGet("interview-2")).Message.ShouldContain("belongs to another interview");
    }

    [Fact]
    public async Task Rotation_wraps_every_key_anew_and_leaves_the_data_keys_as_they_are()
    {
        using var store = await KeyStore.OpenAsync(Options);
        using var key = store.GetOrCreate("interview-1");
        store.GetOrCreate("interview-2").Dispose();
        var masterBefore = await File.ReadAllTextAsync(Path.Combine(_root, "keys", "master.key"));
        var entryBefore = await File.ReadAllBytesAsync(EntryPath);

        store.Rotate().ShouldBe(2);

        (await File.ReadAllTextAsync(Path.Combine(_root, "keys", "master.key"))).ShouldNotBe(masterBefore);
        (await File.ReadAllBytesAsync(EntryPath)).ShouldNotBe(entryBefore);
        using var again = await KeyStore.OpenAsync(Options);
        using var found = again.TryGet("interview-1");
        found.ShouldNotBeNull().Bytes.ToArray().ShouldBe(key.Bytes.ToArray());
    }

    [Fact]
    public async Task A_rotation_that_was_interrupted_half_way_is_finished_at_the_next_start()
    {
        byte[] bytes;
        var masterPath = Path.Combine(_root, "keys", "master.key");
        using (var store = await KeyStore.OpenAsync(Options))
        {
            using var key = store.GetOrCreate("interview-1");
            bytes = key.Bytes.ToArray();
            store.GetOrCreate("interview-2").Dispose();
        }

        // The next master key is there and one of two entries is wrapped by it: the state between two steps of Rotate.
        MasterKeySource.Create(masterPath + MasterKeySource.NextSuffix);
        using (var next = MasterKeySource.ReadFile(masterPath + MasterKeySource.NextSuffix))
        using (var dataKey = new DataKey(bytes))
            DurableFile.Write(EntryPath, WrappedKey.Wrap(dataKey, "interview-1", next));

        using var again = await KeyStore.OpenAsync(Options);

        using var first = again.TryGet("interview-1");
        using var second = again.TryGet("interview-2");
        first.ShouldNotBeNull().Bytes.ToArray().ShouldBe(bytes);
        second.ShouldNotBeNull();
        File.Exists(masterPath + MasterKeySource.NextSuffix).ShouldBeFalse();
    }

    [Fact]
    public async Task A_command_may_print_the_master_key_and_a_variable_wins_over_it()
    {
        var options = Options;
        options.MasterKeyCommand = $"echo {Convert.ToBase64String(new byte[32])}";
        byte[] bytes;
        using (var store = await KeyStore.OpenAsync(options))
        {
            using var key = store.GetOrCreate("interview-1");
            bytes = key.Bytes.ToArray();
        }

        // Rotation without a file: the new key in the variable, the old one beside it.
        options.MasterKeyVariable = "MEDIASCORE_TEST_MASTER_KEY_" + Guid.NewGuid().ToString("N");
        var rotated = new byte[32];
        rotated[0] = 1;
        Environment.SetEnvironmentVariable(options.MasterKeyVariable, Convert.ToBase64String(rotated));
        await Should.ThrowAsync<MasterKeyException>(() => KeyStore.OpenAsync(options));
        Environment.SetEnvironmentVariable(options.MasterKeyVariable + "_PREVIOUS", Convert.ToBase64String(new byte[32]));
        (await KeyStore.OpenAsync(options)).Dispose();
        Environment.SetEnvironmentVariable(options.MasterKeyVariable + "_PREVIOUS", null);

        using var again = await KeyStore.OpenAsync(options);
        using var found = again.TryGet("interview-1");
        found.ShouldNotBeNull().Bytes.ToArray().ShouldBe(bytes);
        File.Exists(Path.Combine(_root, "keys", "master.key")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("echo nonsense", "not base64 of 32 bytes")]
    [InlineData("exit 3", "ended with 3")]
    [InlineData("sleep 30", "did not end within 1 s")]
    public async Task A_command_that_fails_is_named(string command, string reason)
    {
        var options = Options;
        options.MasterKeyCommand = command;
        options.MasterKeyCommandLimitS = 1;

        (await Should.ThrowAsync<MasterKeyException>(() => KeyStore.OpenAsync(options))).Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../other")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    public async Task An_id_that_could_lead_out_of_the_folder_is_refused(string id)
    {
        using var store = await KeyStore.OpenAsync(Options);

        Should.Throw<ArgumentException>(() => store.GetOrCreate(id));
    }

    [Fact]
    public async Task What_a_crash_left_of_a_write_is_erased_at_the_next_start()
    {
        (await KeyStore.OpenAsync(Options)).Dispose();
        var leftover = Path.Combine(_root, "keys", "interview-1.datakey.0123.tmp");
        await File.WriteAllBytesAsync(leftover, new byte[76]);

        (await KeyStore.OpenAsync(Options)).Dispose();

        File.Exists(leftover).ShouldBeFalse();
    }

    [Fact]
    public void A_disposed_data_key_gives_nothing_out()
    {
        var key = DataKey.CreateRandom();
        key.Dispose();
        key.Dispose();

        Should.Throw<ObjectDisposedException>(() => key.Bytes.Length);
        Should.Throw<ArgumentException>(() => new DataKey(new byte[16]));
    }

    [Fact]
    public async Task Many_threads_that_ask_for_a_new_key_get_one_and_the_same()
    {
        using var store = await KeyStore.OpenAsync(Options);

        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            using var key = store.GetOrCreate("interview-1");
            return Convert.ToHexString(key.Bytes);
        })));

        keys.Distinct().ShouldHaveSingleItem();
    }
}
