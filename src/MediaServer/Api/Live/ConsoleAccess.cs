using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Sessions;

namespace MediaScore.MediaServer.Api.Live;

/// <summary>
/// Who may see the console's pages and use its interface: whoever has the console token, which lies in the data folder (0600) and which <c>serve</c> prints in a link. Given as
/// <c>Authorization: Bearer</c>, or once as <c>?token=</c>, which is exchanged for a cookie. A new token is made when the file is removed and the server restarted.
/// </summary>
internal sealed class ConsoleAccess
{
    public const string LivePath = "/console/live";
    public const string DevicesPath = "/console/devices";

    /// <summary>The token's file in the data folder.</summary>
    public const string FileName = "console-token";

    private const string CookieName = "mediascore-console";
    private const string CookiePath = "/console";

    private readonly string _sha256;

    public ConsoleAccess(string dataFolder)
    {
        Token = LoadOrMake(Path.Combine(dataFolder, FileName));
        _sha256 = AccessToken.Hash(Token);
    }

    /// <summary>Secret: for the link on the operator's own terminal, and for nothing else.</summary>
    public string Token { get; }

    /// <returns>Null where the request may go on, else the answer to give.</returns>
    public IResult? Check(HttpContext http)
    {
        if (LinkToken.OfLink(http) is { } offered && HttpMethods.IsGet(http.Request.Method))
        {
            if (!AccessToken.Matches(offered, _sha256))
                return Forbidden();
            LinkToken.Keep(http, CookieName, offered, CookiePath);
            return LinkToken.Redirect(http);
        }

        var token = LinkToken.OfBearer(http) ?? http.Request.Cookies[CookieName];
        return AccessToken.Matches(token, _sha256) ? null : Forbidden();
    }

    private static string LoadOrMake(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: AccessToken.Length } kept)
            return kept;
        // As an interview's token: 256 random bits, so that no salt or slow hash adds anything.
        var made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        PrivateText.Write(path, Encoding.ASCII.GetBytes(made + "\n"));
        return made;
    }

    private static IResult Forbidden() =>
        ReportAccess.Problem(StatusCodes.Status403Forbidden, "wrong-token", "This needs the console's link, which mediascore serve prints, or its token as Authorization: Bearer.");
}
