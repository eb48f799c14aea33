using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MediaScore.Keys;
using MediaScore.Perception.Vision;
using MediaScore.Storage.People;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>How names and templates are sealed: each opens only as what it is and whose it is (docs/operations/people.md).</summary>
internal static class PersonSeal
{
    public static byte[] SealName(TenantKeys keys, string tenant, string personId, string name) => keys.Seal(tenant, NameContext(personId), Encoding.UTF8.GetBytes(name));

    /// <returns>Empty where it does not open.</returns>
    public static string OpenName(TenantKeys keys, PersonRow person) =>
        keys.TryOpen(person.Tenant, NameContext(person.Id), person.SealedName) is { } name ? Encoding.UTF8.GetString(name) : "";

    /// <param name="template">Its ids and model are what the seal is bound to; its <see cref="FaceTemplateRow.Sealed"/> is not looked at.</param>
    public static byte[] SealTemplate(TenantKeys keys, FaceTemplateRow template, ReadOnlySpan<float> embedding) =>
        keys.Seal(template.Tenant, TemplateContext(template), MemoryMarshal.AsBytes(embedding));

    /// <summary>Opens a template into <paramref name="embedding"/>.</summary>
    /// <returns>False where it does not open, or holds no embedding of unit length.</returns>
    public static bool TryOpenTemplate(TenantKeys keys, FaceTemplateRow template, Span<float> embedding)
    {
        if (keys.TryOpen(template.Tenant, TemplateContext(template), template.Sealed) is not { } bytes)
            return false;
        var isWhole = bytes.Length == embedding.Length * sizeof(float);
        if (isWhole)
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(embedding);
        CryptographicOperations.ZeroMemory(bytes);
        return isWhole && EmbeddingCode.IsUnit(embedding);
    }

    public static ModelIdentity ModelOf(FaceTemplateRow template) => new(template.ModelId, template.ModelVersion);

    private static string NameContext(string personId) => $"name/{personId}";

    private static string TemplateContext(FaceTemplateRow template) => $"template/{template.Id}/{template.PersonId}/{template.ModelId}@{template.ModelVersion}";
}
