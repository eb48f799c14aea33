using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>What an import of people may bring. Section <c>PeopleImport</c>.</summary>
public sealed class PeopleImportOptions
{
    /// <summary>Rows of a table. Default 100000.</summary>
    [Range(1, 1_000_000)] public int MaxRows { get; set; } = 100_000;

    /// <summary>Size of a table, in MiB. Default 32.</summary>
    // 300 bytes a row; it is held in memory, as text twice that.
    [Range(1, 256)] public int MaxTableMiB { get; set; } = 32;

    /// <summary>Entries of a ZIP archive. Default 50000.</summary>
    // Its list of contents is read into memory before the first photo; an archive of more is taken as a folder or in parts.
    [Range(1, 65_534)] public int MaxArchiveEntries { get; set; } = 50_000;

    /// <summary>Size of one photo, unpacked, in MiB. Default 12.</summary>
    // The largest of telephones are half of that.
    [Range(1, 16)] public int MaxPhotoMiB { get; set; } = 12;

    /// <summary>Size of all photos of one import together, unpacked, in MiB. Default 65536.</summary>
    [Range(1, 10_000_000)] public int MaxTotalMiB { get; set; } = 65_536;

    /// <summary>How many times its packed size a photo of an archive may have. Default 20.</summary>
    // JPEG and PNG are packed already and hardly shrink: what grows a hundredfold is no photo.
    [Range(2, 1_000)] public int MaxCompressionRatio { get; set; } = 20;
}
