using PaliGguf.Cli.Adapters;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Language;

namespace PaliGguf.Cli.Answers;

/// <summary>Keeps one picture and answers prompts from standard input, a line each.</summary>
internal sealed class ChatRun(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    private const int PromptTokens = 512;

    /// <summary>Answers until an empty line or the end of the input.</summary>
    /// <returns>The exit code: of failure if any prompt failed.</returns>
    public async Task<int> RunAsync(string picture, IReadOnlyList<string> stop, CancellationToken cancellationToken)
    {
        if (picture == PictureReader.StandardInput) throw new UsageException("the prompts come from standard input, so the picture can not.");
        ModelOptions options = loader.Options(images: 1, PromptTokens + ((long)settings.MaxTokens * settings.Beams), settings.Beams);
        await using ModelSession session = ModelSession.Start(loader, options, PictureSource.Files([picture]), cancellationToken);
        (PaliModel model, RgbImage[] images) = await session.ReadyAsync(cancellationToken);
        GenerationRequest request = settings.Request("", stop) with { Images = images };
        string adapterHelp = model.Info.Adapters.Count > 0
            ? " \"/lora NAME:0.5; NAME\" changes the adapters, \"/lora\" leaves them out." : "";
        string help = $"{picture} ({images[0].Width} x {images[0].Height}). "
            + $"A prompt a line (\"answer en what is this?\"); an empty line ends.{adapterHelp}";
        if (terminal.InputIsInteractive) await terminal.Error.WriteLineAsync(help);

        int exitCode = ExitCode.Success;
        while (await NextPromptAsync(cancellationToken) is { Length: > 0 } prompt)
        {
            if (prompt == "/help")
            {
                await terminal.Error.WriteLineAsync(help);
                continue;
            }

            try
            {
                if (AdapterSwitch.Parse(prompt, model.Info.Adapters) is { } adapters)
                {
                    request = request with { Adapters = adapters };
                    continue;
                }

                GenerationResult result = await terminal.WriteAsync(model.GenerateAsync(request with { Prompt = prompt }, cancellationToken), settings.Json);
                if (result.FinishReason == FinishReason.Cancelled) return ExitCode.Interrupted;
            }
            catch (Exception failure) when (failure is PaliException or UsageException)
            {
                // A prompt that is too long, for example, does not end the conversation.
                exitCode = ErrorLine.Write(failure, settings.Verbose);
            }
        }

        return exitCode;
    }

    private async Task<string?> NextPromptAsync(CancellationToken cancellationToken)
    {
        if (terminal.InputIsInteractive) await terminal.Error.WriteAsync("> ");
        return (await terminal.ReadLineAsync(cancellationToken))?.Trim();
    }
}
