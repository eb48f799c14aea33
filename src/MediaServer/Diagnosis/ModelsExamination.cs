using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Diagnosis;

/// <summary>Are the models there, and are they the catalog's?</summary>
internal static class ModelsExamination
{
    public const string Cure = "mediascore models prepare";

    public static Finding Examine(IConfiguration configuration)
    {
        var folder = MediaScoreHome.Resolve(MediaScoreSettings.Get<ModelsOptions>(configuration, ModelsOptions.Section).Folder);
        return Directory.Exists(folder)
            ? new Finding("models", FindingVerdict.Good, folder)
            : new Finding("models", FindingVerdict.Fault, $"nothing at {folder}", Cure);
    }
}
