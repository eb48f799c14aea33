using MediaScore.Perception.Vision;

namespace MediaScore.Perception.Tests.Vision;

public class AffineMapTests
{
    [Fact]
    public void A_similarity_is_found_again_from_its_own_points()
    {
        var truth = new AffineMap(1.5 * Math.Cos(0.4), -1.5 * Math.Sin(0.4), 12, 1.5 * Math.Sin(0.4), 1.5 * Math.Cos(0.4), -7);
        (double X, double Y)[] from = [(38, 52), (74, 52), (56, 72), (42, 93), (71, 93)];

        var found = AffineMap.FitSimilarity(from, [.. from.Select(point => truth.Apply(point.X, point.Y))]);

        foreach (var (x, y) in from)
        {
            var (expectedX, expectedY) = truth.Apply(x, y);
            found.Apply(x, y).X.ShouldBe(expectedX, 1e-9);
            found.Apply(x, y).Y.ShouldBe(expectedY, 1e-9);
        }

        found.Scale.ShouldBe(1.5, 1e-9);
    }

    [Fact]
    public void Points_that_fit_no_similarity_are_met_in_the_middle()
    {
        (double X, double Y)[] square = [(0, 0), (2, 0), (2, 2), (0, 2)];
        (double X, double Y)[] stretched = [(0, 0), (4, 0), (4, 2), (0, 2)];

        var found = AffineMap.FitSimilarity(square, stretched);

        // Least squares of stretches 2 and 1 is 1.5, about the centre.
        found.Scale.ShouldBe(1.5, 1e-9);
        found.Apply(1, 1).ShouldBe((2, 1));
    }

    [Fact]
    public void A_crop_is_centred_turned_and_mirrored_as_asked()
    {
        var plain = AffineMap.Crop(100, 50, side: 40, angle: 0, outputSide: 20);
        var turned = AffineMap.Crop(100, 50, side: 40, angle: Math.PI / 2, outputSide: 20);
        var mirrored = AffineMap.Crop(100, 50, side: 40, angle: 0, outputSide: 20, mirrored: true);

        plain.Apply(0, 0).ShouldBe((80, 30));
        plain.Apply(20, 20).ShouldBe((120, 70));
        turned.Apply(20, 10).X.ShouldBe(100, 1e-9);
        turned.Apply(20, 10).Y.ShouldBe(70, 1e-9);
        mirrored.Apply(0, 0).ShouldBe((120, 30));
    }
}
