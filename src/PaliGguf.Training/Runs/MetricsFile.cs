using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace PaliGguf.Training.Runs;

/// <summary>
/// What became of each step, a JSON object a line. Of a run that is continued, lines beyond its checkpoint are dropped: those steps
/// are done again.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
    private readonly FileStream _file;

    private MetricsFile(FileStream file) => _file = file;

    /// <summary>
    /// The steps and validations in the file of a run, in their order: <see cref="StepReport"/>, <see cref="ValidationReport"/>.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <returns>What is none of them is left out; nothing where there is no file.</returns>
    public static IEnumerable<object> Read(string folder)
    {
        string path = PathIn(folder);
        return File.Exists(path) ? File.ReadLines(path).Select(Parse).OfType<object>() : [];
    }

    /// <summary>Opens the file of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="state">How far it has come.</param>
    /// <exception cref="PaliException">It can not be written.</exception>
    public static MetricsFile Open(string folder, RunState state)
    {
        string path = PathIn(folder);
        try
        {
            string[] lines = File.Exists(path) ? [.. File.ReadLines(path).Where(line => IsBefore(Parse(line), state))] : [];
            byte[] kept = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
            PendingFile.Write(path, kept);
            return new MetricsFile(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{path}: it can not be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Adds a line.</summary>
    /// <exception cref="PaliException">The disk is full.</exception>
    public void Append(object line)
    {
        try
        {
            _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, Readable), (byte)'\n']);
        }
        catch (IOException e)
        {
            throw new PaliException($"{_file.Name}: it can not be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string PathIn(string folder) => Path.Combine(folder, "metrics.jsonl");

    private static bool IsBefore(object? line, RunState state) => line switch
    {
        StepReport report => report.Step <= state.Step,
        ValidationReport report => report.Step <= state.Measured,
        _ => false,
    };

    // A line that is torn is nothing.
    private static object? Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (!document.RootElement.TryGetProperty("validation", out _)) return document.Deserialize<StepReport>();
            ValidationReport? report = document.Deserialize<ValidationReport>();
            return report is { Answers: null } ? report with { Answers = [] } : report;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
