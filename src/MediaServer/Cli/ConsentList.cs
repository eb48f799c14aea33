using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli;

/// <summary>Consent as the command line writes it: <c>audio,video,face-presence</c>.</summary>
internal static class ConsentList
{
    private static readonly Modality[] Usual =
        [Modality.Audio, Modality.Video, Modality.Transcript, Modality.Prosody, Modality.FacePresence, Modality.Gaze, Modality.Text];

    /// <param name="list">Null: what an interview usually takes, without expression and identity.</param>
    public static IReadOnlyList<Modality> Parse(string? list)
    {
        if (list is null)
            return Usual;
        var consent = new List<Modality>();
        foreach (var word in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            consent.Add(Enum.TryParse<Modality>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var modality) && modality is not Modality.Unspecified && !int.TryParse(word, out _)
                ? modality
                : throw new CliException(ExitCode.BadInput, $"--consent: '{word}' is no modality; known are audio, video, transcript, prosody, face-presence, gaze, expression, face-identity, text."));
        }

        return consent;
    }
}
