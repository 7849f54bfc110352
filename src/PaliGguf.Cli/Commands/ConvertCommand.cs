using System.CommandLine;
using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Hosting;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf convert SOURCE --out DIR".</summary>
internal static class ConvertCommand
{
    private const string Keep = "keep";
    private const string Context = "context";

    public static Command Create()
    {
        Argument<string> source = new("SOURCE")
        {
            Description = "The checkpoint: a Hugging Face folder of PaliGemma or PaliGemma 2, an .npz file of big_vision, or the folder of a "
                + "cased BERT for BERTScore.",
        };
        PathOption output = new("--out") { Description = "Where the two GGUF files go; created when it does not exist.", HelpName = "DIR", Required = true };
        PathOption tokenizer = new("--tokenizer")
        {
            Description = "The SentencePiece model. Default: tokenizer.model in the folder, or the only *.model file beside an .npz file.",
            HelpName = "FILE",
        };
        Option<ModelFileType?> type = TypeOptions.File("--type", "How matrices are stored: q4_k_m, q8_0, f16, ... Default: q8_0; of a BERT f32.");
        Option<ModelFileType?> visionType = TypeOptions.File("--vision-type", "How the vision tower is stored: f32, f16, bf16, q8_0, q5_0, q4_0, ... Default: as --type if that is one of the first four, else q8_0.");
        Option<VisionForm?> visionForm = TypeOptions.Form();
        Option<GgmlType?> embedding = TypeOptions.Embedding();
        PathOption importance = TypeOptions.Importance();
        Option<string> name = new("--name") { Description = "The model's name, which file names contain. Default: that of the folder or file.", HelpName = "NAME" };
        Option<string> window = new("--sliding-window")
        {
            Description = "'context' writes a window as long as the context, as in the original training code (the default); 'keep' the checkpoint's own.",
        };
        window.AcceptOnlyFromAmong(Context, Keep);
        PathOption maskDecoder = new("--mask-decoder")
        {
            Description = "The weights that turn the codewords of 'segment' into masks (vae-oid.npz). Default: the one in the folder, or beside the .npz file, if there is one.",
            HelpName = "FILE",
        };
        Option<MaskType?> maskType = TypeOptions.Masks();
        Option<string[]> adapters = new("--adapter")
        {
            Description = "A LoRA adapter (a PEFT folder) to merge into the weights; 'DIR:0.5' adds half of it. May be given several times.",
            HelpName = "DIR[:SCALE]",
        };
        Option<int?> layer = new("--layer")
        {
            Description = "Of a BERT: the layer whose states are compared. Default: bert_score's, 9 for bert-base-multilingual-cased.",
            HelpName = "N",
        };

        Command command = new("convert", "Convert a checkpoint to a pair of GGUF files.")
        {
            source, output, tokenizer, type, visionType, visionForm, embedding, importance, name, window, maskDecoder, maskType, adapters,
            layer,
        };
        Option[] onlyPaliGemma = [tokenizer, visionType, visionForm, embedding, importance, window, maskDecoder, maskType, adapters];
        command.SetAction((parse, _) =>
        {
            ConversionOptions options = new()
            {
                Source = parse.GetRequiredValue(source),
                OutputFolder = parse.GetRequiredValue(output),
                Tokenizer = parse.GetValue(tokenizer),
                Type = parse.GetValue(type) ?? ModelFileType.Q8_0,
                VisionType = parse.GetValue(visionType),
                VisionForm = parse.GetValue(visionForm) ?? VisionForm.PaliGemma,
                EmbeddingType = parse.GetValue(embedding),
                ImportanceMatrix = parse.GetValue(importance),
                Name = parse.GetValue(name),
                KeepSlidingWindow = parse.GetValue(window) == Keep,
                MaskDecoder = parse.GetValue(maskDecoder),
                MaskType = parse.GetValue(maskType) ?? MaskType.F32,
                Adapters = [.. (parse.GetValue(adapters) ?? []).Select(ScaledPath.Parse)
                    .Select(adapter => new AdapterSource(PulledName.Folder(adapter.Path), adapter.Scale))],
            };
            BertConversionOptions bert = new()
            {
                Source = options.Source,
                OutputFolder = options.OutputFolder,
                Layer = parse.GetValue(layer),
                Type = parse.GetValue(type) ?? ModelFileType.F32,
                Name = options.Name,
            };
            return CommandHost.RunAsync<ConversionTask>(parse, (task, cancellationToken) =>
            {
                bool isBert = BertConverter.Recognizes(options.Source);
                RefuseOthers(parse, isBert ? onlyPaliGemma : [layer], isBert ? "a BERT" : "PaliGemma");
                return isBert ? task.RunAsync(bert, cancellationToken) : task.RunAsync(options, cancellationToken);
            });
        });
        return command;
    }

    private static void RefuseOthers(ParseResult parse, IEnumerable<Option> others, string model)
    {
        if (others.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } other)
        {
            throw new UsageException($"{other.Name} is not for {model}.");
        }
    }
}
