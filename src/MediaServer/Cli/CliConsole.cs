using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace MediaScore.MediaServer.Cli;

/// <summary>
/// Where a command writes. Results go to standard output, as one JSON object a line under <c>--json</c>; progress, captions and notes always go to
/// standard error, so a pipe never sees them. Thread-safe.
/// </summary>
internal sealed class CliConsole
{
    public static readonly JsonSerializerOptions JsonLine = new(JsonSerializerDefaults.Web)
    {
        // Chinese text and quotation marks stay readable; the reader is a program or a terminal, not an HTML page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Lock _gate = new();
    private readonly TextWriter _output;

    public CliConsole(TextWriter output, TextWriter error)
    {
        _output = output;
        Out = Create(output, ReferenceEquals(output, Console.Out) && Console.IsOutputRedirected);
        Notes = Create(error, ReferenceEquals(error, Console.Error) && Console.IsErrorRedirected);
    }

    /// <summary>For people, on standard output. Silent under <c>--json</c> by its user's choice: commands ask <c>settings.Json</c> first.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Progress, captions and warnings, on standard error.</summary>
    public IAnsiConsole Notes { get; }

    public void WriteJson<T>(T value)
    {
        var line = JsonSerializer.Serialize(value, JsonLine);
        lock (_gate)
        {
            _output.WriteLine(line);
            _output.Flush();
        }
    }

    /// <summary>Text as it is, without markup or wrapping.</summary>
    public void WriteLine(string text)
    {
        lock (_gate)
        {
            _output.WriteLine(text);
            _output.Flush();
        }
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (redirected || writer is StringWriter)
        {
            settings.Ansi = AnsiSupport.No;
            settings.Interactive = InteractionSupport.No;
        }

        var console = AnsiConsole.Create(settings);
        // Nothing says how wide a file is; 80 would break paths and tables.
        if (redirected || writer is StringWriter)
            console.Profile.Width = 180;
        return console;
    }
}
