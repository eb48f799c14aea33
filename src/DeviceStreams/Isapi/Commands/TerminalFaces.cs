using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Pull;

namespace MediaScore.DeviceStreams.Isapi.Commands;

/// <summary>Faces on a device (its library <c>blackFD</c> 1, which is called so and is everybody's). The person comes first. Face bytes appear in no log and no error.</summary>
internal sealed class TerminalFaces(PatientClient device, LogProgress progress)
{
    /// <summary>Larger ones are refused, some with a misleading word.</summary>
    public const int MaxPictureBytes = 200 << 10;

    private const int MinPictureBytes = 1 << 10;
    private const string Library = "\"faceLibType\":\"blackFD\",\"FDID\":\"1\"";

    // Two guides and two kinds of firmware; the first is the younger one.
    private static readonly string[] PartNames = ["img", "FaceImage"];

    // A device models a face after it has said OK, and forgets one after it has said so.
    private static readonly TimeSpan SettlePeriod = TimeSpan.FromSeconds(1);
    private const int SettlePolls = 6;

    /// <returns>What is wrong with a picture; null where nothing is.</returns>
    public static string? FaultOf(ReadOnlySpan<byte> jpeg) =>
        jpeg is not [0xFF, 0xD8, 0xFF, ..] ? "the device takes JPEG only"
        : jpeg.Length < MinPictureBytes ? "the picture is too small to be one of a face"
        : jpeg.Length > MaxPictureBytes ? $"the picture has {jpeg.Length >> 10} KiB; the device takes {MaxPictureBytes >> 10}"
        : null;

    /// <summary>Gives a person this face, in place of the one that is there.</summary>
    /// <param name="number">Checked by the caller.</param>
    public async Task<ResponseStatus> SetAsync(string number, ReadOnlyMemory<byte> jpeg, CancellationToken cancellationToken)
    {
        var status = await SendAsync("PUT", "/ISAPI/Intelligent/FDLib/FDSetUp?format=json", number, jpeg, cancellationToken);
        if (!status.IsOk && (status.IsNotSupported || status.Code == 0))
            status = await SendAsync("POST", "/ISAPI/Intelligent/FDLib/FaceDataRecord?format=json", number, jpeg, cancellationToken);
        if (!status.IsOk && status.Is("deviceUserAlreadyExistFace", "alreadyExistThisFace"))
        {
            var deleted = await DeleteAsync(number, cancellationToken);
            if (!deleted.IsOk)
                return deleted;
            await SettlesAsync(number, isThere: false, cancellationToken);
            status = await SendAsync("POST", "/ISAPI/Intelligent/FDLib/FaceDataRecord?format=json", number, jpeg, cancellationToken);
        }

        if (!status.IsOk)
            return status;
        // An OK without a face behind it has been seen.
        return await SettlesAsync(number, isThere: true, cancellationToken) is false ? status with { IsOk = false, Words = "the device said OK and has no such face" } : status;
    }

    /// <exception cref="ArgumentException">The number is none: that might delete everybody's.</exception>
    public async Task<ResponseStatus> DeleteAsync(string number, CancellationToken cancellationToken)
    {
        if (TerminalUsers.FaultOf(number) is { } fault)
            throw new ArgumentException(fault, nameof(number));
        var body = JsonSerializer.Serialize(new Dictionary<string, object> { ["FPID"] = new object[] { new Dictionary<string, object> { ["value"] = number } } });
        return TerminalUsers.Forgiving(await device.TellAsync(IsapiCall.Json("PUT", "/ISAPI/Intelligent/FDLib/FDSearch/Delete?format=json&FDID=1&faceLibType=blackFD", body), cancellationToken));
    }

    private async Task<ResponseStatus> SendAsync(string method, string target, string number, ReadOnlyMemory<byte> jpeg, CancellationToken cancellationToken)
    {
        ResponseStatus? last = null;
        var names = progress.Cursor.FacePart is { } known ? PartNames.OrderBy(name => name == known ? 0 : 1) : PartNames.AsEnumerable();
        foreach (var name in names)
        {
            last = await device.TellAsync(Multipart(method, target, name, number, jpeg.Span), cancellationToken);
            if (last.IsOk && progress.Cursor.FacePart != name)
                await progress.ChangeAsync(cursor => cursor with { FacePart = name }, cancellationToken);
            if (last.IsOk || !last.Is("MessageParametersLack", "badParameters", "badXmlContent", "badJsonContent"))
                break;
        }

        return last!;
    }

    private static IsapiCall Multipart(string method, string target, string pictureName, string number, ReadOnlySpan<byte> jpeg)
    {
        // Random: a picture may hold any text.
        var boundary = "mediascore-" + RandomNumberGenerator.GetHexString(24, lowercase: true);
        var json = $"{{{Library},\"FPID\":{JsonSerializer.Serialize(number)}}}";
        using var body = new MemoryStream(jpeg.Length + 1_024);
        Write($"--{boundary}\r\nContent-Disposition: form-data; name=\"FaceDataRecord\"\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}\r\n");
        Write($"--{boundary}\r\nContent-Disposition: form-data; name=\"{pictureName}\"; filename=\"{pictureName}.jpg\"\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n");
        body.Write(jpeg);
        Write($"\r\n--{boundary}--\r\n");
        // A face is modelled before the answer comes.
        return new IsapiCall(method, target, $"multipart/form-data; boundary={boundary}", body.ToArray()) { Limit = TimeSpan.FromSeconds(30) };

        void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <returns>Null where the device cannot be asked.</returns>
    private async Task<bool?> SettlesAsync(string number, bool isThere, CancellationToken cancellationToken)
    {
        for (var i = 0; i < SettlePolls; i++)
        {
            var search = $"{{\"searchResultPosition\":0,\"maxResults\":1,{Library},\"FPID\":{JsonSerializer.Serialize(number)},\"searchID\":\"{RandomNumberGenerator.GetHexString(16, lowercase: true)}\"}}";
            var root = (await device.AskAsync(IsapiCall.Json("POST", "/ISAPI/Intelligent/FDLib/FDSearch?format=json", search), cancellationToken)).Read();
            if (root?["responseStatusStrg"] is null && root?["numOfMatches"] is null)
                return null;
            if (root.NumberOf("numOfMatches") > 0 == isThere)
                return true;
            await Task.Delay(SettlePeriod, device.Time, cancellationToken);
        }

        return false;
    }
}
