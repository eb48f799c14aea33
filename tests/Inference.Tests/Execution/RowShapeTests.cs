namespace MediaScore.Inference.Tests.Execution;

public sealed class RowShapeTests
{
    [Fact]
    public void The_batch_axis_is_inserted_where_it_stands()
    {
        new RowShape(3, 224, 224).ToTensorShape(8).ShouldBe([8L, 3, 224, 224]);
        new RowShape(2, 128).ToTensorShape(8, batchAxis: 1).ShouldBe([2L, 8, 128]);
        default(RowShape).ToTensorShape(8).ShouldBe([8L]);
    }

    [Fact]
    public void Values_are_counted_over_all_dimensions()
    {
        new RowShape(7).ElementCount.ShouldBe(7);
        new RowShape(2, 3, 4, 5).ElementCount.ShouldBe(120);
        default(RowShape).ElementCount.ShouldBe(1);
    }

    [Fact]
    public void Shapes_are_equal_when_rank_and_dimensions_are()
    {
        new RowShape(4, 1).ShouldBe(new RowShape(4, 1));
        new RowShape(4, 1).ShouldNotBe(new RowShape(4));
        new RowShape(2, 3).ToString().ShouldBe("[2, 3]");
    }

    [Fact]
    public void A_dimension_that_is_not_positive_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RowShape(3, 0));
}
