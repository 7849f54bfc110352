using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PaliGguf.Server.Http;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.OpenAi;

/// <summary>The list of models, which is of one.</summary>
internal sealed class ModelEntries(ServedModel served)
{
    public JsonHttpResult<ModelList> List() => TypedResults.Json(new ModelList([Entry()]), OpenAiJson.Plain.ModelList);

    public JsonHttpResult<ModelEntry> Find(string model)
    {
        ModelEntry entry = Entry();
        return model == entry.Id ? TypedResults.Json(entry, OpenAiJson.Plain.ModelEntry) : throw Unknown(model, entry.Id);
    }

    /// <summary>There is no such model.</summary>
    public static RejectionException Unknown(string name, string known) =>
        new(StatusCodes.Status404NotFound, "model_not_found", $"There is no model '{(name.Length <= 128 ? name : name[..128])}': this server runs '{known}'.") { Parameter = "model" };

    private ModelEntry Entry() => new(served.Require().Info.Name, served.Loaded.ToUnixTimeSeconds());
}
