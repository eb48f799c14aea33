using System.Globalization;
using System.Net;
using System.Text;

namespace MediaScore.Load.Report;

/// <summary>Writes one page that needs nothing but itself: style and charts are in it.</summary>
internal sealed class Html
{
    private const string Style = """
        :root{color-scheme:light;--line:#d8dee6;--soft:#f4f6f9;--text:#1b2430;--quiet:#5a6675;--good:#0b6b3a;--bad:#a4161a}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1500px;padding:1.2rem clamp(.8rem,3vw,2.2rem) 3rem;font:15px/1.5 system-ui,sans-serif;color:var(--text);background:#fff}
        h1{font-size:1.55rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}h3{font-size:.95rem;margin:0 0 .3rem}
        p{margin:.3rem 0;max-width:75rem}.quiet{color:var(--quiet)}.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}
        code{font:13px/1.5 ui-monospace,monospace;background:var(--soft);padding:.1rem .3rem;border-radius:3px;overflow-wrap:anywhere}
        .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.7rem;margin:1rem 0}
        .tile{border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem}.tile b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}.tile span{color:var(--quiet);font-size:.85rem}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,23rem),1fr));gap:1rem}
        figure{margin:0;border:1px solid var(--line);border-radius:6px;padding:.7rem .8rem}figure svg{display:block;width:100%;height:auto}
        .key{display:flex;flex-wrap:wrap;gap:.15rem .8rem;font-size:.8rem;color:var(--quiet);margin-top:.3rem}.key i{display:inline-block;width:.75rem;height:.75rem;border-radius:2px;margin-right:.3rem;vertical-align:-1px}
        .scroll{overflow-x:auto}summary{cursor:pointer}table{border-collapse:collapse;font-size:.88rem;margin-bottom:1rem}
        th,td{text-align:left;padding:.28rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--quiet);font-weight:600}thead th{background:var(--soft)}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.w{overflow-wrap:anywhere;min-width:14rem}
        .bar{display:inline-block;height:.7rem;border-radius:2px;background:#1f77b4;vertical-align:-1px}
        """;

    private readonly StringBuilder _text = new();

    public Html(string title) => _text.Append(CultureInfo.InvariantCulture, $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{Escape(title)}</title>
        <style>{Style}</style></head><body><main>

        """);

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <param name="html">Markup, escaped by the caller where it holds words from elsewhere.</param>
    public Html Raw(string html)
    {
        _text.Append(html).Append('\n');
        return this;
    }

    public Html Heading(string text) => Raw($"<h2>{Escape(text)}</h2>");

    public Html Paragraph(string text, string style = "") => Raw(style.Length > 0 ? $"<p class=\"{style}\">{Escape(text)}</p>" : $"<p>{Escape(text)}</p>");

    public Html Tiles(params (string Value, string Name)[] tiles) =>
        Raw($"<div class=\"tiles\">{string.Concat(tiles.Select(t => $"<div class=\"tile\"><b>{Escape(t.Value)}</b><span>{Escape(t.Name)}</span></div>"))}</div>");

    /// <param name="key">Names of the chart's colours, in their order; empty where there is one curve only.</param>
    public static string Figure(string title, string chart, params IReadOnlyList<string> key)
    {
        var names = key.Select((name, i) => $"<span><i style=\"background:{Chart.Colour(i)}\"></i>{Escape(name)}</span>");
        return $"<figure><h3>{Escape(title)}</h3>{chart}{(key.Count > 0 ? $"<div class=\"key\">{string.Concat(names)}</div>" : string.Empty)}</figure>";
    }

    public Html Charts(IEnumerable<string> figures) => Raw($"<div class=\"charts\">{string.Join('\n', figures)}</div>");

    /// <param name="heads">Column heads; one that begins with "#" stands over numbers.</param>
    /// <param name="rows">Cells as markup.</param>
    public Html Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        bool Numbers(int column) => heads[column].StartsWith('#');
        string Cell(string tag, string html, int column) => $"<{tag}{(Numbers(column) ? " class=\"n\"" : tag == "td" ? " class=\"w\"" : string.Empty)}>{html}</{tag}>";
        _text.Append("<div class=\"scroll\"><table>");
        if (heads.Any(head => head.Length > 0))
            _text.Append("<thead><tr>").AppendJoin(string.Empty, heads.Select((head, i) => Cell("th", Escape(head.TrimStart('#')), i))).Append("</tr></thead>");
        _text.Append("<tbody>");
        foreach (var row in rows)
            _text.Append("<tr>").AppendJoin(string.Empty, row.Select((cell, i) => Cell("td", cell, i))).Append("</tr>\n");
        return Raw("</tbody></table></div>");
    }

    public override string ToString() => _text + "</main></body></html>\n";
}
