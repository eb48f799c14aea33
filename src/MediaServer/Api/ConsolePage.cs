using MediaScore.MediaServer.Api.Live;
using MediaScore.Web;
using MediaScore.Web.Console;

namespace MediaScore.MediaServer.Api;

/// <summary>The live page: which interviews run now, and how they go.</summary>
internal static class ConsolePage
{
    public static void MapConsolePage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(ConsoleAccess.LivePath, async (string? lang, HttpContext http, ConsoleAccess access, PageRenderer pages) =>
            access.Check(http) ?? Results.Content(
                await pages.ConsoleAsync(new LivePageModel(PageTexts.Choose(lang, http.Request.Headers.AcceptLanguage, "en"))), "text/html; charset=utf-8"))
            .WithMetadata(PageRights.Script);
}
