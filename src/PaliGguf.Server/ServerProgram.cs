using Microsoft.Extensions.Configuration;
using PaliGguf.Memory;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Operations;

namespace PaliGguf.Server;

/// <summary>The server as a program.</summary>
internal static class ServerProgram
{
    /// <summary>Runs a server until it is told to stop.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="listening">Told where it listens.</param>
    /// <exception cref="UsageException">A setting is not understood.</exception>
    /// <exception cref="PaliException">The model does not load.</exception>
    public static async Task RunAsync(IConfiguration configuration, Action<IReadOnlyList<Uri>> listening)
    {
        ServerSettings settings = new(configuration);
        if (!settings.HasSeveralModels) settings.RequireModel();
        ServerOptions options = settings.ToOptions();
        // What is not there, or no model, is told before it listens: whoever waits for that takes it for a server.
        if (settings.HasSeveralModels) RequireModels(options);
        else ModelShape.Read(ModelFiles.Find(options.Model, options.ModelOptions.VisionPath));
        await using PaliServer server = await PaliServer.StartAsync(options, application => new SignalLifetime(application), CancellationToken.None);
        listening(server.Addresses);
        await server.WaitForShutdownAsync();
    }

    /// <summary>Runs a server with the settings of files, the environment and a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            if (arguments is ["--help"])
            {
                Console.WriteLine(Help());
                return 0;
            }

            ConfigurationManager configuration = new();
            configuration.AddSettingsFiles().AddPrefixedEnvironment().AddInMemoryCollection(Parse(arguments));
            await RunAsync(configuration, addresses => Console.WriteLine($"Listening at {string.Join(", ", addresses)}"));
            return 0;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync($"paligguf-server: {(failure.IsExpected() ? failure.Message : failure.ToString())}");
            return failure is UsageException ? 2 : 1;
        }
    }

    /// <summary>The settings that a command line makes.</summary>
    internal static Dictionary<string, string?> Parse(string[] arguments)
    {
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < arguments.Length; index++)
        {
            string name = arguments[index];
            SettingOption option = ServerOptionSet.All.Concat(ModelOptionSet.All).FirstOrDefault(known => known.Name == name)
                ?? throw new UsageException($"unknown option {name}; --help tells which there are.");
            string key = SettingsSection.Key(name.Replace("-", "", StringComparison.Ordinal));
            string value = option.Value is null ? bool.TrueString : ++index < arguments.Length ? arguments[index] : throw new UsageException($"the option {name} lacks its value.");
            settings[key] = option.Kind == OptionKind.List && settings.TryGetValue(key, out string? earlier) ? $"{earlier}{SettingsSection.ListSeparator}{value}" : value;
        }

        return settings;
    }

    private static void RequireModels(ServerOptions options)
    {
        options.Validate();
        ModelCatalogue catalogue = ModelCatalogue.Of(options)!;
        if (catalogue.List().Count == 0)
        {
            throw new UsageException($"there is no pair of GGUF files (NAME-TYPE.gguf with mmproj-NAME-TYPE.gguf) in "
                + $"{string.Join(", ", options.ModelFolders)}, and nothing was pulled.");
        }

        try
        {
            catalogue.Find(null);
        }
        catch (RejectionException unknown)
        {
            throw new UsageException($"--model {options.Model}: {unknown.Message}");
        }
    }

    private static string Help() => $"""
        Runs a PaliGemma model behind HTTP.

        {string.Join('\n', ServerOptionSet.All.Select(option => $"  {$"{option.Name} {option.Value}".TrimEnd(),-28}{option.Description}"))}

        Of the model, as with the other commands of paligguf: {string.Join(", ", ModelOptionSet.All.Select(option => option.Name))}.
        """;
}
