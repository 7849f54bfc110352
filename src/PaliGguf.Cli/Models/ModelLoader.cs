using System.Text;
using Microsoft.Extensions.Logging;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Cli.Models;

/// <summary>Loads the model that the settings ask for, and shows progress where it takes long.</summary>
internal sealed class ModelLoader(UserSettings settings, Terminal terminal, ILoggerFactory loggers)
{
    /// <summary>The text GGUF or the folder.</summary>
    public string Path => settings.ModelPath;

    /// <summary>How large a picture may be.</summary>
    public ImageLimits PictureLimits => settings.PictureLimits;

    /// <summary>The options that the settings ask for.</summary>
    /// <param name="images">How many pictures a prompt will have.</param>
    /// <param name="textTokens">How many tokens prompt and answer will have together, at most.</param>
    /// <param name="beams">How many answers a search will follow at once.</param>
    public ModelOptions Options(int images, long textTokens, int beams = 1) => settings.ToModelOptions() with
    {
        ImagesPerPrompt = images,
        TextTokens = (int)Math.Clamp(textTokens, 16, 1 << 20),
        // The default is enough for a search over 17.
        Branches = beams > 17 ? beams - 1 : null,
        LoggerFactory = loggers,
    };

    /// <summary>The options for a model that answers one prompt, about pictures that it sees once.</summary>
    /// <param name="images">How many pictures the prompt will have.</param>
    /// <param name="request">The prompt, and how it is answered.</param>
    public ModelOptions Options(int images, GenerationRequest request) =>
        Options(images, MostTokens(request.Prompt) + ((long)request.MaxTokens * request.Beams), request.Beams) with
        {
            SoftTokenCacheBytes = 0,
            PromptTokens = Math.Max(Encoding.UTF8.GetByteCount(request.Prompt), 1),
            Branches = request.Beams - 1,
        };

    /// <summary>How many tokens a prompt has at most: each has at least one byte, and two more begin and end the text.</summary>
    public static long MostTokens(string prompt) => Encoding.UTF8.GetByteCount(prompt) + 2L;

    /// <summary>Finds the model's files.</summary>
    /// <exception cref="ModelFormatException">There are several.</exception>
    /// <exception cref="IOException">There is no such model.</exception>
    public ModelFiles Find()
    {
        settings.RequireModel();
        return ModelFiles.Find(Path, settings.Vision);
    }

    /// <summary>Loads the model.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <param name="progress">Told how far it has come, beside what is shown; null where nobody else wants to know.</param>
    /// <exception cref="PaliException">It does not load.</exception>
    /// <exception cref="IOException">There is no such model.</exception>
    public async Task<PaliModel> LoadAsync(ModelOptions options, CancellationToken cancellationToken, IProgress<LoadProgress>? progress = null)
    {
        settings.RequireModel();
        await using SlowStatus status = new(terminal, "loading the model");
        return await PaliModel.LoadAsync(Path, options, new StatusProgress(status, progress), cancellationToken);
    }

    private sealed class StatusProgress(SlowStatus status, IProgress<LoadProgress>? other) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            status.Report(value.Stage, value.Fraction);
            other?.Report(value);
        }
    }
}
