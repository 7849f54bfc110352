using System.CommandLine;
using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Hubs;
using PaliGguf.Conversion;
using PaliGguf.Hub;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf pull google/paligemma2-3b-mix-224 --type q4_k_m".</summary>
internal static class PullCommand
{
    private const string Main = "main";

    public static Command Create()
    {
        Argument<string> name =
            new("NAME")
            {
                Description =
                "OWNER/NAME of a repository at the Hugging Face hub (HF_ENDPOINT names a mirror), or the address of its page."
            };
        Option<ModelFileType?> type = TypeOptions.File(
            "--type", "How a checkpoint's matrices are stored: q4_k_m, q8_0, f16, ... Default: q8_0. Of several GGUF files: which one.");
        Option<ModelFileType?> visionType =
            TypeOptions.File("--vision-type", "How a checkpoint's vision tower is stored. Default: as 'convert' has it.");
        Option<GgmlType?> embedding = TypeOptions.Embedding();
        Option<string> revision = new("--revision") { Description = "A branch, a tag or a commit. Default: main.", HelpName = "NAME" };
        Option<bool> dataset = new("--dataset") { Description = "It is a data set." };
        Option<string[]> include =
            new("--include")
            {
                Description = "Of a data set: only files with such paths, with * and ?. May be given several times.",
                HelpName = "PATTERN"
            };
        PathOption tokenFile =
            new("--token-file")
            {
                Description = "A file with the access token. Default: HF_TOKEN, then where 'hf auth login' keeps it.",
                HelpName = "FILE"
            };
        Option<bool> offline =
            new("--offline") { Description = "Ask nobody; only find what was pulled before (as HF_HUB_OFFLINE=1 does)." };
        PathOption tokenizer =
            new("--tokenizer")
            {
                Description = "The SentencePiece model, for a checkpoint that lacks its tokenizer.model.",
                HelpName = "FILE"
            };
        PathOption maskDecoder =
            new("--mask-decoder")
            {
                Description =
                "The weights that turn the codewords of 'segment' into masks (vae-oid.npz). Default: the repository's, if it has them.",
                HelpName = "FILE"
            };
        Command command = new("pull", "Get a model by its name: a checkpoint is converted while it arrives, and never stored itself.")
        {
            name, type, visionType, embedding, revision, dataset, include, tokenFile, offline, tokenizer, maskDecoder,
        };
        command.SetAction((parse, _) =>
        {
            PullOptions options = new()
            {
                Name = parse.GetRequiredValue(name),
                Revision = parse.GetValue(revision) ?? Main,
                Kind = parse.GetValue(dataset) ? RepositoryKind.Dataset : RepositoryKind.Model,
                Type = parse.GetValue(type),
                VisionType = parse.GetValue(visionType),
                EmbeddingType = parse.GetValue(embedding),
                Tokenizer = parse.GetValue(tokenizer),
                MaskDecoder = parse.GetValue(maskDecoder),
                Include = parse.GetValue(include) ?? [],
            };
            return CommandHost.RunAsync<PullTask>(
                parse, (task, cancellationToken) =>
                    task.RunAsync(options, parse.GetValue(tokenFile), parse.GetValue(offline), cancellationToken));
        });
        return command;
    }
}
