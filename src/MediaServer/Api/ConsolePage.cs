using MediaScore.MediaServer.Api.Devices;
using MediaScore.MediaServer.Api.Live;
using MediaScore.Web;
using MediaScore.Web.Console;

namespace MediaScore.MediaServer.Api;

/// <summary>The console's pages: which interviews run now, and how they go; doors, devices, and the people whom they know.</summary>
internal static class ConsolePage
{
    public static void MapConsolePage(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(ConsoleAccess.LivePath, async (string? lang, HttpContext http, ConsoleAccess access, PageRenderer pages) =>
            access.Check(http) ?? Page(await pages.ConsoleAsync(new LivePageModel(LanguageOf(lang, http))))).WithMetadata(PageRights.Script);
        // Faces are enrolled with the operator's own camera.
        endpoints.MapGet(ConsoleAccess.DevicesPath, async (string? lang, HttpContext http, ConsoleAccess access, PageRenderer pages) =>
            access.Check(http) ?? Page(await pages.DevicesAsync(new DevicesPageModel(LanguageOf(lang, http), ConsoleApi.Path)))).WithMetadata(PageRights.Camera);
    }

    private static string LanguageOf(string? asked, HttpContext http) => PageTexts.Choose(asked, http.Request.Headers.AcceptLanguage, "en");

    private static IResult Page(string html) => Results.Content(html, "text/html; charset=utf-8");
}
