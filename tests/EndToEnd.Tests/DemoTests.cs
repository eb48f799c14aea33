using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

/// <summary>What <c>make run</c> prints opens.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public async Task Every_link_that_make_run_prints_opens_here_and_on_a_phone()
    {
        var recipe = Recipe().Match(await File.ReadAllTextAsync(Path.Combine(SharedTestData.RepositoryRoot, "Makefile"), TestContext.Current.CancellationToken)).Groups[1].Value;
        using var scratch = new ScratchFolder();

        using var server = await ServerProcess.StartDemoAsync(scratch["data"], recipe.Split(' '));

        var demo = server.Listening.GetProperty("demo");
        using var made = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(scratch["data"], "https.pem"));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { made }, RevocationMode = X509RevocationMode.NoCheck };
        // A page load: the token goes, a cookie comes, and the page is there.
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), SslOptions = { CertificateChainPolicy = trust } });
        (await PageAsync(browser, demo.GetProperty("candidate").GetString()!)).ShouldContain("<script");
        foreach (var phone in demo.GetProperty("phone").EnumerateArray())
            (await PageAsync(browser, phone.GetString()!)).ShouldContain("<script");
        demo.GetProperty("phone").GetArrayLength().ShouldBeGreaterThan(0);
        (await PageAsync(browser, server.Listening.GetProperty("console").GetString()!)).ShouldContain("<script");
        // Nobody has been interviewed yet.
        using var report = await browser.GetAsync(demo.GetProperty("report").GetString()!, TestContext.Current.CancellationToken);
        report.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        // gRPC creates interviews without a token: it stays on this machine.
        server.Grpc.ShouldStartWith("http://127.0.0.1:");
        server.Http.ShouldStartWith("http://127.0.0.1:");
    }

    private static async Task<string> PageAsync(HttpClient browser, string link)
    {
        using var page = await browser.GetAsync(link, TestContext.Current.CancellationToken);
        page.StatusCode.ShouldBe(HttpStatusCode.OK, link.Split('?')[0]);
        page.RequestMessage!.RequestUri!.Query.ShouldBeEmpty();
        return await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"(?m)^run:.*\n\t@\./mediascore (.+)$")]
    private static partial Regex Recipe();
}
