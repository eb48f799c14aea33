using System.Globalization;
using MediaScore.Peers.Network;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sources;
using MediaScore.WebRtc;

namespace MediaScore.Sender;

/// <summary>The command line. Every number has a bound: the program makes load, it is not to make more than was meant.</summary>
internal sealed record SenderArguments
{
    public const string Usage = """
        Streams sound and pictures from files to a WHIP endpoint, as a browser would.

          --whip URL            where to post the offer; may come more than once, each with the --token after it
          --token T             bearer token of the URL before it
          --links FILE          lines of "URL TOKEN", one sender each (at most 200)
          --audio FILE          Ogg Opus, or anything that ffmpeg reads; "synthetic" is a tone
          --video FILE          VP8 in IVF, H.264 as Annex B (.h264), or anything that ffmpeg reads; "synthetic" is a test picture
          --h264                encode pictures as H.264 rather than VP8
          --fps N               pictures a second of an .h264 file or of what is encoded, 1 to 60 (15)
          --seconds N           how long, 1 to 14400 (30)
          --tcp                 ICE-TCP rather than UDP
          --dtx --speech R      discontinuous transmission; part of the time that is spoken, 0 to 1
          --audio-nack          ask for retransmission of sound in the offer
          --no-rtx              no retransmission payload type for pictures
          --loss P --burst N    datagrams lost, percent; mean run of lost ones
          --delay MS --jitter MS --ordered   one way; --ordered keeps the order in jitter
          --reorder P --duplicate P          percent
          --rate KBIT           uplink's rate
          --outage START:LENGTH seconds; may come more than once
          --rebind S            NAT rebinding after S seconds; --roam S: a noticed change of networks; --restart S: an ICE restart
          --mute START:LENGTH   the microphone sends silence for a while, seconds
          --seed N              of everything that is drawn (1)
          --allow-remote        send to other machines than this one
          --insecure            accept any certificate of the HTTPS server
          --json                the result as JSON on the standard output; progress goes to the standard error
        """;

    public List<(Uri Whip, string? Token)> Links { get; } = [];

    public string? Audio { get; private set; }

    public string? Video { get; private set; }

    public bool H264 { get; private set; }

    public int FramesPerSecond { get; private set; } = 15;

    public int Seconds { get; private set; } = 30;

    public TransportKind Transport { get; private set; }

    public OpusSourceOptions AudioSource { get; private set; } = new();

    public bool AudioNack { get; private set; }

    public bool Rtx { get; private set; } = true;

    public NetworkConditions Network { get; private set; } = new();

    public int? RebindSecond { get; private set; }

    public int? RoamSecond { get; private set; }

    public int? RestartSecond { get; private set; }

    public Outage? Mute { get; private set; }

    public int Seed { get; private set; } = 1;

    public bool AllowsRemote { get; private set; }

    public bool Insecure { get; private set; }

    public bool Json { get; private set; }

    public PeerNetwork PeerNetwork(int number) => Network == NetworkConditions.Perfect ? Peers.Running.PeerNetwork.Perfect : new PeerNetwork(Network, Network with { RateKilobitsPerSecond = 0 }, Seed + (2 * number));

    /// <exception cref="FormatException">With a message for the user.</exception>
    public static SenderArguments Parse(IReadOnlyList<string> words)
    {
        var arguments = new SenderArguments();
        for (var i = 0; i < words.Count; i++)
        {
            var name = words[i];
            string Value() => ++i < words.Count ? words[i] : throw new FormatException($"{name} needs a value.");
            double Number(double least, double most) =>
                double.TryParse(Value(), CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                    ? number
                    : throw new FormatException($"{name} {words[i]}: a number from {least} to {most}.");
            arguments.Take(name, Value, Number);
        }

        if (arguments.Links.Count is 0 or > 200)
            throw new FormatException("One to 200 --whip addresses.");
        if (arguments.Audio is null && arguments.Video is null)
            throw new FormatException("--audio or --video, or both.");
        return arguments;
    }

    private void Take(string name, Func<string> value, Func<double, double, double> number)
    {
        switch (name)
        {
            case "--whip": Links.Add((Address(value()), null)); break;
            case "--token": Links[^1] = Links.Count > 0 ? (Links[^1].Whip, value()) : throw new FormatException("--token comes after its --whip."); break;
            case "--links": Links.AddRange(File.ReadLines(value()).Select(Link)); break;
            case "--audio": Audio = value(); break;
            case "--video": Video = value(); break;
            case "--h264": H264 = true; break;
            case "--fps": FramesPerSecond = (int)number(1, 60); break;
            case "--seconds": Seconds = (int)number(1, 14_400); break;
            case "--tcp": Transport = TransportKind.Tcp; break;
            case "--dtx": AudioSource = AudioSource with { Dtx = true }; break;
            case "--speech": AudioSource = AudioSource with { SpeechRatio = number(0, 1) }; break;
            case "--audio-nack": AudioNack = true; break;
            case "--no-rtx": Rtx = false; break;
            case "--loss": Network = Network with { LossPercent = number(0, 100) }; break;
            case "--burst": Network = Network with { LossBurst = number(1, 1000) }; break;
            case "--delay": Network = Network with { Delay = TimeSpan.FromMilliseconds(number(0, 10_000)) }; break;
            case "--jitter": Network = Network with { Jitter = TimeSpan.FromMilliseconds(number(0, 10_000)) }; break;
            case "--ordered": Network = Network with { KeepsOrder = true }; break;
            case "--reorder": Network = Network with { ReorderPercent = number(0, 100) }; break;
            case "--duplicate": Network = Network with { DuplicatePercent = number(0, 100) }; break;
            case "--rate": Network = Network with { RateKilobitsPerSecond = (int)number(10, 1_000_000) }; break;
            case "--outage": Network = Network with { Outages = [.. Network.Outages, Span(value())] }; break;
            case "--mute": Mute = Span(value()); break;
            case "--rebind": RebindSecond = (int)number(0, 14_400); break;
            case "--roam": RoamSecond = (int)number(0, 14_400); break;
            case "--restart": RestartSecond = (int)number(0, 14_400); break;
            case "--seed": Seed = (int)number(0, int.MaxValue); break;
            case "--allow-remote": AllowsRemote = true; break;
            case "--insecure": Insecure = true; break;
            case "--json": Json = true; break;
            default: throw new FormatException($"{name} is not known.");
        }
    }

    private static (Uri, string?) Link(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [var url] => (Address(url), null),
        [var url, var token] => (Address(url), token),
        _ => throw new FormatException("A line of --links is: URL TOKEN."),
    };

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : throw new FormatException($"{text} is no http or https address.");

    private static Outage Span(string text)
    {
        if (text.Split(':') is [var start, var length] && double.TryParse(start, CultureInfo.InvariantCulture, out var from)
            && double.TryParse(length, CultureInfo.InvariantCulture, out var seconds) && from is >= 0 and <= 14_400 && seconds is > 0 and <= 14_400)
            return new Outage(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(seconds));
        throw new FormatException($"{text}: START:LENGTH in seconds.");
    }
}
