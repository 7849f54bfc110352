using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// Names of tensors that a wrapper has put something before: the state of a model inside of another module ("module.",
/// "base_model.model."), compiled or sharded ("_orig_mod.", "_fsdp_wrapped_module."). Where the rest is a checkpoint's, it is taken off.
/// </summary>
internal static class WrappedNames
{
    private static readonly string[] Wrappers = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "module"];
    private static readonly string[] PeftParts =
        [".base_layer.", ".lora_A.", ".lora_B.", ".lora_embedding_", ".lora_magnitude_vector.", ".modules_to_save.", ".original_module."];

    /// <summary>The tensors under the names of a checkpoint.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="tensors">Its tensors, under the names of its files.</param>
    /// <param name="warnings">Told of what was taken off.</param>
    /// <returns>The tensors themselves if nothing is to be taken off.</returns>
    /// <exception cref="ModelFormatException">They are the state of a whole PEFT model, or all names begin with what can not be taken
    /// off.</exception>
    public static IReadOnlyDictionary<string, SourceTensor> Unwrap(
        string path, IReadOnlyDictionary<string, SourceTensor> tensors, ConversionWarnings warnings)
    {
        RefusePeftModel(path, tensors.Keys);
        if (tensors.Count == 0 || tensors.Keys.Any(name => TensorNames.Shorten(name) == TensorNames.Embedding)) return tensors;
        Dictionary<string, SourceTensor> unwrapped = new(StringComparer.Ordinal);
        foreach ((string name, SourceTensor tensor) in tensors)
        {
            string rest = string.Join('.', name.Split('.').Where(part => !Wrappers.Contains(part)));
            if (!unwrapped.TryAdd(rest, tensor))
                throw new ModelFormatException(path, $"two tensors are {OneLine.Show(rest)}, one of them as {OneLine.Show(name)}");
        }

        string common = CommonPrefix(unwrapped.Keys);
        string? prefix = Cuts(common).FirstOrDefault(cut => unwrapped.Keys.All(name => TensorNames.Shorten(name[cut.Length..]) is not null)
            && unwrapped.Keys.Any(name => TensorNames.Shorten(name[cut.Length..]) == TensorNames.Embedding));
        string shown = OneLine.Show(CommonPrefix(tensors.Keys));
        if (prefix is not null)
        {
            warnings.Add(path, $"the names of its tensors are those of a wrapped model ('{OneLine.Show(tensors.Keys.First())}'); "
                + $"'{(prefix.Length > 0 ? OneLine.Show(prefix) : shown)}' was taken off");
            return unwrapped.ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
        }

        if (shown.Length == 0 || tensors.Keys.Any(name => TensorNames.Shorten(name) is not null)) return tensors;
        throw new ModelFormatException(
            path, $"the names of all tensors begin with '{shown}', and what follows is not PaliGemma "
                + $"('{OneLine.Show(tensors.Keys.First())}'): save the inner model alone, by save_pretrained");
    }

    private static void RefusePeftModel(string path, IEnumerable<string> names)
    {
        if (names.FirstOrDefault(name => PeftParts.Any(part => name.Contains(part, StringComparison.Ordinal))) is not { } part) return;
        throw new ModelFormatException(
            path,
            $"this is the state of a whole PEFT model (base_model.model.*; '{OneLine.Show(part)}'), in which the adapter is not merged: "
                + "save 'model.merge_and_unload()' by save_pretrained and convert that, or save the adapter alone and merge it by "
                + "--adapter");
    }

    // Up to each dot, the shortest first; nothing at all is the shortest.
    private static IEnumerable<string> Cuts(string prefix) =>
        Enumerable.Range(0, prefix.Length + 1).Where(length => length == 0 || prefix[length - 1] == '.').Select(length => prefix[..length]);

    private static string CommonPrefix(IEnumerable<string> names)
    {
        string common = names.First();
        foreach (string name in names) common = common[..common.AsSpan().CommonPrefixLength(name)];
        return common[..(common.LastIndexOf('.') + 1)];
    }
}
