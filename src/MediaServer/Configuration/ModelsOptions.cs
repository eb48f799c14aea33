using System.ComponentModel.DataAnnotations;

namespace MediaScore.MediaServer.Configuration;

/// <summary>Where the models lie. Section <c>Models</c>.</summary>
public sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>Folder that <c>mediascore models prepare</c> fills. Default <c>models/prepared</c>; the variable <c>MEDIASCORE_MODELS</c> goes before it.</summary>
    [Required]
    public string Folder { get; set; } = "models/prepared";

    /// <summary>The catalog: which models there are, from which packages, with which hashes. Default <c>models/catalog.json</c>.</summary>
    [Required]
    public string Catalog { get; set; } = "models/catalog.json";
}
