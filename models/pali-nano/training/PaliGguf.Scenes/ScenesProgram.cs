using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics;
using System.Text.Json.Nodes;
using PaliGguf.Scenes.Assets;
using PaliGguf.Scenes.Drawing;
using PaliGguf.Scenes.Output;
using PaliGguf.Tasks.Masks;
using SkiaSharp;

namespace PaliGguf.Scenes;

/// <summary>The command line.</summary>
internal static class ScenesProgram
{
    private const int Failure = 1, Usage = 2;

    private static readonly SceneOptions Options = new();
    private static readonly Argument<string> Folder = new("OUT") { Description = "A new or empty folder." };
    private static readonly Argument<string> VisionArgument = new("VISION") { Description = "A vision GGUF." };
    private static readonly Argument<string> Picture = new("PNG") { Description = "The picture." };

    /// <summary>Runs a command.</summary>
    /// <returns>The exit code: 0 for success, 1 for a failure, 2 for a command line that is not understood.</returns>
    public static int Run(string[] arguments)
    {
        ParseResult parse = Create().Parse(
            arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0 && parse.Action is ParseErrorAction)
        {
            Console.Error.WriteLine($"paligguf-scenes: {parse.Errors[0].Message.TrimEnd('.')}. See --help.");
            return Usage;
        }

        // The smaller forms of all pictures of things, which Skia makes once where there is room for them.
        SKGraphics.SetResourceCacheTotalByteLimit(512 << 20);
        try
        {
            return parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is PaliException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"paligguf-scenes: {e.Message}");
            return Failure;
        }
    }

    private static RootCommand Create()
    {
        Command sprites = new("sprites", "Draw all pictures of things, a column for each set.") { Picture };
        sprites.SetAction(parse => Sheets.WriteSprites(
            parse.GetRequiredValue(Picture), SceneAssets.Read(Options.Cache(parse), AssetPackages.Emoji.Select(source => source.Name))));
        Command fetch = new("fetch", "Fetch all packages.");
        fetch.SetAction(parse =>
        {
            foreach (AssetPackage package in AssetPackages.All) Console.WriteLine(Options.Cache(parse).Fetch(package));
        });
        Command show = new("show", "Draw scenes beside each other, with and without their boxes and masks.") { Picture };
        show.SetAction(parse => Sheets.WriteScenes(
            parse.GetRequiredValue(Picture), SceneAssets.Read(Options.Cache(parse), Options.Sets(parse)), Options.Settings(parse)));

        Option<string?> against = new("--against") { Description = "Another vision GGUF, whose masks are compared.", HelpName = "VISION" };
        Command masks = new("masks", "Tell what overlap a mask encoder and decoder leave of the masks of scenes.")
        {
            VisionArgument, against,
        };
        masks.SetAction(parse =>
        {
            MaskBound bound = MaskBound.Read(parse.GetRequiredValue(VisionArgument));
            MaskBound? other = parse.GetValue(against) is { } file ? MaskBound.Read(file) : null;
            SceneSource source = new(SceneAssets.Read(Options.Cache(parse), Options.Sets(parse)), Options.Settings(parse));
            SeenThing[] things = [.. source.Each(Options.Settings(parse).HeldBack, (_, scene, _) => scene.Things).SelectMany(seen => seen)];
            Console.WriteLine($"{things.Length} masks come back with a mean overlap of {bound.Of(things):F5}");
            if (other is null) return;
            (double codewords, double pixels) = bound.Difference(things, other);
            Console.WriteLine(
                $"by the other file with {other.Of(things):F5}; {codewords:P3} of codewords and {pixels:P3} of the pixels in boxes differ");
        });

        RootCommand command = new("Draw what pali-nano learns from and is measured on.")
        {
            Train(), Eval(), show, sprites, masks, fetch,
        };
        foreach (Command each in command.Subcommands)
        {
            if (each == sprites || each == fetch) Options.AddAssetsTo(each);
            else Options.AddTo(each);
        }

        return command;
    }

    private static Command Train()
    {
        Option<int> prompts = new("--prompts")
        {
            Description = "How many prompts a scene has at most.",
            HelpName = "N",
            DefaultValueFactory = _ => 4,
        };
        SceneOptions.Between(prompts, 1, 100);
        Option<string?> mixture = new("--mixture")
        {
            Description = "Weights of tasks other than the usual ones.",
            HelpName = "detect=3,cap=0",
        };
        Option<string?> vision = new("--vision")
        {
            Description = "The vision GGUF with the encoder of masks; without it there are no prompts with masks.",
            HelpName = "FILE",
        };
        Command train = new("train", "Draw scenes to learn from.") { Folder, prompts, mixture, vision };
        train.SetAction(parse =>
        {
            IReadOnlyList<string> sets = Options.Sets(parse);
            if (sets.Contains(AssetPackages.HeldOut))
                throw new PaliException($"{AssetPackages.HeldOut} is held out: nothing is trained on it.");
            Mixture weights = new(parse.GetValue(mixture));
            MaskEncoder? masks = parse.GetValue(vision) is { } file
                ? MaskEncoder.Read(file) ?? throw new PaliException($"{file} has no mask encoder.") : null;
            TrainingSet set = new(parse.GetValue(prompts), weights, masks);
            Draw(parse, sets, set.Write, new JsonObject { ["prompts"] = parse.GetValue(prompts), ["mixture"] = $"{weights}" });
        });
        return train;
    }

    private static Command Eval()
    {
        Option<bool> unseen = new("--unseen") { Description = "Of the set of emoji that nothing is trained on." };
        Command eval = new("eval", "Draw held-back scenes to be measured on.") { Folder, unseen };
        eval.SetAction(parse => Draw(
            parse, parse.GetValue(unseen) ? [AssetPackages.HeldOut] : Options.Sets(parse), EvaluationSet.Write, []));
        return eval;
    }

    private static void Draw(
        ParseResult parse, IReadOnlyList<string> sets, Action<string, SceneAssets, SceneSettings, Action> write, JsonObject more)
    {
        string folder = parse.GetRequiredValue(Folder);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new PaliException($"{folder} is not empty.");
        SceneAssets assets = SceneAssets.Read(Options.Cache(parse), sets);
        Directory.CreateDirectory(folder);
        SceneSettings settings = Options.Settings(parse);
        Stopwatch time = Stopwatch.StartNew();
        int done = 0;
        write(folder, assets, settings, () =>
        {
            if (++done % 10_000 != 0) return;
            Console.Error.WriteLine($"{done} of {settings.Count} scenes, {done / time.Elapsed.TotalSeconds:F0} a second");
        });
        Manifest.Write(folder, parse.CommandResult.Command.Name, settings, sets, more);
        Console.WriteLine($"{settings.Count} scenes in {folder}, {settings.Count / time.Elapsed.TotalSeconds:F0} a second");
    }
}
