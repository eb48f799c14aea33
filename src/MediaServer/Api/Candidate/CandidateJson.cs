using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>How the candidate's page and this server write JSON, and the words for our enumerations in it.</summary>
internal static class CandidateJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        RespectNullableAnnotations = true,
    };

    /// <summary>Every modality with its word, in the order of the enumeration.</summary>
    public static IReadOnlyList<(Modality Modality, string Word)> Modalities { get; } =
        [.. Enum.GetValues<Modality>().Where(m => m is not Modality.None).Select(m => (m, Word(m)))];

    /// <summary><c>FacePresence</c> becomes <c>face-presence</c>.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static IReadOnlyList<string> Words(Modality modalities) => [.. Modalities.Where(m => modalities.HasFlag(m.Modality)).Select(m => m.Word)];

    /// <returns>Null where one of them is no modality.</returns>
    public static Modality? Parse(IReadOnlyList<string> words)
    {
        var all = Modality.None;
        foreach (var word in words)
        {
            var (modality, _) = Modalities.FirstOrDefault(m => m.Word == word);
            if (modality is Modality.None)
                return null;
            all |= modality;
        }

        return all;
    }
}
