namespace PaliGguf.Broker.Tests.Rabbit;

/// <summary>A test with a real broker; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RabbitFactAttribute : FactAttribute
{
    public RabbitFactAttribute()
    {
        if (!RabbitServer.IsInstalled) Skip = "RabbitMQ is not installed: apt-get install rabbitmq-server.";
    }
}
