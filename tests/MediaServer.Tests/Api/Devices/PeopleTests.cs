using System.Net.Http.Headers;
using System.Text.Json;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.TestMedia;

namespace MediaScore.MediaServer.Tests.Api.Devices;

public sealed class PeopleTests(DeviceServer shared) : IClassFixture<DeviceServer>
{
    private static readonly byte[] NoPicture = [0xFF, 0xD8, 0xFF, 0xD9];

    private ConsoleCaller Console => shared.Console;

    [Fact]
    public async Task Somebody_is_added_renamed_found_by_name_blocked_and_removed()
    {
        var added = await Console.PostAsync("people", new { number = "1001", name = "Grace 李" });
        var renamed = await Console.PostAsync("people", new { number = "1001", name = "Grace Li" });
        await Console.PostAsync("people", new { number = "1002", name = "Ada" });

        added.GetProperty("name").GetString().ShouldBe("Grace 李");
        added.GetProperty("consentGivenAt").ValueKind.ShouldBe(JsonValueKind.Null);
        renamed.GetProperty("createdAt").GetString().ShouldBe(added.GetProperty("createdAt").GetString());
        (await NumbersAsync("q=grace")).ShouldBe(["1001"]);
        (await NumbersAsync("q=002")).ShouldBe(["1002"]);
        (await Console.PostAsync("people/1001/block", new { blocked = true })).GetProperty("blocked").GetBoolean().ShouldBeTrue();
        (await Console.PostAsync("people/1001/block", new { blocked = false })).GetProperty("blocked").GetBoolean().ShouldBeFalse();
        await Console.DeleteAsync("people/1001");
        (await Console.RefusedAsync(HttpMethod.Get, "people/1001", 404)).Type.ShouldBe("person-not-found");
    }

