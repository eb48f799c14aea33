using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>Takes pictures from the console to the gallery. A few at a time: a telephone's photo is 150 MB while it is decoded.</summary>
internal sealed class FaceUploads(DeviceParts devices) : IDisposable
{
    /// <summary>Largest file. What telephones send; a webcam's picture has 0.2 MB.</summary>
    public const int MaxBytes = 16 << 20;

    private const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <param name="source"><c>webcam</c> or <c>photo</c>.</param>
    /// <param name="mayResemble">An operator has seen both people: see <see cref="Enrolment.EnrolLookalikeAsync"/>.</param>
    public async Task<(EnrolmentResult? Result, IResult? Refusal)> EnrolAsync(string tenant, string number, string source, bool mayResemble, HttpContext http)
    {
        await _turns.WaitAsync(http.RequestAborted);
        try
        {
            var picture = new MemoryStream((int)Math.Clamp(http.Request.ContentLength ?? 0, 0, MaxBytes));
            try
            {
                await http.Request.Body.CopyToAsync(picture, http.RequestAborted);
            }
            catch (BadHttpRequestException e) when (e.StatusCode is StatusCodes.Status413PayloadTooLarge)
            {
                return (null, ReportAccess.Problem(StatusCodes.Status413PayloadTooLarge, "too-large", $"A picture has at most {MaxBytes >> 20} MiB."));
            }

            var file = picture.GetBuffer().AsMemory(0, (int)picture.Length);
            return (mayResemble
                ? await devices.Enrolment.EnrolLookalikeAsync(tenant, number, file, source, http.RequestAborted)
                : await devices.Enrolment.EnrolAsync(tenant, number, file, source, http.RequestAborted), null);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
