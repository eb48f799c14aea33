using System.Globalization;

namespace MediaScore.ReceivePath;

/// <summary>The command line. Every number has a bound, and everything goes to this machine: the program makes load.</summary>
internal sealed record Arguments
{
    public const string Usage = """
        Measures what receiving costs: senders in a process of their own, one loop here.

          --senders N     WebRTC senders, 1 to 200 (100); each sends 50 packets of sound and 100 of pictures a second
          --seconds N     length of each measured part, 2 to 120 (20)
          --flood N       beside them, N unauthenticated datagrams a second (checks, hellos, media, garbage), 0 to 100000 (0)
          --record FILE   where frames are appended to (a file in the temporary folder, deleted afterwards)
          --profile N     SRTP profile: 7, 8 or 1 (7)
          --json          the result as JSON
        """;

    public int Senders { get; private set; } = 100;

    public int Seconds { get; private set; } = 20;

    public int FloodPerSecond { get; private set; }

    public string? Record { get; private set; }

    public int Profile { get; private set; } = 7;

    public bool Json { get; private set; }

    /// <summary>Set in the process that sends: where offers go.</summary>
    public Uri? Whip { get; private set; }

    /// <exception cref="FormatException">With a message for the user.</exception>
    public static Arguments Parse(IReadOnlyList<string> words)
    {
        var arguments = new Arguments();
        for (var i = 0; i < words.Count; i++)
        {
            var name = words[i];
            string Value() => ++i < words.Count ? words[i] : throw new FormatException($"{name} needs a value.");
            int Number(int least, int most) => int.TryParse(Value(), CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw new FormatException($"{name} {words[i]}: a number from {least} to {most}.");
            switch (name)
            {
                case "--senders": arguments.Senders = Number(1, 200); break;
                case "--seconds": arguments.Seconds = Number(2, 120); break;
                case "--flood": arguments.FloodPerSecond = Number(0, 100_000); break;
                case "--record": arguments.Record = Value(); break;
                case "--profile": arguments.Profile = Number(1, 8); break;
                case "--json": arguments.Json = true; break;
                case "--send-to": arguments.Whip = new Uri(Value()); break;
                default: throw new FormatException($"{name} is not known.");
            }
        }

        return arguments;
    }
}
