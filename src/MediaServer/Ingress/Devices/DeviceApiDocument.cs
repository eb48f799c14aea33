using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MediaScore.DeviceStreams.Http.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>docs/formats/device-api.json (OpenAPI 3.1), made from the endpoints and from the records that they take and give: their comments, bounds and names. The server hands out the one in the repository.</summary>
internal static partial class DeviceApiDocument
{
    private const string Name = "device-api";
    private const string Scheme = "deviceKey";

    /// <summary>As it was when this program was built. The caller disposes it.</summary>
    public static Stream Open() => typeof(DeviceApiDocument).Assembly.GetManifestResourceStream("device-api.json")!;

    public static async Task<string> WriteAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IServer, NoServer>();
        // Numbers are numbers here; pages' requests may have them as text.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        builder.Services.AddOpenApi(Name, Describe);
        await using var app = builder.Build();
        app.MapDeviceApi();
        // Endpoints are known to the document once the application has started.
        await app.StartAsync(cancellationToken);
        var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancellationToken);
        var json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        await app.StopAsync(cancellationToken);
        return json.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    private static void Describe(OpenApiOptions options)
    {
        var comments = Comments();
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        // Only what is ours has a name, and a refusal: types of the framework are nothing to whoever makes a device, and what they stand for is said where it stands.
        options.CreateSchemaReferenceId = type => type.Type.Namespace == typeof(HelloRequest).Namespace || type.Type == typeof(ProblemDetails) ? OpenApiOptions.CreateDefaultSchemaReferenceId(type) : null;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            Describe(operation);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo, context.JsonPropertyInfo, comments);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MediaScore device API",
            Version = "v1",
            Description = "For devices that speak none of the other protocols. Every request carries the device's key (Authorization: Bearer KEY, 16 to 128 printable ASCII characters that the device makes up once and keeps) and its serial number. "
                + "Refusals are RFC 9457; their type (urn:mediascore:problem:...) is stable and what a program should look at. New fields may come: ignore what is not known.",
        };
        document.Servers = [];
        document.Tags = null;
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The device's own key." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
    }

    private static void Describe(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(Text("Device-Serial", "The device's serial number.", "^[A-Za-z0-9_.:-]{1,64}$", isRequired: true));
        operation.Parameters.Add(Text("Device-Tenant", "Whose device it is; absent: the server's setting.", "^[a-z0-9-]{1,64}$", isRequired: false));
        switch (operation.OperationId)
        {
            case "sendFrame":
                operation.Parameters.Add(Number("frameId", ParameterLocation.Query, "The device's own number of the frame, growing.", 1, null, isRequired: true));
                operation.Parameters.Add(Number("deadlineMs", ParameterLocation.Query, "How long the person waits, from the request's arrival, in milliseconds; absent: the door's setting.", 50, 10_000, isRequired: false));
                break;
            case "getCommands":
                operation.Parameters.Add(Number("waitS", ParameterLocation.Query, "How long to wait for a command, in seconds; absent: not at all.", 0, 30, isRequired: false));
                break;
            case "sendResult":
                operation.Parameters.Add(Number("id", ParameterLocation.Path, "The command's.", 1, null, isRequired: true));
                break;
        }
    }

    private static OpenApiParameter Text(string name, string description, string pattern, bool isRequired) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = isRequired,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
    };

    private static OpenApiParameter Number(string name, ParameterLocation place, string description, int min, int? max, bool isRequired) => new()
    {
        Name = name,
        In = place,
        Required = isRequired,
        Description = description,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = min.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Maximum = max?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
    };

    private static void Describe(OpenApiSchema schema, JsonTypeInfo type, JsonPropertyInfo? property, Dictionary<string, string> comments)
    {
        // A body of bytes is a picture, as it is; the framework thinks of text in Base64.
        if (type.Type == typeof(byte[]))
            schema.Format = "binary";
        if (property?.AttributeProvider is PropertyInfo member)
        {
            if (member.GetCustomAttribute<JsonFormAttribute>() is { Form: var form })
                schema.Type = Nullable.GetUnderlyingType(member.PropertyType) is null ? TypeOf(form) : TypeOf(form) | JsonSchemaType.Null;
            // A property whose type has a schema of its own is described there.
            if (schema.Properties is not { Count: > 0 } && comments.TryGetValue($"P:{member.DeclaringType!.FullName}.{member.Name}", out var words))
                schema.Description = words;
        }
        else if (comments.TryGetValue($"T:{type.Type.FullName}", out var summary))
        {
            schema.Description = summary;
        }
    }

    private static JsonSchemaType TypeOf(JsonForm form) => form switch
    {
        JsonForm.Object => JsonSchemaType.Object,
        JsonForm.NumberOrFlag => JsonSchemaType.Number | JsonSchemaType.Boolean,
        _ => JsonSchemaType.String | JsonSchemaType.Integer,
    };

    /// <summary>The compiler's documentation file: member id to summary.</summary>
    private static Dictionary<string, string> Comments() =>
        XDocument.Load(Path.ChangeExtension(typeof(HelloRequest).Assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Attribute("name")!.Value.Contains(".Http.Wire.", StringComparison.Ordinal) && member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Space().Replace(member.Element("summary")!.Value, " ").Trim(), StringComparer.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    /// <summary>Nobody connects to an application that only describes itself.</summary>
    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
