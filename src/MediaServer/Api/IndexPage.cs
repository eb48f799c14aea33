using System.Net;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Sessions;

namespace MediaScore.MediaServer.Api;

/// <summary>What a person who opens the server's address should know: is it ready, and what to try next.</summary>
internal static class IndexPage
{
    public static void MapIndex(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/", (HttpContext http, ServerReadiness readiness, PlanLibrary plans, ServerAddresses addresses, SessionRegistry registry) =>
            Results.Content(Write(SecurityHeaders.Nonce(http), readiness.Reasons(), plans.List(), addresses, registry.Count), "text/html; charset=utf-8"));

    private static string Write(string nonce, IReadOnlyList<string> reasons, IReadOnlyList<string> plans, ServerAddresses addresses, int unfinished)
    {
        var state = reasons.Count == 0
            ? "<p class=\"good\">Ready for interviews.</p>"
            : $"<p class=\"bad\">Not ready:</p><ul>{string.Concat(reasons.Select(r => $"<li>{WebUtility.HtmlEncode(r)}</li>"))}</ul>";
        var plan = plans.Count > 0 ? plans[0] : "PLAN";
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>MediaScore</title>
            <style nonce="{{nonce}}">
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1a1f2b; }
            pre { background: #f3f5f9; padding: .75rem 1rem; overflow-x: auto; border-radius: 6px; }
            .good { color: #0b6b3a; } .bad { color: #a4262c; }
            </style>
            </head>
            <body>
            <h1>MediaScore {{ProductVersion.Short}}</h1>
            {{state}}
            <p>{{unfinished}} unfinished interviews. gRPC: <code>{{addresses.Grpc}}</code> (reflection and health are on).</p>
            <h2>What to try next</h2>
            <pre>make demo-video
            ./mediascore interview data/demo/demo-interview.mp4 --plan {{plan}} --server {{addresses.Grpc}}</pre>
            <p>It streams the file, shows captions and ends with the address of the report. Plans here: {{string.Join(", ", plans.Select(p => $"<code>{WebUtility.HtmlEncode(p)}</code>"))}}.</p>
            <p><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>, <a href="/metrics">/metrics</a></p>
            </body>
            </html>
            """;
    }
}
