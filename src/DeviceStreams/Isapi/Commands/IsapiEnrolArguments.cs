namespace MediaScore.DeviceStreams.Isapi.Commands;

/// <summary>Of <see cref="Registry.CommandKinds.Enrol"/> for a Hikvision device: the person, and the face where there is a picture.</summary>
/// <param name="DisplayName">Empty: as the person is called here.</param>
/// <param name="Picture">Name of a sealed picture (<see cref="Access.IEventPictures"/>); null: the person only, as for a card. Sent to no device without the person's consent.</param>
/// <param name="ValidTo">Null: as long as the device can count.</param>
public sealed record IsapiEnrolArguments(string PersonNumber, string DisplayName = "", string? Picture = null, DateTime? ValidFrom = null, DateTime? ValidTo = null);
