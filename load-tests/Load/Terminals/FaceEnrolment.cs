using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.Load.Server;

namespace MediaScore.Load.Terminals;

/// <summary>
/// Makes those whose faces the terminals show known to the server under load, as an operator does: number, consent, pictures, through the console's own interface. They are people of
/// this program's own tenant, and all of it goes with the server's data folder.
/// </summary>
internal sealed class FaceEnrolment : IDisposable
{
    public const string Tenant = "load";

    private const string TokenFile = "console-token";
    private const string Consent = "measurement: a picture of the folder that was named with --faces, on a server that is deleted afterwards";

    // A door compares with several views of one person; the others of a folder are shown to it and are not enrolled.
    private const int MostViews = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _console;
    private readonly TextWriter _progress;
    private readonly TimeProvider _time;

    public FaceEnrolment(ServerProcess server, TextWriter progress, TimeProvider time)
    {
        (_progress, _time) = (progress, time);
        _console = new HttpClient { BaseAddress = new Uri(server.Http, "/console/api/") };
        _console.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(server.DataFolder, TokenFile)).Trim());
    }

    /// <returns>Numbers of those who are enrolled now.</returns>
    /// <exception cref="InvalidDataException">Nobody could be enrolled, or somebody has a number that is none.</exception>
    public async Task<IReadOnlySet<string>> EnrolAsync(IReadOnlyList<SimulatedFace> faces, CancellationToken cancellation)
    {
        var people = faces.Where(face => face.PersonNumber.Length > 0).GroupBy(face => face.PersonNumber, StringComparer.Ordinal).ToList();
        await _progress.WriteLineAsync(FormattableString.Invariant($"Enrolling {people.Count} people at the server."));
        var enrolled = new HashSet<string>(StringComparer.Ordinal);
        var reasons = new List<string>();
        foreach (var person in people)
        {
            await SendAsync("people", JsonContent.Create(new { number = person.Key, name = person.Key }), cancellation);
            await SendAsync($"people/{person.Key}/consent", JsonContent.Create(new { source = Consent }), cancellation);
            var views = 0;
            foreach (var face in person)
            {
                var answer = await SendAsync($"people/{person.Key}/faces", Picture(face), cancellation, "&source=photo");
                if (answer.GetProperty("enrolled").GetBoolean())
                    views++;
                else
                    reasons.Add($"{person.Key}: {answer.GetProperty("reason").GetString()}");
                if (views == MostViews)
                    break;
            }

            if (views > 0)
                enrolled.Add(person.Key);
        }

        foreach (var reason in reasons.Distinct(StringComparer.Ordinal))
            await _progress.WriteLineAsync($"  not enrolled: {reason}");
        return enrolled.Count > 0 ? enrolled : throw new InvalidDataException($"--faces: nobody could be enrolled. {reasons.FirstOrDefault() ?? "All of them are strangers."}");
    }

    public void Dispose() => _console.Dispose();

    private static ReadOnlyMemoryContent Picture(SimulatedFace face)
    {
        var content = new ReadOnlyMemoryContent(face.Jpeg);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return content;
    }

    private async Task<JsonElement> SendAsync(string path, HttpContent content, CancellationToken cancellation, string query = "")
    {
        using (content)
        {
            // Kept for a second try: the interface has a limit for each address, and says so.
            var body = await content.ReadAsByteArrayAsync(cancellation);
            while (true)
            {
                using var again = new ByteArrayContent(body);
                again.Headers.ContentType = content.Headers.ContentType;
                using var answer = await _console.PostAsync(new Uri($"{path}?tenant={Tenant}{query}", UriKind.Relative), again, cancellation);
                if (answer.StatusCode is HttpStatusCode.TooManyRequests)
                {
                    await Task.Delay(Pause, _time, cancellation);
                    continue;
                }

                var text = await answer.Content.ReadAsStringAsync(cancellation);
                if (!answer.IsSuccessStatusCode)
                    throw new InvalidDataException($"--faces: the server refused {path}: {(int)answer.StatusCode} {text}");
                using var json = JsonDocument.Parse(text);
                return json.RootElement.Clone();
            }
        }
    }
}
