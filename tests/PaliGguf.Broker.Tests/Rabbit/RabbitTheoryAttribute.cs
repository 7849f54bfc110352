namespace PaliGguf.Broker.Tests.Rabbit;

/// <summary>Tests with a real broker; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RabbitTheoryAttribute : TheoryAttribute
{
    public RabbitTheoryAttribute()
    {
        if (!RabbitServer.IsInstalled) Skip = "RabbitMQ is not installed: apt-get install rabbitmq-server.";
    }
}
