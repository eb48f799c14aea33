using System.ComponentModel.DataAnnotations;

namespace MediaScore.Keys;

/// <summary>Where keys lie. Section <c>Keys</c>.</summary>
public sealed class KeyOptions
{
    /// <summary>Folder of the key store, created with mode 0700. Default <c>data/keys</c>. Leave it out of backups: a destroyed key must stay destroyed.</summary>
    [Required] public string Folder { get; set; } = Path.Combine("data", "keys");

    /// <summary>The master key's file, mode 0600, made at first start. Default: <c>master.key</c> in <see cref="Folder"/>. Not used when a key is given otherwise.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>Environment variable that holds the master key, base64 of 32 bytes. Default <c>MEDIASCORE_MASTER_KEY</c>; with the suffix <c>_PREVIOUS</c> the key before it, during a rotation.</summary>
    [Required] public string MasterKeyVariable { get; set; } = "MEDIASCORE_MASTER_KEY";

    /// <summary>A command line, run by <c>/bin/sh -c</c>, that prints the master key as base64: a secret manager's client. Default none. Wins over the file, not over the variable.</summary>
    public string? MasterKeyCommand { get; set; }

    /// <summary>Longest run of <see cref="MasterKeyCommand"/>, in seconds. Default 30.</summary>
    // A secret manager across a network answers in seconds; a prompt that waits for a person never does.
    [Range(1, 600)] public int MasterKeyCommandLimitS { get; set; } = 30;
}
