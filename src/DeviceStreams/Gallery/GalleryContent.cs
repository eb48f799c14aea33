namespace MediaScore.DeviceStreams.Gallery;

/// <summary>What a gallery holds, and what of the database it could not take in.</summary>
/// <param name="OtherModelCount">Templates of another embedder: whoever has only those has to be enrolled again.</param>
/// <param name="UnreadableCount">Templates that the tenant's key does not open, or that hold no embedding.</param>
/// <param name="NoRoomCount">Templates beyond <see cref="GalleryOptions.MaxTemplates"/>.</param>
public sealed record GalleryContent(int PersonCount, int TemplateCount, int OtherModelCount, int UnreadableCount, int NoRoomCount);
