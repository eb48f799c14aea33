using MediaScore.Perception.Vision;

namespace MediaScore.Perception.Tests.Vision;

public class FaceSuppressionTests
{
    private static readonly DetectedFace Best = Face(0.10, 0.9);
    private static readonly DetectedFace Near = Face(0.12, 0.6);
    private static readonly DetectedFace Other = Face(0.60, 0.7);

    [Fact]
    public void Of_overlapping_faces_the_best_is_kept() => FaceSuppression.Keep([Near, Other, Best], 0.3).ShouldBe([Best, Other]);

    [Fact]
    public void Overlapping_faces_are_blended_by_their_scores()
    {
        var blended = FaceSuppression.Blend([Near, Other, Best], 0.3);

        blended.Count.ShouldBe(2);
        blended[0].Score.ShouldBe(0.9);
        blended[0].Box.Left.ShouldBe(((0.9 * 0.10) + (0.6 * 0.12)) / 1.5, 1e-12);
        blended[0].Landmarks[0].X.ShouldBe(blended[0].Box.Left, 1e-12);
        blended[1].Box.Left.ShouldBe(0.60, 1e-12);
    }

    [Fact]
    public void Overlap_is_intersection_over_union()
    {
        var left = new FaceRectangle(0, 0, 0.2, 0.2);

        left.Overlap(new FaceRectangle(0.1, 0, 0.3, 0.2)).ShouldBe(1 / 3.0, 1e-12);
        left.Overlap(new FaceRectangle(0.2, 0, 0.4, 0.2)).ShouldBe(0);
        left.Overlap(new FaceRectangle(0.5, 0.5, 0.4, 0.4)).ShouldBe(0);
        left.Overlap(left).ShouldBe(1, 1e-12);
    }

    private static DetectedFace Face(double left, double score) => new(new FaceRectangle(left, 0.1, left + 0.2, 0.4), score, [new FacePoint(left, 0.2)]);
}
