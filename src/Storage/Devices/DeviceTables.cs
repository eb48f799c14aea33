using Microsoft.EntityFrameworkCore;

namespace MediaScore.Storage.Devices;

/// <summary>The tables of devices, their events and their commands.</summary>
internal static class DeviceTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<DeviceRow>(device =>
        {
            device.ToTable("devices");
            device.HasKey(row => row.Id);
            device.Property(row => row.Id).HasMaxLength(64);
            device.Property(row => row.Tenant).HasMaxLength(64);
            device.Property(row => row.Protocol).HasConversion<string>().HasMaxLength(16);
            device.Property(row => row.Serial).HasMaxLength(64);
            device.Property(row => row.State).HasConversion<string>().HasMaxLength(16);
            device.Property(row => row.Name).HasMaxLength(128);
            device.Property(row => row.Model).HasMaxLength(64);
            device.Property(row => row.Firmware).HasMaxLength(64);
            device.Property(row => row.Door).HasMaxLength(64);
            device.Property(row => row.TimeZone).HasMaxLength(64);
            device.Property(row => row.CredentialSha256).HasMaxLength(64);
            device.Property(row => row.Network).HasMaxLength(64);
            device.Property(row => row.Address).HasMaxLength(256);
            device.Property(row => row.SealedLogin).HasMaxLength(1024);
            device.Property(row => row.Liveness).HasConversion<string>().HasMaxLength(16);
            device.Property(row => row.Cursor).HasMaxLength(1024);
            device.HasIndex(row => new { row.Tenant, row.Protocol, row.Serial }).IsUnique();
        });
        model.Entity<DeviceEventRow>(happened =>
        {
            happened.ToTable("device_events");
            happened.HasKey(row => row.Id);
            happened.Property(row => row.Tenant).HasMaxLength(64);
            happened.Property(row => row.DeviceId).HasMaxLength(64);
            happened.Property(row => row.DeduplicationKey).HasMaxLength(128);
            happened.Property(row => row.Kind).HasConversion<string>().HasMaxLength(16);
            happened.Property(row => row.Outcome).HasConversion<string>().HasMaxLength(16);
            happened.Property(row => row.PersonNumber).HasMaxLength(64);
            happened.Property(row => row.DeviceTime).HasMaxLength(40);
            happened.Property(row => row.Method).HasMaxLength(32);
            happened.Property(row => row.Code).HasMaxLength(64);
            happened.Property(row => row.Direction).HasMaxLength(8);
            happened.Property(row => row.Door).HasMaxLength(64);
            happened.Property(row => row.Reason).HasMaxLength(256);
            happened.Property(row => row.Picture).HasMaxLength(64);
            happened.Property(row => row.Detail).HasMaxLength(4096);
            happened.HasIndex(row => new { row.DeviceId, row.DeduplicationKey }).IsUnique();
            happened.HasIndex(row => new { row.Tenant, row.OccurredAt });
            happened.HasIndex(row => new { row.Tenant, row.PersonNumber, row.OccurredAt });
        });
        model.Entity<DeviceCommandRow>(command =>
        {
            command.ToTable("device_commands");
            command.HasKey(row => row.Id);
            command.Property(row => row.DeviceId).HasMaxLength(64);
            command.Property(row => row.Kind).HasMaxLength(32);
            command.Property(row => row.Arguments).HasMaxLength(65_536);
            command.Property(row => row.State).HasConversion<string>().HasMaxLength(16);
            command.Property(row => row.Result).HasMaxLength(1024);
            command.HasIndex(row => new { row.DeviceId, row.State, row.Id });
        });
    }
}
