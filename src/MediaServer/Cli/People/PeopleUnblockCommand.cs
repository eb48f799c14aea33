using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary><c>mediascore people unblock</c>.</summary>
internal sealed class PeopleUnblockCommand(CliConsole console) : AsyncCommand<PersonSettings>
{
    public override Task<int> ExecuteAsync(CommandContext context, PersonSettings settings, CancellationToken cancellationToken) =>
        PeopleBlockCommand.RunAsync(console, settings, blocked: false, cancellationToken);
}
