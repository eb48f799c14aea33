using System.Diagnostics;
using MediaScore.Inference.Tests.Execution;

namespace MediaScore.Inference.Tests.Decoding;

/// <summary>The kernels choose their instructions when the process starts. So processors that have fewer are tested in processes that are told to have fewer.</summary>
public sealed class OtherProcessorsTests
{
    // For a process that hangs; it takes 2 to 8 s on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Type[] Kernels =
        [typeof(GoldenLogitsTests), typeof(MatrixProductTests), typeof(AttentionTests), typeof(RowVectorsTests), typeof(TokenChooserTests)];

    [Theory]
    [InlineData("AVX512")]
    [InlineData("AVXVNNI")]
    [InlineData("AVX2")]
    [InlineData("HWIntrinsic")]
    public async Task The_decoder_s_tests_and_its_golden_logits_hold_on_a_processor_without(string instructions)
    {
        var program = Path.ChangeExtension(typeof(OtherProcessorsTests).Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null);
        Assert.SkipUnless(File.Exists(program), $"Needs {program}, which the build makes.");
        var start = new ProcessStartInfo(program, ["-noColor", .. Kernels.SelectMany(kernel => (string[])["-class", kernel.FullName!])])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [$"DOTNET_Enable{instructions}"] = "0", [GoldenLogitsTests.WithoutVariable] = instructions },
        };

        using var child = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var (output, errors) = (child.StandardOutput.ReadToEndAsync(limit.Token), child.StandardError.ReadToEndAsync(limit.Token));
            await child.WaitForExitAsync(limit.Token);

            child.ExitCode.ShouldBe(0, $"{await output}{await errors}");
            (await output).ShouldContain("Failed: 0");
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
        }
    }
}
