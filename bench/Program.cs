using System.Globalization;
using BenchmarkDotNet.Running;
using MediaScore.Benchmarks;

if (args is ["--quick"])
    return await QuickTable.RunAsync();
if (args is ["--voice-activity", var packaged])
    return await VoiceActivityTable.RunAsync(packaged);
if (args is ["--live", .. { Length: <= 1 } wait])
    return await QuickTable.LiveAsync(wait is [var milliseconds] ? int.Parse(milliseconds, CultureInfo.InvariantCulture) : null);
if (args is ["--kernels"])
    return await KernelTable.RunAsync();
if (args is ["--gallery", .. var sizes])
    return GalleryTable.Run([.. sizes.Select(size => int.Parse(size, CultureInfo.InvariantCulture))]);
if (args is ["--srtp"])
    return await SrtpTable.RunAsync();

// In this process: BenchmarkDotNet's own projects are named as their assembly, and would be built under this repository's rules.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args, "--inProcess"]);
return 0;
