using System.Text;
using Google.Protobuf.Reflection;

namespace MediaScore.Protocol.Tests;

/// <summary>A protocol as text: every number and type that peers of another age rely on, and nothing else.</summary>
internal static class WireSnapshot
{
    public static string Write(FileDescriptor file)
    {
        var text = new StringBuilder($"package {file.Package}\n");
        foreach (var service in file.Services)
        {
            foreach (var method in service.Methods)
            {
                text.Append($"rpc {service.Name}.{method.Name}({(method.IsClientStreaming ? "stream " : "")}{method.InputType.FullName})")
                    .Append($" returns ({(method.IsServerStreaming ? "stream " : "")}{method.OutputType.FullName})\n");
            }
        }

        foreach (var message in file.MessageTypes.OrderBy(m => m.FullName, StringComparer.Ordinal))
        {
            foreach (var field in message.Fields.InFieldNumberOrder())
            {
                var type = field.FieldType switch
                {
                    FieldType.Message => field.MessageType.FullName,
                    FieldType.Enum => field.EnumType.FullName,
                    _ => field.FieldType.ToString().ToLowerInvariant(),
                };
                var oneof = field.ContainingOneof is { } group ? $" oneof {group.Name}" : "";
                text.Append($"{message.Name}.{field.Name} = {field.FieldNumber} {(field.IsRepeated ? "repeated " : "")}{type}{oneof}\n");
            }
        }

        foreach (var type in file.EnumTypes.OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            foreach (var value in type.Values)
                text.Append($"{type.Name}.{value.Name} = {value.Number}\n");
        }

        return text.ToString();
    }
}
