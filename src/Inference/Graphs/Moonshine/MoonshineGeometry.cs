namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>Widths of the rewritten graphs.</summary>
internal static class MoonshineGeometry
{
    // GroupQueryAttention wants heads of a multiple of 8, with rotation of 16; Moonshine's have 36 (tiny) and 52 (base). The dimensions added are exact zeros.
    private const int HeadWidthMultiple = 8;
    private const int RotatedHeadWidthMultiple = 16;

    /// <summary>Width of a head of cross attention in the rewritten graphs: 40 (tiny), 56 (base).</summary>
    public static int CrossHeadWidth(int headWidth) => RoundUp(headWidth, HeadWidthMultiple);

    /// <summary>Width of a head of self attention in the rewritten graphs: 48 (tiny), 64 (base).</summary>
    public static int SelfHeadWidth(int headWidth) => RoundUp(headWidth, RotatedHeadWidthMultiple);

    /// <summary>Rows of the rotation tables: 6 tokens a second of the longest sound (40 s), and the start mark, rounded up.</summary>
    public const int MaxPositions = 256;

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
