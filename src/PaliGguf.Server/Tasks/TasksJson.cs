using System.Text.Json.Serialization;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Tasks;

/// <summary>What the own API reads from bodies and writes into answers.</summary>
[JsonSerializable(typeof(TextRequest))]
[JsonSerializable(typeof(AnswerRequest))]
[JsonSerializable(typeof(GenerateRequest))]
[JsonSerializable(typeof(EachRequest))]
[JsonSerializable(typeof(EachAnswersJson))]
[JsonSerializable(typeof(EachAnswerJson))]
[JsonSerializable(typeof(VideoRequest))]
[JsonSerializable(typeof(InstancesRequest))]
[JsonSerializable(typeof(ChooseRequest))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(UploadJson))]
[JsonSerializable(typeof(TokenJson))]
[JsonSerializable(typeof(AnswerJson))]
[JsonSerializable(typeof(InstancesJson))]
[JsonSerializable(typeof(ChoicesJson))]
internal sealed partial class TasksJson : JsonSerializerContext
{
    public static TasksJson Plain { get; } = new(HttpJson.NewOptions());
}
