using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PaliGguf.Memory;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Ollama;

/// <summary>What ollama's API tells of the models and of itself.</summary>
internal sealed class OllamaModels(BodyReader bodies, IServedModels served)
{
    // Of ollama's API, not of this server: clients refuse servers that they take for too old.
    private const string ApiVersion = "0.12.0";

    public static JsonHttpResult<OllamaVersion> Version() => TypedResults.Json(new OllamaVersion(ApiVersion), OllamaJson.Plain.OllamaVersion);

    public JsonHttpResult<OllamaModelList> List() =>
        TypedResults.Json(new OllamaModelList([.. served.List().Select(Entry)]), OllamaJson.Plain.OllamaModelList);

    public JsonHttpResult<OllamaModelList> ListLoaded() => TypedResults.Json(
        new OllamaModelList([.. served.List().Where(model => model.Model is not null).Select(LoadedEntry)]), OllamaJson.Plain.OllamaModelList);

    public async Task<IResult> ShowAsync(HttpContext context)
    {
        OllamaModelRequest request = await bodies.ReadJsonAsync(context, OllamaJson.Plain.OllamaModelRequest, (fields, _) => fields);
        string name = RequestLimits.Text("model", request.Model ?? request.Name);
        IReadOnlyList<ServedState> all = served.List();
        ServedState model = all.FirstOrDefault(one => ModelName.Means(name, one.Name)) ?? throw ModelName.Unknown(name, [.. all.Select(one => one.Name)]);
        ModelShape shape = ModelShape.Read(model.Files);
        string architecture = shape.Text.Architecture;
        JsonObject info = new()
        {
            ["general.architecture"] = architecture,
            ["general.parameter_count"] = Parameters(shape),
            [$"{architecture}.context_length"] = shape.ContextLength,
            [$"{architecture}.embedding_length"] = shape.Text.EmbeddingLength,
            [$"{architecture}.block_count"] = shape.LayerCount,
        };
        OllamaModel shown = new(Entry(model).Details, info, ModifiedAt(model));
        return TypedResults.Json(shown, OllamaJson.Plain.OllamaModel);
    }

    /// <summary>What ollama does and this server does not: it is told how the same is done here.</summary>
    public static IResult Refuse(HttpContext context) => throw new RejectionException(
        StatusCodes.Status501NotImplemented, "unsupported_operation",
        $"{context.Request.Path} is not supported: models are pulled, made and removed by 'paligguf pull', 'paligguf convert' and 'paligguf remove', "
            + "and PaliGemma makes no embeddings.");

    private static OllamaModelEntry LoadedEntry(ServedState model) => Entry(model) with
    {
        // A date that never comes, as ollama has it.
        ExpiresAt = model.Until ?? DateTimeOffset.MaxValue.AddDays(-1),
        SizeVram = model.Model!.Memory.Vram.Bytes,
        Size = model.Model.Memory.Ram.WorkingBytes + model.Model.Memory.Vram.Bytes,
    };

    private static OllamaModelEntry Entry(ServedState model)
    {
        long bytes = new FileInfo(model.Files.Text).Length + new FileInfo(model.Files.Vision).Length;
        DateTimeOffset modified = ModifiedAt(model);
        // The files' own would have to be read wholly for it: this one changes when they do.
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{model.Name}/{bytes}/{modified.UtcTicks}")));
        return new OllamaModelEntry(model.Name, modified, bytes, digest, Details(model));
    }

    private static OllamaDetails Details(ServedState model)
    {
        string file = Path.GetFileNameWithoutExtension(model.Files.Text);
        string type = file[(file.LastIndexOf('-') + 1)..];
        try
        {
            ModelShape shape = ModelShape.Read(model.Files);
            return new OllamaDetails(shape.Text.Architecture, Size(Parameters(shape)), type);
        }
        catch (Exception failure) when (failure is IOException or ModelFormatException or UnauthorizedAccessException)
        {
            // It is listed all the same: what is wrong is told to whoever asks it something.
            return new OllamaDetails("", "", type);
        }
    }

    private static DateTimeOffset ModifiedAt(ServedState model) => new(File.GetLastWriteTimeUtc(model.Files.Text));

    private static long Parameters(ModelShape shape) =>
        shape.TextTensors.Concat(shape.VisionTensors).Sum(tensor => tensor.Shape.Aggregate(1L, (product, side) => product * side));

    private static string Size(long parameters) => parameters >= 1_000_000_000
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{parameters / 1e9:0.0}B")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{parameters / 1e6:0.0}M");
}
