namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>A way to devices: a site's broker, or our own.</summary>
internal interface IMqttPublisher
{
    /// <summary>Publishes with QoS 1, not retained.</summary>
    /// <param name="expiresIn">A broker that can forgets it by then.</param>
    /// <returns>False where there is no connection now, or the broker refused.</returns>
    Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, TimeSpan expiresIn, CancellationToken cancellationToken);
}
