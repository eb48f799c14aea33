using System.Text;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Registry;

public sealed class DeviceLoginTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("mediascore-login-").FullName;
    private KeyStore? _store;
    private TenantKeys? _keys;

    public async ValueTask InitializeAsync()
    {
        _store = await KeyStore.OpenAsync(new KeyOptions { Folder = _root });
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
    public void A_login_opens_for_its_device_alone_and_shows_its_password_nowhere()
    {
        var login = new DeviceLogin("admin", "päss:word 密码");
        var row = Row("dev-1");
        row.SealedLogin = login.Seal(_keys!, row.Tenant, row.Id);
        var copy = Row("dev-2");
        copy.SealedLogin = row.SealedLogin;

        DeviceLogin.TryOpen(_keys!, row).ShouldBe(login);
        DeviceLogin.TryOpen(_keys!, copy).ShouldBeNull();
        DeviceLogin.TryOpen(_keys!, Row("dev-3")).ShouldBeNull();
        Encoding.UTF8.GetString(row.SealedLogin).ShouldNotContain("word");
        login.ToString().ShouldBe("admin");
    }

    [Fact]
    public void The_longest_login_fits_the_column()
    {
        var login = new DeviceLogin(new string('密', 64), string.Concat(Enumerable.Repeat("😀", 64)));

        login.Seal(_keys!, "acme", "dev-1").Length.ShouldBeLessThanOrEqualTo(1_024);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("a:b", "x")]
    [InlineData("a", "")]
    [InlineData("a\0", "x")]
    [InlineData("a", "x\0y")]
    public void What_no_device_takes_is_refused(string user, string password)
    {
        DeviceLogin.FaultOf(user, password).ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => new DeviceLogin(user, password).Seal(_keys!, "acme", "dev-1"));
    }

    private static DeviceRow Row(string id) => new() { Id = id, Tenant = "acme", Serial = id };
}
