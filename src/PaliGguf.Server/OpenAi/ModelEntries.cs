using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PaliGguf.Server.Models;

namespace PaliGguf.Server.OpenAi;

/// <summary>The list of models.</summary>
internal sealed class ModelEntries(IServedModels served)
{
    public JsonHttpResult<ModelList> List() => TypedResults.Json(new ModelList([.. served.List().Select(Entry)]), OpenAiJson.Plain.ModelList);

    public JsonHttpResult<ModelEntry> Find(string model)
    {
        IReadOnlyList<ServedState> all = served.List();
        ServedState found = all.FirstOrDefault(one => ModelName.Means(model, one.Name))
            ?? throw ModelName.Unknown(model, [.. all.Select(one => one.Name)]);
        return TypedResults.Json(Entry(found), OpenAiJson.Plain.ModelEntry);
    }

    private static ModelEntry Entry(ServedState model) =>
        new(model.Name, (model.Since ?? new DateTimeOffset(File.GetLastWriteTimeUtc(model.Files.Text))).ToUnixTimeSeconds());
}
