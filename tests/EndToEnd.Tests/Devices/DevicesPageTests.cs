using MediaScore.EndToEnd.Tests.Candidate;
using MediaScore.TestMedia;
using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Devices;

/// <summary>
/// The page of doors and devices in a real browser, by keyboard: a terminal comes, is approved, somebody agrees and is enrolled by the webcam, and is let in. Pictures of every step are
/// kept in artifacts/screenshots.
/// </summary>
public sealed class DevicesPageTests(CandidateServer server) : IClassFixture<CandidateServer>
{
    // As long as a person would look for it.
    private const double Patience = 30;

    [Fact]
    public async Task A_terminal_is_approved_a_face_is_enrolled_by_webcam_and_the_door_lets_its_owner_in()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        Assert.SkipWhen(FacePicture.Astronaut is null, FacePicture.SkipReason);
        using var scratch = new ScratchFolder();
        var faces = await DoorFaces.MakeAsync(scratch["faces"], FacePicture.Astronaut);
        var camera = await CameraAsync(scratch["camera.mjpeg"], FacePicture.Astronaut);
        await DoorSteps.SimulateAsync(server, faces, "DOOR", seconds: 1.5);
        await using var browser = await CandidateBrowser.StartAsync(server.Media with { Camera = camera });
        await using var context = await browser.OpenAsync("en-GB", 1280, 900);
        var walk = await CandidateWalk.OpenAsync(context, DoorSteps.UrlOf(server), "doors-en-desktop");

        await walk.SeeAsync("#pending-list .device");
        await walk.LookAsync("pending");
        await walk.EnterAsync("#pending-list .device .primary");
        await walk.Page.WaitForFunctionAsync("() => document.getElementById('pending').hidden");

        await DoorSteps.OpenTabAsync(walk, "devices");
        await walk.SeeAsync("#devices-list .device[data-light]");
        await walk.LookAsync("devices");
        await walk.EnterAsync("#devices-list .device .secondary");
        await walk.SeeAsync("#device[open]");
        await walk.LookAsync("device-settings");
        await walk.Page.FillAsync("#field-name", "Front door");
        // A model that this machine may not have must not keep the door from deciding.
        await walk.Page.CheckAsync("[name=liveness][value=off]");
        await walk.EnterAsync("#device-form .primary");
        await walk.Page.WaitForFunctionAsync("() => document.getElementById('device-heading').textContent === 'Front door'");
        await walk.Page.Keyboard.PressAsync("Escape");
        await walk.Page.WaitForFunctionAsync("() => !document.getElementById('device').open");

        await DoorSteps.OpenTabAsync(walk, "people");
        await walk.SeeAsync("#people-empty");
        await walk.LookAsync("people-empty");
        await walk.Page.FillAsync("#person-number", DoorFaces.Number);
        await walk.Page.FillAsync("#person-name", "Eileen");
        await walk.EnterAsync("#people-form .primary");
        await walk.SeeAsync("#enrol[open] #enrol-consent:not([hidden])");
        (await walk.Page.IsVisibleAsync("#booth")).ShouldBeFalse("no camera before consent");
        await walk.LookAsync("consent");
        await walk.TickAsync("#consent-agreed");
        await walk.TabToAsync("#consent-source");
        await walk.Page.Keyboard.TypeAsync("in person, on the screen");
        await walk.EnterAsync("#enrol-consent .primary");
        await walk.SeeAsync("#booth:not([hidden])", Patience);
        await walk.LookAsync("camera");
        await walk.EnterAsync("#enrol-start");
        await walk.SeeAsync("#enrol-taken img", Patience);
        // The picture of the test's camera stands still: it is known by now, and the page says how to go on.
        await walk.Page.WaitForFunctionAsync("() => document.getElementById('enrol-hint').textContent.includes('Turn the head')", null, new PageWaitForFunctionOptions { Timeout = (float)(Patience * 1000) });
        await walk.LookAsync("enrolling");
        await walk.EnterAsync("#enrol-start");
        await walk.Page.Keyboard.PressAsync("Escape");
        await walk.SeeAsync("#people-list .person[data-state=enrolled]");
        await walk.LookAsync("people");

        await DoorSteps.OpenTabAsync(walk, "now");
        await DoorSteps.SimulateAsync(server, faces, "DOOR", seconds: 6);
        await walk.SeeAsync(".decision[data-mark=granted]", Patience);
        await walk.LookAsync("now");
        (await walk.Page.TextContentAsync(".decision[data-mark=granted] h2")).ShouldBe("Eileen");
        (await walk.Page.TextContentAsync(".decision[data-mark=granted]"))!.ShouldContain("Front door");

        await DoorSteps.OpenTabAsync(walk, "events");
        await walk.SeeAsync("#events-rows tr");
        await walk.LookAsync("events");
        await walk.Page.SelectOptionAsync("#events-zone", "Asia/Shanghai");
        await walk.EnterAsync("#events-form .primary");
        // As the browser itself writes that moment in that zone.
        await walk.Page.WaitForFunctionAsync(
            """
            () => {
              const time = document.querySelector("#events-rows time");
              return time.textContent === new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "Asia/Shanghai" }).format(new Date(time.dateTime));
            }
            """);
        var export = await walk.Page.GetAttributeAsync("#events-export", "href");
        var table = await (await context.APIRequest.GetAsync(new Uri(new Uri(walk.Page.Url), export!).ToString())).TextAsync();
        table.ShouldContain($",{DoorFaces.Number},Eileen,face,");

        walk.ShouldBeFaultless();
    }

    /// <summary>Six seconds of a webcam that shows one face.</summary>
    private static async Task<string> CameraAsync(string path, string portrait)
    {
        await Ffmpeg.RunAsync(
            [
                "-loop", "1", "-framerate", "15", "-i", portrait, "-t", "6", "-an", "-vf", "scale=640:480:force_original_aspect_ratio=increase,crop=640:480,fps=15", "-c:v", "mjpeg", "-q:v", "3",
                "-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", path,
            ],
            []);
        return path;
    }
}
