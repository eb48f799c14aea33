using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Gallery.Importing;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Keys;
using MediaScore.MediaServer.Ingress.Devices;
using MediaScore.Perception.Vision;
using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.FinalPass;
using MediaScore.Pipelines.Video;
using MediaScore.Recording;
using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Configuration;

/// <summary>docs/configuration.md, written from the options classes: their comments, defaults and bounds.</summary>
internal static partial class ConfigurationPage
{
    /// <summary>Every options class and its section, in the page's order.</summary>
    internal static IReadOnlyList<(string Section, Type Type)> Sections { get; } =
    [
        (ServerOptions.Section, typeof(ServerOptions)),
        (CandidateOptions.Section, typeof(CandidateOptions)),
        (StreamOptions.Section, typeof(StreamOptions)),
        (RtcOptions.Section, typeof(RtcOptions)),
        (WhipOptions.Section, typeof(WhipOptions)),
        (AdmissionOptions.Section, typeof(AdmissionOptions)),
        ("Models", typeof(ModelOptions)),
        ("Inference", typeof(InferenceOptions)),
        ("Faces", typeof(FaceAnalysisOptions)),
        ("Pipelines:Audio", typeof(AudioPipelineOptions)),
        ("Pipelines:Video", typeof(VideoPipelineOptions)),
        ("FinalPass", typeof(FinalPassOptions)),
        (DeviceServices.GallerySection, typeof(GalleryOptions)),
        ("PeopleImport", typeof(PeopleImportOptions)),
        (DeviceServices.Section, typeof(DeviceOptions)),
        (DeviceServices.ZkPushSection, typeof(ZkPushOptions)),
        (DeviceServices.IsapiSection, typeof(IsapiOptions)),
        (MqttOptions.Section, typeof(MqttOptions)),
        (MqttBrokerOptions.Section, typeof(MqttBrokerOptions)),
        (DeviceApiOptions.Section, typeof(DeviceApiOptions)),
        ("Keys", typeof(KeyOptions)),
        ("GroupCommit", typeof(GroupCommitOptions)),
    ];

    public static string Write()
    {
        var page = new StringBuilder();
        page.Append(
            """
            # Configuration

            <!-- Generated: ./mediascore configuration-page > docs/configuration.md -->

            Every setting has a default; a server starts without any. Later sources go before earlier ones: `appsettings.json` beside the program,
            `--config FILE`, variables (`MEDIASCORE_Server__HttpPort=8080`), `--set Server:HttpPort=8080`, and the options with names of their own
            (`--data`, `--models`). Everything is checked at start, all faults at once. Relative folders count from `MEDIASCORE_HOME`, which the launcher
            sets to the checkout, else from the working directory; those named on the command line count from the working directory.

            OpenTelemetry's own variables apply as its specification says; traces and metrics are exported when `OTEL_EXPORTER_OTLP_ENDPOINT` is set.

            """);
        foreach (var (section, type) in Sections)
            Append(page, section, type);
        return page.ToString();
    }

    private static void Append(StringBuilder page, string section, Type type)
    {
        var comments = Comments(type.Assembly);
        var summary = comments.GetValueOrDefault($"T:{type.FullName}") ?? throw new InvalidOperationException($"{type.FullName} has no summary.");
        page.Append($"\n## {section}\n\n{SectionMark().Replace(summary, "")}\n\n| Setting | Default | Bounds | Meaning |\n|---|---|---|---|\n");
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.MetadataToken))
        {
            // The default has a column of its own.
            var text = comments.GetValueOrDefault($"P:{type.FullName}.{property.Name}") ?? throw new InvalidOperationException($"{type.FullName}.{property.Name} has no summary.");
            page.Append($"| `{section}:{property.Name}` | {Default(property.GetValue(defaults))} | {Bounds(property)} | {DefaultMark().Replace(text, "").Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }

    private static string Default(object? value) => value switch
    {
        null or "" => "empty",
        System.Collections.ICollection => "empty",
        bool flag => flag ? "`true`" : "`false`",
        IFormattable number => $"`{number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };

    private static string Bounds(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{range.Minimum} to {range.Maximum}" : "";

    /// <summary>The compiler's documentation file of an assembly: member id to summary, as Markdown.</summary>
    private static Dictionary<string, string> Comments(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return XDocument.Load(file).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => Markdown(m.Element("summary")!), StringComparer.Ordinal);
    }

    private static string Markdown(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
        {
            text.Append(node switch
            {
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement element => $"`{(element.Attribute("cref")?.Value ?? element.Value).Split('.')[^1]}`",
                _ => node.ToString(),
            });
        }

        return Space().Replace(System.Net.WebUtility.HtmlDecode(text.ToString()), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    // "Default 10." and "Default `data`." but not "Default: one a core, because ...".
    [GeneratedRegex(@" ?Default (none|empty|\d[\d.]*\d|\d|`[^`]*`)\.(?= |$)")]
    private static partial Regex DefaultMark();

    [GeneratedRegex(@" ?Section `\w+`\.")]
    private static partial Regex SectionMark();
}
