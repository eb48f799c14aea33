using System.Net;
using System.Security.Cryptography.X509Certificates;
using MediaScore.MediaServer.Hosting.Https;

namespace MediaScore.MediaServer.Tests.Hosting;

public sealed class MadeCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress Home = IPAddress.Parse("192.168.1.20");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mediascore-https-");

    private string FilePath => Path.Combine(_folder.FullName, "https.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_names_the_machine_its_addresses_and_nothing_that_signs_others()
    {
        using var made = MadeCertificate.LoadOrMake(FilePath, Names(Home), Now);

        var alternatives = made.Extensions.OfType<X509SubjectAlternativeNameExtension>().ShouldHaveSingleItem();
        alternatives.EnumerateDnsNames().ShouldBe(["localhost", "studio", "studio.local"]);
        alternatives.EnumerateIPAddresses().ShouldBe([IPAddress.Loopback, IPAddress.IPv6Loopback, Home]);
        made.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        made.GetECDsaPublicKey()!.KeySize.ShouldBe(256);
        // Apple: at most 398 days.
        (made.NotAfter - made.NotBefore).ShouldBeLessThan(TimeSpan.FromDays(398));
    }

    [Fact]
    public void The_same_one_comes_back_from_a_file_that_only_its_user_may_read()
    {
        using var made = MadeCertificate.LoadOrMake(FilePath, Names(Home), Now);

        using var again = MadeCertificate.LoadOrMake(FilePath, Names(Home), Now.AddDays(300));

        again.Thumbprint.ShouldBe(made.Thumbprint);
        again.HasPrivateKey.ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _folder.GetFiles().ShouldHaveSingleItem();
    }

    [Fact]
    public void Another_one_is_made_before_it_expires()
    {
        using var made = MadeCertificate.LoadOrMake(FilePath, Names(Home), Now);

        using var later = MadeCertificate.LoadOrMake(FilePath, Names(Home), Now.AddDays(336));

        later.Thumbprint.ShouldNotBe(made.Thumbprint);
    }

    [Fact]
    public void Another_one_is_made_for_a_new_address_but_not_for_one_that_went()
    {
        using var made = MadeCertificate.LoadOrMake(FilePath, Names(Home), Now);

        using var offline = MadeCertificate.LoadOrMake(FilePath, Names(), Now);
        using var elsewhere = MadeCertificate.LoadOrMake(FilePath, Names(IPAddress.Parse("10.0.0.7")), Now);

        offline.Thumbprint.ShouldBe(made.Thumbprint);
        elsewhere.Thumbprint.ShouldNotBe(made.Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    public void A_damaged_file_is_replaced(string content)
    {
        File.WriteAllText(FilePath, content);

        using var made = MadeCertificate.LoadOrMake(FilePath, Names(Home), Now);

        using var again = MadeCertificate.LoadOrMake(FilePath, Names(Home), Now);
        again.Thumbprint.ShouldBe(made.Thumbprint);
    }

    private static CertificateNames Names(params IPAddress[] more) => new(["localhost", "studio", "studio.local"], [IPAddress.Loopback, IPAddress.IPv6Loopback, .. more]);
}
