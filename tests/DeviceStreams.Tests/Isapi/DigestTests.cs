using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>Vectors of RFC 7616, 3.9.1 and RFC 2617, 3.5; the challenges of devices.</summary>
public sealed class DigestTests
{
    private const string Example =
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={0}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void Answers_are_those_of_the_RFC(string algorithm, string response)
    {
        var challenge = DigestChallenge.TryFind([Example.Replace("{0}", algorithm, StringComparison.Ordinal)]).ShouldNotBeNull();

        var answer = challenge.Answer("Mufasa", "Circle of Life", "GET", "/dir/index.html", 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");

        answer.ShouldContain($"response=\"{response}\"");
        answer.ShouldContain("qop=auth, nc=00000001, cnonce=");
        answer.ShouldContain("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
    }

    [Fact]
    public void Without_qop_the_old_form_is_answered()
    {
        var challenge = DigestChallenge.TryFind(["Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""]).ShouldNotBeNull();

        var answer = challenge.Answer("Mufasa", "Circle Of Life", "GET", "/dir/index.html", 1);

        // H(H(A1):nonce:H(A2)), with the two inner hashes of RFC 2617.
        answer.ShouldContain("response=\"670fd8c2df070c60b045671b8b24ff02\"");
        answer.ShouldNotContain("nc=");
        answer.ShouldNotContain("opaque");
    }

    [Fact]
    public void The_challenge_of_a_terminal_is_read_with_its_empty_opaque()
    {
        var challenge = DigestChallenge.TryFind(["Digest qop=\"auth\", realm=\"DS-0A1B2C3D\", nonce=\"bm9uY2U6MTIz==\", stale=\"false\", opaque=\"\", domain=\"::\""]).ShouldNotBeNull();

        challenge.ShouldBe(new DigestChallenge("DS-0A1B2C3D", "bm9uY2U6MTIz==", "", null, HasQop: true, IsStale: false));
        challenge.Answer("admin", "x", "GET", "/ISAPI/System/deviceInfo?format=json", 1).ShouldContain("uri=\"/ISAPI/System/deviceInfo?format=json\"");
        challenge.Answer("admin", "x", "GET", "/", 1).ShouldContain("opaque=\"\"");
    }

    [Fact]
    public void The_challenge_of_a_camera_is_read_with_its_spaces_and_stale_in_capitals()
    {
        var challenge = DigestChallenge.TryFind(["Basic realm=\"IP Camera(X0000)\"", "Digest qop=\"auth\", realm=\"IP Camera(X0000)\", nonce=\"4e6f6e6365\", stale=\"TRUE\""]).ShouldNotBeNull();

        challenge.ShouldBe(new DigestChallenge("IP Camera(X0000)", "4e6f6e6365", null, null, HasQop: true, IsStale: true));
    }

    [Theory]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Digest realm=\"x\", nonce=\"1\", algorithm=SHA-512-256")]
    [InlineData("Digest realm=\"x\", nonce=\"1\", qop=\"auth-int\"")]
    [InlineData("Digest realm=\"x\"")]
    [InlineData("Negotiate abc==")]
    [InlineData("")]
    public void What_cannot_be_answered_is_no_challenge(string field) => DigestChallenge.TryFind([field]).ShouldBeNull();

    [Fact]
    public void Several_challenges_in_one_field_are_told_apart()
    {
        DigestChallenge.TryFind(["Basic realm=\"a, b\", Digest realm=\"c\", nonce=\"n\", qop=auth,algorithm=MD5-sess"]).ShouldNotBeNull().Algorithm.ShouldBe("MD5-sess");
    }

    [Theory]
    [InlineData("multipart/mixed; boundary=MIME_boundary", "MIME_boundary")]
    [InlineData("multipart/form-data;boundary=MIME_boundary", "MIME_boundary")]
    [InlineData("multipart/mixed; charset=x; boundary=\"a;b\"; y=1", "a;b")]
    [InlineData("multipart/mixed; BOUNDARY = x", null)]
    [InlineData("multipart/mixed", null)]
    [InlineData("multipart/mixed; boundary=", "")]
    [InlineData(";;;=\"", null)]
    public void Parameters_are_read_as_they_are_written(string field, string? boundary) => HeaderWords.Parameter(field, "boundary").ShouldBe(boundary);
}
