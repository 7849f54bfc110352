using PaliGguf.Broker.Connections;

namespace PaliGguf.Broker.Tests.Connections;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqps://broker.example", "amqps://broker.example:5671")]
    [InlineData("amqp://10.0.0.7:5673/", "amqp://10.0.0.7:5673")]
    [InlineData("amqps://[::1]/pictures", "amqps://[::1]:5671/pictures")]
    [InlineData("amqp://anna:secret@host/a%2Fb", "amqp://host:5672/a%2Fb")]
    public void An_address_prints_without_whoever_comes(string text, string expected) =>
        Assert.Equal(expected, BrokerAddress.Parse(text, "user", "secret").ToString());

    [Fact]
    public void Who_comes_is_in_the_address_or_set_or_the_brokers_guest()
    {
        BrokerAddress address = BrokerAddress.Parse("amqp://anna:se%40cret@host/a%2Fb", "user", "other");
        Assert.Equal(("anna", "se@cret", "a/b"), (address.User, address.Password, address.VirtualHost));
        BrokerAddress set = BrokerAddress.Parse("amqps://anna@host", "user", "other");
        Assert.Equal(("anna", "other", "/", true), (set.User, set.Password, set.VirtualHost, set.IsEncrypted));
        BrokerAddress guest = BrokerAddress.Parse("amqp://host");
        Assert.Equal(("guest", "guest", false), (guest.User, guest.Password, guest.IsEncrypted));
    }

    [Theory]
    [InlineData("host:5672")]
    [InlineData("http://anna:secret@host")]
    [InlineData("amqp://anna:secret@")]
    [InlineData("amqp://anna:secret@host:port")]
    [InlineData("amqp://anna:secret@host/a/b")]
    [InlineData("amqp://anna:secret@host?heartbeat=5")]
    [InlineData("secret")]
    public void What_is_none_is_refused_without_being_repeated(string text)
    {
        string message = Assert.Throws<PaliException>(() => BrokerAddress.Parse(text)).Message;
        Assert.Contains("amqps://HOST", message);
        Assert.DoesNotContain("secret", message);
    }

    [Theory]
    [InlineData("amqps://anna:secret@host", true)]
    [InlineData("anna:secret@host", true)]
    [InlineData("amqp:/anna:se@cret@host", true)]
    [InlineData("amqps://anna@host:5671", false)]
    [InlineData("amqps://host:5671/vhost", false)]
    [InlineData("amqps://[::1]:5671", false)]
    public void Passwords_are_seen_also_where_the_rest_is_malformed(string text, bool expected) =>
        Assert.Equal(expected, BrokerAddress.HasPassword(text));

    [Theory]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("photos-2026.11_a", true)]
    public void Jobs_have_plain_names(string name, bool isOne)
    {
        if (isOne) Assert.Equal($"paligguf.{name}.items", new JobName(name).Items);
        else Assert.Throws<PaliException>(() => new JobName(name));
    }
}
