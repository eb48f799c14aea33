using System.Globalization;

namespace MediaScore.Load;

internal enum LoadTransport
{
    WebRtc,
    Grpc,
}

internal enum LoadScenario
{
    Steady,
    Overload,
    Reconnect,
    Churn,
}

/// <summary>One run. It sends to a server that it starts on this machine, and nowhere else.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        dotnet run -c Release --project load-tests/Load -- --transport webrtc|grpc --interviews N --seconds S
            [--warm-up S]     seconds from the first start to the measured window (default: the starts' and 15 more, then until the
                              server's compiler is quiet, at most 60 more)
            [--ramp S]        seconds over which interviews start, at random (default: five a second)
            [--scenario steady|overload|reconnect|churn]
                              overload: --seconds as before, ten times the requests for --event S (default 60), --seconds again
                              reconnect: all drop in the middle of the window and come back within a second
                              churn: joins and leaves, each candidate for --life S on average (default 120)
            [--terminals N]   face terminals beside the interviews, at most 200 (default 0); with them --interviews may be 0 where the scenario is steady
            [--terminal-rate R] frames of each a second, 0.1 to 20 (default 2)
            [--faces DIR]     what they show: a folder of JPEG pictures a person, named by the person's number; "strangers": people who are enrolled nowhere
            [--backlog N]     finished interviews of two minutes whose final pass is still to come when the server starts (default 0, at most 200)
            [--speech R]      share of the time in which somebody speaks, 0.1 to 0.9 (default 0.6)
            [--seed N]        of starts and of who says what (default 1)
            [--words-of DIR]  compares what is heard with an earlier run's, sentence by sentence; of one interview and 690 s, it has all of them
            [--output DIR]    default artifacts/load/TIME
            [--set A:B=C]     a setting of the server, several times
            [--variable A=B]  an environment variable of the server, several times
            [--json]          the row as one line of JSON on the standard output
        At most 300 interviews and two hours, eight for churn: 0.28 GB of recordings an interview and hour, so 180 GB for 80 in eight. It starts its own server on 127.0.0.1.
        """;

    public const int MostInterviews = 300;
    public const int MostSeconds = 7200;

    // What leaks slowly shows in eight hours. Its interviews are short: the limit of the plan's question is none of it.
    public const int MostChurnSeconds = 28_800;

    // 2 GB on disk.
    private const int MostBacklog = 200;

    // More than a site has doors, and less than the driver's own share of the machine allows.
    private const int MostTerminals = 200;

    // Five handshakes a second are a class that is let in; more would measure starts.
    private const double StartsPerSecond = 5;

    private const int WarmUpAfterStarts = 15;

    private static readonly TimeSpan MostCompilerWait = TimeSpan.FromSeconds(60);

    public LoadTransport Transport { get; init; } = LoadTransport.WebRtc;

    public LoadScenario Scenario { get; init; }

    public int Interviews { get; init; } = 10;

    public int Seconds { get; init; } = 60;

    /// <summary>Null takes the starts' time and 15 s.</summary>
    public int? WarmUpSeconds { get; init; }

    public int? RampSeconds { get; init; }

    /// <summary>Finished interviews that wait for their final pass when the server starts.</summary>
    public int Backlog { get; init; }

    /// <summary>Face terminals beside the interviews.</summary>
    public int Terminals { get; init; }

    /// <summary>Frames of each terminal a second.</summary>
    public double TerminalRate { get; init; } = 2;

    /// <summary>Folder of the pictures that terminals show.</summary>
    public string? Faces { get; init; }

    /// <summary>How long the overload lasts.</summary>
    public int EventSeconds { get; init; } = 60;

    /// <summary>Mean length of an interview where they come and go.</summary>
    public int LifeSeconds { get; init; } = 120;

    public double Speech { get; init; } = 0.6;

    public int Seed { get; init; } = 1;

    /// <summary>Folder of a run that what is heard is compared with.</summary>
    public string? WordsOf { get; init; }

    public string? Output { get; init; }

    public bool Json { get; init; }

    public IReadOnlyDictionary<string, string> ServerSettings { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> ServerVariables { get; init; } = new Dictionary<string, string>();

    public TimeSpan Ramp => TimeSpan.FromSeconds(RampSeconds ?? Math.Ceiling(Interviews / StartsPerSecond));

    public TimeSpan WarmUp => WarmUpSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Ramp + TimeSpan.FromSeconds(WarmUpAfterStarts);

    /// <summary>How much longer than <see cref="WarmUp"/> the server's compiler is waited for; nothing where the warm-up was asked for, and where interviews come and go by a plan.</summary>
    public TimeSpan CompilerWait => WarmUpSeconds is null && Scenario is not LoadScenario.Churn ? MostCompilerWait : TimeSpan.Zero;

    /// <summary>What an interview may last at most.</summary>
    public TimeSpan Longest => Whole + CompilerWait;

    /// <summary>From the first start to the last end, without <see cref="CompilerWait"/>.</summary>
    public TimeSpan Whole => WarmUp + TimeSpan.FromSeconds(Scenario is LoadScenario.Overload ? (2 * Seconds) + EventSeconds : Seconds);

    public string TransportName => Transport is LoadTransport.WebRtc ? "webrtc" : "grpc";

    public string ScenarioName => Scenario.ToString().ToLowerInvariant();

    /// <summary>The command that gives it again.</summary>
    public string Command
    {
        get
        {
            var command = string.Create(CultureInfo.InvariantCulture, $"make load ARGS='--transport {TransportName} --interviews {Interviews} --seconds {Seconds}");
            command += Scenario is LoadScenario.Steady ? string.Empty : $" --scenario {ScenarioName}";
            command += WarmUpSeconds is { } warmUp ? string.Create(CultureInfo.InvariantCulture, $" --warm-up {warmUp}") : string.Empty;
            command += RampSeconds is { } ramp ? string.Create(CultureInfo.InvariantCulture, $" --ramp {ramp}") : string.Empty;
            command += Terminals is 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" --terminals {Terminals} --terminal-rate {TerminalRate} --faces {Faces}");
            command += Backlog is 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" --backlog {Backlog}");
            command += Scenario is LoadScenario.Overload ? string.Create(CultureInfo.InvariantCulture, $" --event {EventSeconds}") : string.Empty;
            command += Scenario is LoadScenario.Churn ? string.Create(CultureInfo.InvariantCulture, $" --life {LifeSeconds}") : string.Empty;
            command += Speech is 0.6 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" --speech {Speech}");
            command += WordsOf is null ? string.Empty : $" --words-of {WordsOf}";
            command += Seed is 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" --seed {Seed}");
            command += string.Concat(ServerSettings.Select(setting => $" --set {setting.Key}={setting.Value}"));
            command += string.Concat(ServerVariables.Select(variable => $" --variable {variable.Key}={variable.Value}"));
            return command + "'";
        }
    }

    /// <exception cref="FormatException">With a message for the user.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> words)
    {
        var options = new LoadOptions();
        for (var i = 0; i < words.Count; i++)
        {
            var name = words[i];
            string Value() => ++i < words.Count ? words[i] : throw new FormatException($"{name} needs a value.");
            options = options.With(name, Value);
        }

        var most = options.Scenario is LoadScenario.Churn ? MostChurnSeconds : MostSeconds;
        if (options.Whole.TotalSeconds > most)
            throw new FormatException($"--seconds: warm-up and measured seconds are {options.Whole.TotalSeconds:0}; at most {most} together.");
        if (options.WarmUp < options.Ramp)
            throw new FormatException($"--warm-up {options.WarmUp.TotalSeconds:0} is shorter than the starts take, {options.Ramp.TotalSeconds:0} s (--ramp).");
        if (options.Terminals > 0 && options.Faces is null)
            throw new FormatException("--terminals shows faces: --faces names a folder of JPEG pictures.");
        if (options.Interviews == 0 && (options.Terminals == 0 || options.Scenario is not LoadScenario.Steady))
            throw new FormatException("--interviews 0 goes with --terminals and the steady scenario only.");
        return options;
    }

    private LoadOptions With(string name, Func<string> value)
    {
        int Whole(int least, int most) => (int)Number(name, value(), least, most);
        switch (name)
        {
            case "--transport": return this with { Transport = Choice<LoadTransport>(name, value()) };
            case "--scenario": return this with { Scenario = Choice<LoadScenario>(name, value()) };
            case "--interviews": return this with { Interviews = Whole(0, MostInterviews) };
            case "--seconds": return this with { Seconds = Whole(1, MostChurnSeconds) };
            case "--warm-up": return this with { WarmUpSeconds = Whole(0, MostSeconds) };
            case "--ramp": return this with { RampSeconds = Whole(0, MostSeconds) };
            case "--terminals": return this with { Terminals = Whole(0, MostTerminals) };
            case "--terminal-rate": return this with { TerminalRate = Number(name, value(), 0.1, 20) };
            case "--faces": return this with { Faces = value() };
            case "--backlog": return this with { Backlog = Whole(0, MostBacklog) };
            case "--seed": return this with { Seed = Whole(0, int.MaxValue) };
            case "--event": return this with { EventSeconds = Whole(1, MostSeconds) };
            case "--life": return this with { LifeSeconds = Whole(5, MostSeconds) };
            case "--speech": return this with { Speech = Number(name, value(), 0.1, 0.9) };
            case "--output": return this with { Output = value() };
            case "--words-of": return this with { WordsOf = value() };
            case "--json": return this with { Json = true };
            case "--set": return this with { ServerSettings = Added(ServerSettings, name, value()) };
            case "--variable": return this with { ServerVariables = Added(ServerVariables, name, value()) };
            default: throw new FormatException($"{name} is not known.\n{Usage}");
        }
    }

    private static T Choice<T>(string name, string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var choice) && Enum.IsDefined(choice)
            ? choice
            : throw new FormatException($"{name} {text}: one of {string.Join(", ", Enum.GetNames<T>().Select(word => word.ToLowerInvariant()))}.");

    private static double Number(string name, string text, double least, double most) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : throw new FormatException($"{name} {text}: a number from {least} to {most}.");

    private static Dictionary<string, string> Added(IReadOnlyDictionary<string, string> settings, string name, string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
            throw new FormatException($"{name} {text}: NAME=VALUE.");
        return new Dictionary<string, string>(settings, StringComparer.Ordinal) { [text[..at]] = text[(at + 1)..] };
    }
}
