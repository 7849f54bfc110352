using System.Text;
using System.Text.Json;

namespace PaliGguf.Training.Runs;

/// <summary>
/// What became of each step, a JSON object a line. Of a run that is continued, lines beyond its checkpoint are dropped: those steps
/// are done again.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    private readonly FileStream _file;

    private MetricsFile(FileStream file) => _file = file;

    /// <summary>Opens the file of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="steps">The steps that are done.</param>
    /// <exception cref="PaliException">It can not be written.</exception>
    public static MetricsFile Open(string folder, long steps)
    {
        string path = Path.Combine(folder, "metrics.jsonl");
        try
        {
            IEnumerable<string> lines = File.Exists(path) ? File.ReadLines(path).Where(line => IsOfStep(line, steps)) : [];
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
            _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line), (byte)'\n']);
        }
        catch (IOException e)
        {
            throw new PaliException($"{_file.Name}: it can not be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // A line that is torn is of no step.
    private static bool IsOfStep(string line, long steps)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("step").GetInt64() <= steps;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
