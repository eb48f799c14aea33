using MediaScore.TestMedia;

namespace MediaScore.Perception.Tests;

/// <summary>Paths of prepared models; a test that needs one that is not there is skipped and says how to get it.</summary>
internal static class PreparedModelFiles
{
    public static string Require(string id, string file = "model.onnx")
    {
        var path = Path.Combine(SharedTestData.PreparedModels, id, file);
        Assert.SkipUnless(File.Exists(path), $"Needs {path}: run 'mediascore models prepare', or set MEDIASCORE_MODELS.");
        return path;
    }
}
