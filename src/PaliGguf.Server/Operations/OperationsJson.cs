using System.Text.Json.Serialization;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Operations;

/// <summary>What the addresses for operators write into answers.</summary>
[JsonSerializable(typeof(HealthJson))]
[JsonSerializable(typeof(ModelStatusJson))]
internal sealed partial class OperationsJson : JsonSerializerContext
{
    public static OperationsJson Plain { get; } = new(HttpJson.NewOptions());
}
