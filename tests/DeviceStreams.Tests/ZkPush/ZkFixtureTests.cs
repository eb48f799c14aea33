using System.Globalization;
using System.Text;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>Every body of the MIT-licensed repositories, in our own words, and of terminals that were looked at: what the terminal is told, and what is known afterwards.</summary>
public sealed class ZkFixtureTests
{
    private const char More = '…';

    [Fact]
    public async Task Every_body_is_answered_as_the_terminal_expects_and_read_as_it_is_meant()
    {
        var expected = ReadExpected();
        var fixtures = ZkFixture.ReadAll();

        var wrong = new List<string>();
        var actual = new StringBuilder();
        foreach (var fixture in fixtures)
        {
            var rows = await PlayAsync(fixture);
            foreach (var row in rows)
                actual.Append(row).Append('\n');
            var wanted = expected.GetValueOrDefault(fixture.Name, []);
            for (var step = 0; step < Math.Max(rows.Count, wanted.Count); step++)
            {
                var (is_, should) = (step < rows.Count ? rows[step] : "(no such step)", step < wanted.Count ? wanted[step] : "(not in expected.tsv)");
                if (!Matches(is_, should))
                    wrong.Add($"{fixture.Name}, request {step + 1}\n  is     {is_}\n  should {should}");
            }
        }

        // What all of them came to, for whoever adds one.
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, "zk-fixtures-actual.tsv"), actual.ToString());
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    [Fact]
    public void No_case_is_left_out_or_there_twice()
    {
        var names = ZkFixture.ReadAll().Select(fixture => fixture.Name).ToList();

        names.Count.ShouldBeGreaterThan(150);
        names.Distinct(StringComparer.Ordinal).Count().ShouldBe(names.Count);
        ReadExpected().Keys.Order(StringComparer.Ordinal).ShouldBe(names.Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, List<string>> ReadExpected() =>
        File.ReadAllLines(Path.Combine(ZkFixture.Folder, "expected.tsv")).Where(line => line.Length > 0)
            .GroupBy(line => line.Split('\t')[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);

    private static bool Matches(string actual, string expected)
    {
        var (is_, should) = (actual.Split('\t'), expected.Split('\t'));
        return is_.Length == 4 && should.Length == 4 && is_[1] == should[1] && is_[3] == should[3]
            && (should[2].EndsWith(More) ? is_[2].StartsWith(should[2][..^1], StringComparison.Ordinal) : is_[2] == should[2]);
    }

    private static async Task<List<string>> PlayAsync(ZkFixture fixture)
    {
        await using var host = await ZkHost.StartAsync(host => Configure(host, fixture.Steps[0].Scene));
        var rows = new List<string>();
        var (eventCount, personCount, faceCount) = (0, 0, 0);
        var ended = new HashSet<long>();
        foreach (var step in fixture.Steps)
        {
            foreach (var line in step.Scene)
                await SetAsync(host, line);
            var reply = await host.Server.HandleAsync(new DeviceRequest(step.Method, step.Path, step.Query, step.Headers, step.Body, null), CancellationToken.None);
            host.Time.Advance(TimeSpan.FromSeconds(1));

            var tokens = new List<string>();
            var events = await host.EventsAsync();
            tokens.AddRange(events.Skip(eventCount).Select(Token));
            tokens.AddRange(host.People.People.Skip(personCount).Select(person => $"person:{person.Number}={person.Name}{(person.IsDisabled ? "!" : "")}"));
            tokens.AddRange(host.People.Faces.Skip(faceCount).Select(face => $"face:{face.Number}/{face.Picture.Length}"));
            (eventCount, personCount, faceCount) = (events.Count, host.People.People.Count, host.People.Faces.Count);
            if (reply.Status == 200)
                tokens.AddRange(Read(step));
            foreach (var device in host.Registry.List())
            {
                foreach (var command in (await host.Commands.ListAsync(device.Id, 100)).Where(command => command.EndedAt is not null).OrderBy(command => command.Id).Where(command => ended.Add(command.Id)))
                    tokens.Add($"ended:{command.Id}={(command.State == DeviceCommandState.Succeeded ? "ok" : command.State.ToString().ToLowerInvariant())}");
            }

            rows.Add(string.Join('\t', fixture.Name, reply.Status.ToString(CultureInfo.InvariantCulture), reply.Body.IsEmpty ? "." : ZkFixture.Escape(reply.Body.Span), tokens.Count > 0 ? string.Join(" | ", tokens) : "-"));
        }

        return rows;
    }

    private static string Token(DeviceEventRow happened) => happened.Code switch
    {
        "unreadable" => $"unreadable:{happened.Reason.Split(':')[0]}",
        "face-held" or "face-enrolled" or "face-refused" => $"{happened.Code}:{happened.PersonNumber}",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{happened.Kind}:{happened.Outcome}:{happened.PersonNumber}:{happened.OccurredAt:yyyy-MM-dd'T'HH:mm:ss'Z'}:{happened.Method}:{happened.Direction}:{happened.Code}{(happened.Picture is null ? "" : "+picture")}"),
    };

    /// <summary>What the pure readers make of bodies that leave nothing behind.</summary>
    private static IEnumerable<string> Read(ZkFixture.Step step)
    {
        var query = ZkQuery.Parse(step.Query);
        switch (ZkPath.CallOf(step.Path))
        {
            case "devicecmd":
                foreach (var result in step.Body.Length > 0 ? CommandResults.Parse(step.Body) : CommandResults.Parse(query))
                    yield return $"result:{result.Id}={result.Return?.ToString(CultureInfo.InvariantCulture) ?? "?"}{(result.Content.Length > 0 ? $"+{result.Content.Length}" : "")}";
                break;
            case "registry":
            case "cdata" when query.Has("table", "options") || (query["table"] is null && query["AuthType"] is null && step.Method == "POST"):
                if (TerminalOptions.Parse(step.Body) is { Count: > 0 } options)
                    yield return $"options:{options.Count}";
                break;
            default:
                break;
        }
    }

    private static void Configure(ZkHost host, IEnumerable<string> scene)
    {
        foreach (var words in scene.Select(line => line.Split(' ')))
        {
            switch (words[0])
            {
                case "strangers":
                    host.Devices.ApproveNewcomers = false;
                    break;
                case "limit":
                    host.Options.MaxBodyBytes = int.Parse(words[1], CultureInfo.InvariantCulture);
                    break;
                case "terminals":
                    host.Options.MaxTerminals = int.Parse(words[1], CultureInfo.InvariantCulture);
                    break;
                case "zone":
                    host.Devices.TimeZone = words[1];
                    break;
                default:
                    break;
            }
        }
    }

    private static async Task SetAsync(ZkHost host, string line)
    {
        var words = line.Split(' ', 4);
        switch (words[0])
        {
            case "device":
                await host.AddAsync(words[1], words[2] == "acc" ? ZkDialect.Access : ZkDialect.Attendance, words.Length > 3 ? words[3] : "");
                break;
            case "queue":
                var device = host.Registry.List().Single(known => known.Row.Serial == words[1]);
                await host.Commands.AddAsync(device.Id, words[2], System.Text.Json.JsonDocument.Parse(words[3].Replace("\\\\", "\\", StringComparison.Ordinal)).RootElement, TimeSpan.FromHours(1));
                break;
            case "consent":
                host.People.Consents[words[1]] = true;
                break;
            case "fail":
                host.Fails = true;
                break;
            case "work":
                host.Fails = false;
                break;
            default:
                break;
        }
    }
}