    [Fact]
    public async Task A_list_is_paged_by_number()
    {
        foreach (var number in new[] { "p-3", "p-1", "p-2" })
            await Console.PostAsync("people?tenant=paged", new { number, name = number });

        var first = await Console.GetAsync("people?tenant=paged&count=2");
        var second = await Console.GetAsync($"people?tenant=paged&count=2&after={first.GetProperty("next").GetString()}");

        Numbers(first).ShouldBe(["p-1", "p-2"]);
        Numbers(second).ShouldBe(["p-3"]);
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("found").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Consent_is_written_down_with_its_source_and_taken_back()
    {
        await Console.PostAsync("people", new { number = "2001", name = "Alan" });

        (await Console.RefusedAsync(HttpMethod.Post, "people/2001/consent", 400, new { source = "  " })).Type.ShouldBe("bad-request");
        (await Console.RefusedAsync(HttpMethod.Post, "people/2999/consent", 404, new { source = "paper" })).Type.ShouldBe("person-not-found");
        var given = await Console.PostAsync("people/2001/consent", new { source = "paper, file 12" });
        var withdrawn = await Console.DeleteAsync("people/2001/consent");

        given.GetProperty("consentSource").GetString().ShouldBe("paper, file 12");
        given.GetProperty("consentGivenAt").ValueKind.ShouldBe(JsonValueKind.String);
        withdrawn.GetProperty("consentGivenAt").ValueKind.ShouldBe(JsonValueKind.Null);
        withdrawn.GetProperty("consentWithdrawnAt").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("a b", "x")]
    [InlineData("1", "two\nlines")]
    public async Task A_number_or_a_name_that_cannot_be_one_is_refused(string number, string name) =>
        (await Console.RefusedAsync(HttpMethod.Post, "people", 400, new { number, name })).Type.ShouldBe("bad-request");

    [Fact]
    public async Task Without_consent_no_picture_is_looked_at_and_without_models_the_page_is_told_what_is_missing()
    {
        await Console.PostAsync("people", new { number = "3001", name = "Edsger" });

        (await RefusedAsync("people/3001/faces?source=webcam", 409)).Type.ShouldBe("no-consent");
        (await RefusedAsync("people/3999/faces?source=webcam", 404)).Type.ShouldBe("person-not-found");
        (await RefusedAsync("people/3001/faces?source=painting", 400)).Type.ShouldBe("bad-request");
        var status = await Console.GetAsync("status");
        status.GetProperty("canEnrol").GetBoolean().ShouldBeFalse();
        status.GetProperty("missing").EnumerateArray().Select(one => one.GetString()!).ShouldContain(one => one.Contains("models prepare", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_face_is_enrolled_from_a_picture_once_and_goes_with_the_consent()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        Assert.SkipWhen(FaceJpeg is null, SharedTestData.SkipReason);
        await using var server = await TestServer.StartAsync();
        using var console = new ConsoleCaller(server);
        await console.PostAsync("people", new { number = "1", name = "Tony" });
        await console.PostAsync("people/1/consent", new { source = "test" });
        var face = await File.ReadAllBytesAsync(FaceJpeg!, TestContext.Current.CancellationToken);

        var enrolled = await EnrolAsync(console, face);
        var again = await EnrolAsync(console, face);
        var nothing = await EnrolAsync(console, NoPicture);
        var person = await console.GetAsync("people/1");

        enrolled.GetProperty("enrolled").GetBoolean().ShouldBeTrue(enrolled.ToString());
        enrolled.GetProperty("faceCount").GetInt32().ShouldBe(1);
        again.GetProperty("code").GetString().ShouldBe("already-enrolled");
        nothing.GetProperty("code").GetString().ShouldBe("unreadable-picture");
        var stored = person.GetProperty("faces").EnumerateArray().Single();
        stored.GetProperty("source").GetString().ShouldBe("webcam");
        stored.GetProperty("comparable").GetBoolean().ShouldBeTrue();
        server.Host.Devices.Gallery.Content.TemplateCount.ShouldBe(1);

        await console.DeleteAsync("people/1/consent");

        (await console.GetAsync("people/1")).GetProperty("faces").GetArrayLength().ShouldBe(0);
        server.Host.Devices.Gallery.Content.TemplateCount.ShouldBe(0);
    }

    [Fact]
    public async Task One_face_of_several_can_be_removed_by_its_owner_alone()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        Assert.SkipWhen(FaceJpeg is null, SharedTestData.SkipReason);
        await using var server = await TestServer.StartAsync();
        using var console = new ConsoleCaller(server);
        foreach (var number in new[] { "1", "2" })
        {
            await console.PostAsync("people", new { number, name = number });
            await console.PostAsync($"people/{number}/consent", new { source = "test" });
        }

        var id = (await EnrolAsync(console, await File.ReadAllBytesAsync(FaceJpeg!, TestContext.Current.CancellationToken))).GetProperty("faceId").GetString();

        (await console.RefusedAsync(HttpMethod.Delete, $"people/2/faces/{id}", 404)).Type.ShouldBe("face-not-found");
        await console.DeleteAsync($"people/1/faces/{id}");
        (await console.GetAsync("people/1")).GetProperty("person").GetProperty("faceCount").GetInt32().ShouldBe(0);
    }

    // On the first photo of this person somebody else is seen too.
    private static string? FaceJpeg { get; } = SharedTestData.TryFind("faces", "lfw10", "Tony_Blair", "Tony_Blair_0002.jpg");

    private static async Task<JsonElement> EnrolAsync(ConsoleCaller console, byte[] jpeg)
    {
        var (status, text) = await console.SendAsync(HttpMethod.Post, "people/1/faces?source=webcam", Picture(jpeg));
        status.ShouldBe(200, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static ByteArrayContent Picture(byte[] jpeg) => new(jpeg) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };

    private static List<string> Numbers(JsonElement page) => [.. page.GetProperty("people").EnumerateArray().Select(person => person.GetProperty("number").GetString()!)];

    private async Task<List<string>> NumbersAsync(string query) => Numbers(await Console.GetAsync($"people?{query}"));

    private Task<(string Type, string Detail)> RefusedAsync(string path, int status) => Console.RefusedAsync(HttpMethod.Post, path, status, Picture(NoPicture));
}
