using MediaScore.Web.Candidate;
using MediaScore.Web.Console;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaScore.Web;

/// <summary>Renders the pages, once, on the server; what moves on them is done by their modules.</summary>
/// <remarks>
/// By <see cref="HtmlRenderer"/> alone: <c>AddRazorComponents</c> would bring forms, and with them a key ring in the home folder of the server's user.
/// </remarks>
public sealed class PageRenderer(ILoggerFactory loggers)
{
    // No component injects anything.
    private static readonly ServiceProvider Nothing = new ServiceCollection().BuildServiceProvider();

    /// <returns>The candidate's page as HTML.</returns>
    public Task<string> CandidateAsync(CandidatePageModel model) => RenderAsync<CandidateDocument>(nameof(CandidateDocument.Model), model);

    /// <returns>What a person reads whose link opens no interview.</returns>
    public Task<string> ClosedAsync(string language) => RenderAsync<ClosedDocument>(nameof(ClosedDocument.Language), language);

    /// <returns>The live view as HTML.</returns>
    public Task<string> ConsoleAsync(LivePageModel model) => RenderAsync<LiveDocument>(nameof(LiveDocument.Model), model);

    /// <returns>The page of doors, devices and people as HTML.</returns>
    public Task<string> DevicesAsync(DevicesPageModel model) => RenderAsync<DevicesDocument>(nameof(DevicesDocument.Model), model);

    private async Task<string> RenderAsync<TDocument>(string parameter, object model)
        where TDocument : IComponent
    {
        await using var renderer = new HtmlRenderer(Nothing, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<TDocument>(ParameterView.FromDictionary(new Dictionary<string, object?> { [parameter] = model }));
            return "<!doctype html>\n" + root.ToHtmlString();
        });
    }
}
