using System.ComponentModel;
using MediaScore.DeviceStreams.Gallery;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.People;

/// <summary>Options of every command about people.</summary>
internal class PeopleSettings : CommonSettings
{
    [CommandOption("--tenant <TENANT>")]
    [Description("Whose people they are. Default: Devices:Tenant.")]
    public string? Tenant { get; init; }

    public override ValidationResult Validate() =>
        Tenant is { } tenant && PersonRules.FaultOfTenant(tenant) is { } fault ? ValidationResult.Error($"--tenant: {fault}") : base.Validate();
}

internal class PersonSettings : PeopleSettings
{
    [CommandArgument(0, "<NUMBER>")]
    [Description("The employer's number of the person; terminals call it PIN.")]
    public string Number { get; init; } = "";

    public override ValidationResult Validate() => PersonRules.FaultOfNumber(Number) is { } fault ? ValidationResult.Error(fault) : base.Validate();
}

internal sealed class PeopleAddSettings : PersonSettings
{
    [CommandOption("--name <NAME>")]
    [Description("The person's name. Stored sealed; may be left out where the person is known.")]
    public string? Name { get; init; }

    [CommandOption("--consent <SOURCE>")]
    [Description("How the person agreed to be recognised by the face, for example 'paper, file 12'.")]
    public string? Consent { get; init; }

    [CommandOption("--photo <FILE>")]
    [Description("A JPEG or PNG picture to enrol. Needs consent, given now or before. May be repeated.")]
    public string[] Photos { get; init; } = [];

    [CommandOption("--lookalike")]
    [Description("Enrol although the face resembles somebody else's: twins whom you have seen side by side. Written down: people list --json shows it.")]
    public bool Lookalike { get; init; }
}

internal sealed class PeopleImportSettings : PeopleSettings
{
    [CommandArgument(0, "<TABLE>")]
    [Description("A CSV table with the columns number, name, photo, consent, lookalike (UTF-8 or GBK).")]
    public string Table { get; init; } = "";

    [CommandOption("--photos <DIR|ZIP>")]
    [Description("Folder or ZIP archive of the photos. Default: the table's folder.")]
    public string? Photos { get; init; }
}

internal sealed class PeopleConsentSettings : PersonSettings
{
    [CommandOption("--source <SOURCE>")]
    [Description("How consent was given, for example 'paper, file 12'.")]
    public string Source { get; init; } = "";

    public override ValidationResult Validate() => PersonRules.FaultOfConsent(Source) is { } fault ? ValidationResult.Error($"--source: {fault}") : base.Validate();
}

internal sealed class PeopleRemoveSettings : PersonSettings
{
    [CommandOption("--template <ID>")]
    [Description("Only this template of the person (people list --json has the ids).")]
    public string? Template { get; init; }
}
