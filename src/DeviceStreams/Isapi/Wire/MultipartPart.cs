namespace MediaScore.DeviceStreams.Isapi.Wire;

internal enum PartKind { Json, Xml, Binary }

/// <summary>One part of a multipart body, its content its own.</summary>
/// <param name="Kind">By its first byte, unless it says that it is a picture.</param>
/// <param name="IsCut">It ends before it should: the next delimiter, or the end, came first.</param>
internal sealed record MultipartPart(PartKind Kind, string Name, byte[] Body, bool IsCut)
{
    public bool IsJpeg => Kind == PartKind.Binary && Body is [0xFF, 0xD8, 0xFF, ..];
}
