using MediaScore.MediaServer.Cli;

namespace MediaScore.MediaServer.Configuration;

/// <summary>
/// The settings of one process, later ones before earlier ones: defaults in code, <c>appsettings.json</c> beside the program, <c>--config FILE</c>,
/// variables <c>MEDIASCORE_Section__Name</c>, <c>--set Section:Name=value</c> and the options that have names of their own.
/// </summary>
internal static class MediaScoreSettings
{
    public static IConfigurationRoot Build(CommonSettings settings)
    {
        var builder = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false);
        if (settings.ConfigFile is { } file)
        {
            if (!File.Exists(file))
                throw new CliException(ExitCode.BadInput, $"--config: there is no file {file}.");
            builder.AddConfiguration(ReadFile(file));
        }

        if (Environment.GetEnvironmentVariable("MEDIASCORE_MODELS") is { Length: > 0 } models)
            builder.AddInMemoryCollection([new("Models:Prepared", models)]);
        builder.AddEnvironmentVariables("MEDIASCORE_");
        builder.AddInMemoryCollection(settings.Overrides.Select(Parse));
        // Folders named on the command line count from where the user stands, as every program's do.
        if (settings.DataFolder is { } data)
            builder.AddInMemoryCollection([new("Server:DataFolder", Path.GetFullPath(data))]);
        if (settings.ModelsFolder is { } folder)
            builder.AddInMemoryCollection([new("Models:Prepared", Path.GetFullPath(folder))]);
        return builder.Build();
    }

    /// <summary>One section, bound and checked.</summary>
    public static TOptions Get<TOptions>(IConfiguration configuration, string section)
        where TOptions : class, new()
    {
        TOptions options;
        try
        {
            options = configuration.GetSection(section).Get<TOptions>() ?? new TOptions();
        }
        catch (InvalidOperationException e)
        {
            // A word where a number belongs. The message names the setting and its value.
            throw new CliException(ExitCode.BadInput, e.Message, e);
        }

        var result = new OptionFaults(section, options).ToResult();
        return result.Failed ? throw new CliException(ExitCode.BadInput, result.FailureMessage) : options;
    }

    private static IConfiguration ReadFile(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false).Build();
        }
        catch (InvalidDataException e)
        {
            throw new CliException(ExitCode.BadInput, $"--config {file} is no JSON: {(e.InnerException?.InnerException ?? e.InnerException ?? e).Message}", e);
        }
    }

    private static KeyValuePair<string, string?> Parse(string assignment)
    {
        var split = assignment.IndexOf('=', StringComparison.Ordinal);
        return split > 0
            ? new(assignment[..split].Trim(), assignment[(split + 1)..])
            : throw new CliException(ExitCode.BadInput, $"--set {assignment}: expected Section:Name=value.");
    }
}
