using PaliGguf.Hub;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Models;

/// <summary>The models that a server may load: the pairs in some folders, and what was pulled. It is looked at anew each time.</summary>
/// <param name="folders">The folders; those in them are looked into too, and no deeper ones.</param>
/// <param name="hub">What was pulled; null for nothing.</param>
/// <param name="usual">The name of the model that is meant where none is named; empty for the first.</param>
internal sealed class ModelCatalogue(IReadOnlyList<string> folders, ModelHub? hub, string usual)
{
    private const int Most = 1000;

    /// <summary>That of a server; null where it has one model.</summary>
    public static ModelCatalogue? Of(ServerOptions options) => options.HasSeveralModels
        ? new ModelCatalogue(options.ModelFolders, options.PulledModels ? new ModelHub(new HubOptions(), options.HubHome) : null, options.Model)
        : null;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<ListedModel> List()
    {
        Dictionary<string, ListedModel> models = new(StringComparer.OrdinalIgnoreCase);
        foreach (ListedModel model in folders.SelectMany(InFolder).Concat(Pulled()).Take(Most)) models.TryAdd(model.Name, model);
        return [.. models.Values.OrderBy(model => model.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The model that a request means.</summary>
    /// <param name="name">Its name, or an alias that no other has; null for the usual one.</param>
    /// <exception cref="RejectionException">There is none.</exception>
    public ListedModel Find(string? name)
    {
        IReadOnlyList<ListedModel> all = List();
        string wanted = name ?? usual;
        if (wanted.Length == 0 && all.Count > 0) return all[0];
        if (all.FirstOrDefault(model => ModelName.Means(wanted, model.Name)) is { } exact) return exact;
        ListedModel[] alike = [.. all.Where(model => model.Aliases.Any(alias => ModelName.Means(wanted, alias)))];
        return alike.Length switch
        {
            1 => alike[0],
            0 => throw ModelName.Unknown(wanted, [.. all.Select(model => model.Name)]),
            _ => throw Rejection.Invalid("model",
                $"There are several models '{wanted}': name one of {string.Join(", ", alike.Select(model => $"'{model.Name}'"))}."),
        };
    }

    private static IEnumerable<ListedModel> InFolder(string folder) =>
        from place in (IEnumerable<string>)[folder, .. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)]
        from file in Directory.EnumerateFiles(place, "*.gguf").Order(StringComparer.Ordinal)
        let pair = PairOf(file)
        where pair is not null
        let name = Path.GetFileNameWithoutExtension(file)
        select new ListedModel(name, pair, [ModelFiles.ModelName(name)]);

    private static ModelFiles? PairOf(string file)
    {
        try
        {
            return ModelFiles.IsVision(file) || ModelFiles.IsAdapter(file) ? null : ModelFiles.Find(file);
        }
        catch (Exception failure) when (failure is IOException or ModelFormatException or UnauthorizedAccessException)
        {
            // Half a pair, or a GGUF of another kind.
            return null;
        }
    }

    private IEnumerable<ListedModel> Pulled() =>
        from item in hub?.List() ?? []
        where item is { TextPath: not null, VisionPath: not null }
        let name = item.Name.Split('/')[^1]
        select new ListedModel($"{item.Name}:{item.Variant}", new ModelFiles(item.TextPath!, item.VisionPath!),
            [item.Name, name, $"{name}:{item.Variant}"]);
}
