using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Tests.Simulation;

public sealed class FaceFolderTests : IDisposable
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

    private readonly string _folder = Directory.CreateTempSubdirectory("mediascore-faces-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_or_a_file_is_named_by_whom_it_shows_and_strangers_are_nobody()
    {
        Write("1001/a.jpg");
        Write("1001/b.JPEG");
        Write("1002.jpg");
        Write("strangers/x.jpg");
        Write("1001/notes.txt");

        var faces = FaceFolder.Read(_folder);

        faces.Select(face => face.PersonNumber).ShouldBe(["1001", "1001", "1002", ""]);
        faces[0].Jpeg.ToArray().ShouldBe(Jpeg);
    }

    [Fact]
    public void What_no_terminal_could_send_is_refused_by_its_name()
    {
        Should.Throw<InvalidDataException>(() => FaceFolder.Read(Path.Combine(_folder, "elsewhere"))).Message.ShouldContain("elsewhere");
        Should.Throw<InvalidDataException>(() => FaceFolder.Read(_folder)).Message.ShouldContain("no pictures");
        Write("1001.jpg", "not a picture"u8.ToArray());
        Should.Throw<InvalidDataException>(() => FaceFolder.Read(_folder)).Message.ShouldContain("1001.jpg is no JPEG");
        Write("1001.jpg", [.. Jpeg, .. new byte[1_000_000]]);
        Should.Throw<InvalidDataException>(() => FaceFolder.Read(_folder)).Message.ShouldContain("1 MB");
    }

    private void Write(string path, byte[]? content = null)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content ?? Jpeg);
    }
}
