using System.Security.Cryptography;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush;

/// <summary>Who asks, whether it may take part, and what is written down of it.</summary>
public sealed partial class ZkPushServer
{
    private static bool IsSerial(string? serial) => serial is { Length: >= 1 and <= 64 } && serial.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static DeviceReply Refusal(Admission admission, string call) => admission.Verdict switch
    {
        // Approved, and no room in memory.
        AdmissionVerdict.Approved or AdmissionVerdict.TooManyPending => Status(503),
        // What the security dialect understands as "not registered"; it asks again, and keeps what it has.
        _ when call == "registry" => Status(406),
        AdmissionVerdict.WrongNetwork or AdmissionVerdict.WrongCredential => Status(403),
        _ => Status(401),
    };

    /// <summary>The body says model and firmware.</summary>
    private static bool Introduces(string call, ZkQuery query) => call == "registry" || (call == "cdata" && query.Has("table", "options"));

    /// <summary>May this terminal take part? The registry knows it under one of two protocols, and which it speaks shows only with time.</summary>
    /// <returns>No session where it may not take part.</returns>
    private async Task<(Admission Admission, ZkSession? Session)> AdmitAsync(
        DeviceRequest request, string call, ZkQuery query, string serial, TerminalOptions? says, CancellationToken cancellationToken)
    {
        var (registry, tenant) = (_services.Registry, _services.Devices.Tenant);
        var evidence = DialectOf(call, query);
        var known = Known(serial);
        var protocol = evidence == ZkDialect.Access ? DeviceProtocol.ZkAccess : DeviceProtocol.ZkAttendance;
        if (known is { Row.State: DeviceState.Pending } && evidence is not null && known.Row.Protocol != protocol)
        {
            // It was taken for the other kind before it said what it is; nobody has judged it yet.
            await registry.RemoveAsync(known.Id, cancellationToken);
            known = null;
        }

        var introduction = new DeviceIntroduction(tenant, known?.Row.Protocol ?? protocol, serial, request.From) { Model = says?.Model ?? "", Firmware = says?.Firmware ?? "" };
        var admission = await registry.AdmitAsync(introduction, cancellationToken);
        if (!admission.IsApproved || admission.Device is not { } device)
        {
            LogTurnedAway(serial, admission.Verdict, admission.Reason);
            return (admission, null);
        }

        return (admission, _sessions.Of(device));
    }

    private Device? Known(string serial)
    {
        var access = _services.Registry.Find(_services.Devices.Tenant, DeviceProtocol.ZkAccess, serial);
        var attendance = _services.Registry.Find(_services.Devices.Tenant, DeviceProtocol.ZkAttendance, serial);
        return attendance?.Row.State == DeviceState.Approved && access?.Row.State != DeviceState.Approved ? attendance : access ?? attendance;
    }

    /// <summary>What a request proves; <c>pushver</c> and <c>PushVersion</c> prove nothing: attendance terminals say 3.x there.</summary>
    private static ZkDialect? DialectOf(string call, ZkQuery query)
    {
        if (query["DeviceType"] is { Length: > 0 } type)
            return type.Equals("acc", StringComparison.OrdinalIgnoreCase) ? ZkDialect.Access : ZkDialect.Attendance;
        if (call is "registry" or "push" or "querydata" or "rtdata" || ZkTableNames.IsOfAccess(query["table"] ?? ""))
            return ZkDialect.Access;
        return ZkTableNames.IsOfAttendance(query["table"] ?? "") ? ZkDialect.Attendance : null;
    }

    /// <summary>Writes down what is new about a terminal.</summary>
    private static async Task NoteAsync(ZkSession session, string call, ZkQuery query, TerminalOptions? says, CancellationToken cancellationToken)
    {
        var checksCards = query["DeviceType"] is { Length: > 0 } type ? type.Equals("pid", StringComparison.OrdinalIgnoreCase) : (bool?)null;
        var dialect = DialectOf(call, query);
        var language = says?.Language ?? (int.TryParse(query["language"], out var menu) ? menu : null);
        await session.ChangeAsync(
            state =>
            {
                if (state.RegistryCode.Length == 0)
                    state = state with { RegistryCode = RandomNumberGenerator.GetHexString(16, lowercase: true), SessionId = RandomNumberGenerator.GetHexString(32) };
                return state with { Dialect = dialect ?? state.Dialect, ChecksCards = checksCards ?? state.ChecksCards, Language = language ?? state.Language };
            },
            cancellationToken);
    }

    /// <summary>Model and firmware, where a terminal says them elsewhere than at its registration.</summary>
    private async Task LearnAsync(ZkSession session, TerminalOptions? says, CancellationToken cancellationToken)
    {
        var row = session.Device.Row;
        if (says is null || ((says.Model.Length == 0 || says.Model == row.Model) && (says.Firmware.Length == 0 || says.Firmware == row.Firmware)))
            return;
        await _services.Registry.ChangeAsync(
            row.Id,
            known => (known.Model, known.Firmware) = (says.Model.Length > 0 ? says.Model : known.Model, says.Firmware.Length > 0 ? says.Firmware : known.Firmware),
            announce: false,
            cancellationToken);
    }
}
