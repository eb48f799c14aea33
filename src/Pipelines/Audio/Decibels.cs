namespace MediaScore.Pipelines.Audio;

/// <summary>Powers (mean squares, full scale = 1) and decibels. A full-scale sine has -3.01 dBFS.</summary>
internal static class Decibels
{
    /// <summary>The level of digital silence. 16 bits resolve about -98 dBFS; nothing quieter is told apart.</summary>
    public const double Floor = -100;

    public static double FromPower(double power) => power <= 1e-10 ? Floor : 10 * Math.Log10(power);

    public static double ToPower(double decibels) => Math.Pow(10, decibels / 10);
}
