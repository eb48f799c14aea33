using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Access;

/// <summary>What becomes of people and faces that were enrolled at a terminal, by whatever protocol it speaks. Thread-safe. What it throws makes the terminal send again.</summary>
public interface ITerminalPeople
{
    /// <summary>People whom a terminal knows. Those who are known here keep the name that they have here.</summary>
    Task OfferPeopleAsync(Device device, IReadOnlyList<TerminalPerson> people, CancellationToken cancellationToken);

    /// <summary>A face that was enrolled at a terminal. The same picture again changes nothing.</summary>
    /// <param name="picture">JPEG or PNG; the caller's again on return.</param>
    Task<TerminalFaceAnswer> OfferFaceAsync(Device device, string personNumber, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken);

    /// <summary>May this person's face be enrolled at a terminal, or be sent to one?</summary>
    Task<bool> HasConsentAsync(string tenant, string personNumber, CancellationToken cancellationToken);
}
