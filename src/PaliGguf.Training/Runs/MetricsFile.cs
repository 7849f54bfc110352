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

    /// <summary>Opens the file of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="state">How far it has come.</param>
    /// <exception cref="PaliException">It can not be written.</exception>
    public static MetricsFile Open(string folder, RunState state)
    {
        string path = Path.Combine(folder, "metrics.jsonl");
        try
        {
            IEnumerable<string> lines = File.Exists(path) ? File.ReadLines(path).Where(line => IsBefore(line, state)) : [];
            byte[] kept = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
            using (PendingFile file = new(path, kept.Length, progress: null, CancellationToken.None))
            {
                file.Write(kept);
                file.Commit();
            }

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

    // A line that is torn is dropped too.
    private static bool IsBefore(string line, RunState state)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            long done = document.RootElement.TryGetProperty("validation", out _) ? state.Measured : state.Step;
            return document.RootElement.GetProperty("step").GetInt64() <= done;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
