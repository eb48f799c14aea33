using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaScore.Load.Results;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LoadRow))]
internal sealed partial class LoadJson : JsonSerializerContext
{
    public const string FileName = "row.json";

    /// <summary>Indented, with quotes and signs as people read them.</summary>
    private static LoadJson Readable => new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static LoadJson OneLine => new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = false });

    /// <summary>For <c>--json</c>: one object a line on the standard output.</summary>
    public static string Line(LoadRow row) => JsonSerializer.Serialize(row, OneLine.LoadRow);

    public static async Task WriteAsync(LoadRow row, string folder, CancellationToken cancellation)
    {
        var file = File.Create(Path.Combine(folder, FileName));
        await using (file.ConfigureAwait(false))
            await JsonSerializer.SerializeAsync(file, row, Readable.LoadRow, cancellation);
    }

    /// <exception cref="InvalidDataException">There is none in this folder, or it is of another format.</exception>
    public static async Task<LoadRow> ReadAsync(string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new InvalidDataException($"There is no {FileName} in {folder}: name a folder that a run has written (--output).");
        try
        {
            var file = File.OpenRead(path);
            await using (file.ConfigureAwait(false))
                return await JsonSerializer.DeserializeAsync(file, Default.LoadRow, cancellation) ?? throw new InvalidDataException($"{path} is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is no row of this program's format: {e.Message}", e);
        }
    }
}
