using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MediaScore.Web;

/// <summary>
/// Scripts, style sheets and texts of the pages, embedded in this assembly and served from <c>/assets/HASH/...</c>. One hash over all of them: modules import each
/// other by relative path and so can never mix two versions, and a browser may keep each for ever.
/// </summary>
public static class WebAssets
{
    private const string Prefix = "wwwroot/";

    private static readonly FrozenDictionary<string, byte[]> Files = ReadAll();

    private static readonly string Hash = HashAll();

    /// <summary>The address of a file: <c>candidate/main.js</c> to <c>/assets/0123456789abcdef/candidate/main.js</c>.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static string Url(string path) =>
        Files.ContainsKey(path) ? $"/assets/{Hash}/{path}" : throw new ArgumentException($"There is no asset '{path}'.", nameof(path));

    /// <summary>Paths of all files, in ordinal order.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. Files.Keys.Order(StringComparer.Ordinal)];

    internal static byte[] Read(string path) => Files[path];

    /// <summary>Serves the files. They hold nothing about anyone, so nobody is asked who they are.</summary>
    public static void MapWebAssets(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/assets/{hash}/{**path}", (string hash, string path, HttpContext http) =>
    {
        if (!Files.TryGetValue(path, out var content))
            return Results.NotFound();
        // A page of an older build may ask for its own version: it gets today's, but keeps it only for now.
        http.Response.Headers.CacheControl = hash == Hash ? "public, max-age=31536000, immutable" : "no-store";
        return Results.Bytes(content, ContentType(path));
    });

    private static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No content type is known for '{other}' ({path})."),
    };

    private static FrozenDictionary<string, byte[]> ReadAll()
    {
        var assembly = typeof(WebAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            n => n[Prefix.Length..],
            n =>
            {
                using var stream = assembly.GetManifestResourceStream(n)!;
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return bytes;
            },
            StringComparer.Ordinal);
    }

    private static string HashAll()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in Files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n{content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
