using System.ComponentModel.DataAnnotations;

namespace MediaScore.MediaServer.Configuration;

/// <summary>What the candidate's page is told. Section <c>Candidates</c>.</summary>
public sealed class CandidateOptions
{
    public const string Section = "Candidates";

    /// <summary>Whom candidates may ask, as the receipt says it: an address, a name, a telephone number. Default empty.</summary>
    [MaxLength(200)]
    public string Contact { get; set; } = "";

    /// <summary>Height of the picture that browsers are asked for, pixels. Default 480.</summary>
    // Faces are looked at in pictures of this size, and a person sees an expression in them; twice the height is four times the upload.
    [Range(120, 2160)]
    public int VideoHeight { get; set; } = 480;

    /// <summary>Pictures a second that browsers are asked for, at most. Default 15.</summary>
    // Speech is followed well at 15, and the bits of the other 15 are better spent on a sharper face.
    [Range(1, 60)]
    public int VideoFramerate { get; set; } = 15;

    /// <summary>Bits of the picture that browsers are asked to keep to, kbit/s. Default 800.</summary>
    // What a phone's upload gives nearly everywhere; 480 lines at 15 a second need no more.
    [Range(50, 20_000)]
    public int VideoKbps { get; set; } = 800;
}
