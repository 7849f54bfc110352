using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace PaliGguf.Cli.Terminals;

/// <summary>The standard streams: results go out, everything else goes to standard error.</summary>
internal sealed class Terminal : IDisposable
{
    // Thai stays Thai: what is printed is no part of a web page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StreamWriter _output;
    private readonly Lazy<StreamReader> _input = new(() => new StreamReader(Console.OpenStandardInput(), Encoding.UTF8));

    public Terminal()
    {
        // Elsewhere than on Windows a terminal takes the bytes as they are.
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected) Console.OutputEncoding = Encoding.UTF8;
        _output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
    }

    /// <summary>Standard output, in UTF-8; flush it when something is to be seen.</summary>
    public TextWriter Output => _output;

    public TextWriter Error => Console.Error;

    public bool InputIsInteractive => !Console.IsInputRedirected;

    public bool OutputIsInteractive => !Console.IsOutputRedirected;

    public bool ErrorIsInteractive => !Console.IsErrorRedirected;

    /// <summary>Writes a piece of an answer, at once.</summary>
    public void WriteAnswer(string piece)
    {
        if (piece.Length == 0) return;
        _output.Write(OutputIsInteractive ? PlainText.Lines(piece) : piece);
        _output.Flush();
    }

    /// <summary>Ends a line and shows it.</summary>
    public void WriteLine(string line = "")
    {
        _output.WriteLine(line);
        _output.Flush();
    }

    /// <summary>Writes an object as JSON.</summary>
    public void WriteJson<T>(T value, JsonTypeInfo<T> type)
    {
        _output.Flush();
        using (Utf8JsonWriter writer = new(_output.BaseStream, Readable)) JsonSerializer.Serialize(writer, value, type);
        WriteLine();
    }

    /// <summary>The next line of standard input; null at its end. A read that is given up still takes the next line.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) => Task.Run(() => _input.Value.ReadLine(), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>Tables on standard output. Redirected, they are plain and never wrapped.</summary>
    public IAnsiConsole Tables()
    {
        if (OutputIsInteractive) return Create(Console.Out);
        IAnsiConsole console = Create(_output, AnsiSupport.No);
        console.Profile.Width = 1000;
        return console;
    }

    /// <summary>Live progress on standard error.</summary>
    public static IAnsiConsole Status() => Create(Console.Error);

    public void Dispose() => _output.Dispose();

    private static IAnsiConsole Create(TextWriter writer, AnsiSupport ansi = AnsiSupport.Detect) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = ansi });
}
