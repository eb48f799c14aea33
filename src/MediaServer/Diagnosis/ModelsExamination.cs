using MediaScore.Inference.Catalog;
using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Diagnosis;

/// <summary>Are the models there, and are they the catalog's?</summary>
internal static class ModelsExamination
{
    public const string Cure = "mediascore models prepare";

    public static Finding Examine(IConfiguration configuration)
    {
        var folders = new ModelFolders(configuration);
        PreparedModels models;
        try
        {
            models = folders.OpenPrepared();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return new Finding("models", FindingVerdict.Fault, e.Message, "Models:Catalog names the catalog; MEDIASCORE_HOME the folder it counts from.");
        }

        var problems = new Dictionary<string, object>(StringComparer.Ordinal);
        var versions = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var model in models.Catalog.Models)
        {
            try
            {
                versions[model.Id] = models.Get(model.Id).Version;
            }
            catch (ModelUnavailableException e)
            {
                problems[model.Id] = e.Message;
            }
        }

        return problems.Count == 0
            ? new Finding("models", FindingVerdict.Good, $"{versions.Count} models at {models.Folder}", Facts: versions)
            : new Finding("models", FindingVerdict.Fault, $"{problems.Count} of {models.Catalog.Models.Count} cannot be used: {problems.Values.First()}", Cure, problems);
    }
}
