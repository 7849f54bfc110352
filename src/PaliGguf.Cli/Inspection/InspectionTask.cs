using System.Collections;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Gguf;
using Spectre.Console;

namespace PaliGguf.Cli.Inspection;

/// <summary>Prints what is in a GGUF file.</summary>
internal sealed class InspectionTask(Terminal terminal, UserSettings settings)
{
    private const int LongestValue = 100;

    /// <param name="path">The file.</param>
    /// <param name="verify">Whether to look at every number in its tensors.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <returns>The exit code: a failure if a number is not finite.</returns>
    public async Task<int> RunAsync(string path, bool verify, CancellationToken cancellationToken)
    {
        using GgufFile file = GgufFile.Open(path);
        IReadOnlyList<TensorFinding>? findings = verify ? await VerifyAsync(file, cancellationToken) : null;
        FileJson description = FileDescription.Of(file, findings);
        cancellationToken.ThrowIfCancellationRequested();
        if (settings.Json) terminal.WriteJson(description, InspectionJson.Default.FileJson);
        else Print(description);
        return description.Verification is { Sound: false } ? ExitCode.Failure : ExitCode.Success;
    }

    private async Task<IReadOnlyList<TensorFinding>> VerifyAsync(GgufFile file, CancellationToken cancellationToken)
    {
        long total = Math.Max(1, file.Tensors.Sum(tensor => tensor.ByteLength));
        await using SlowStatus status = new(terminal, "reading the tensors");
        ScanProgress progress = new(status, total);
        return await Task.Run(() => TensorScan.Run(file, progress, cancellationToken), cancellationToken);
    }

    private void Print(FileJson file)
    {
        IAnsiConsole console = terminal.Tables();
        console.WriteLine($"{file.Path}: GGUF {file.Version}, {Quantity.Bytes(file.Bytes)}, {file.Metadata.Count} keys, {file.Tensors.Count} tensors, alignment {file.Alignment}");
        console.WriteLine();
        console.Write(Rows(["key", "type", "value"], file.Metadata.Select(entry => new[] { entry.Key, TypeOf(entry), Show(entry) })));
        console.WriteLine();
        console.Write(Rows(["tensor", "type", "shape", ">bytes"], file.Tensors.Select(tensor => new[] { tensor.Name, tensor.Type, string.Join(" x ", tensor.Shape), $"{tensor.Bytes}" })));
        console.WriteLine();
        console.Write(Rows(["type", ">tensors", ">elements", ">size"], file.Types.Select(Show)));
        console.WriteLine();
        console.Write(Rows(["part", ">tensors", ">elements", ">size"], file.Parts.Select(Show)));
        if (file.Verification is { } verification) Print(console, verification);
    }

    private static void Print(IAnsiConsole console, VerificationJson verification)
    {
        console.WriteLine();
        if (verification.Sound)
        {
            console.WriteLine("Every number in every tensor is finite.");
            return;
        }

        console.WriteLine($"{verification.NonFinite} numbers are infinite or not a number:");
        console.Write(Rows(
            ["tensor", ">not finite", ">first index"],
            verification.Tensors.Where(finding => finding.NonFinite > 0).Select(finding => new[] { finding.Name, $"{finding.NonFinite}", $"{finding.FirstNonFinite}" })));
    }

    private static Table Rows(string[] columns, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(TableBorder.Simple).LeftAligned();
        foreach (string column in columns)
        {
            bool number = column.StartsWith('>');
            table.AddColumn(new TableColumn(column.TrimStart('>')) { Alignment = number ? Justify.Right : Justify.Left });
        }

        foreach (string[] row in rows) table.AddRow(row.Select(cell => (Spectre.Console.Rendering.IRenderable)new Text(PlainText.Line(cell))));
        return table;
    }

    private static string TypeOf(MetadataJson entry) => entry.Count is { } count ? $"{entry.Type}, {count}" : entry.Type;

    private static string[] Show(ShareJson share) => [share.Name, $"{share.Tensors}", $"{share.Elements}", Quantity.Bytes(share.Bytes)];

    private static string Show(MetadataJson entry)
    {
        string text = entry.Value is IEnumerable list and not string
            ? string.Join(", ", list.Cast<object>()) + (list.Cast<object>().Count() < entry.Count ? ", ..." : "")
            : $"{entry.Value}";
        return text.Length <= LongestValue ? text : string.Concat(text.AsSpan(0, LongestValue), "...");
    }

    private sealed class ScanProgress(SlowStatus status, long total) : IProgress<long>
    {
        public void Report(long value) => status.Report($"reading the tensors: {Quantity.Bytes(value)} of {Quantity.Bytes(total)}", (double)value / total);
    }
}
