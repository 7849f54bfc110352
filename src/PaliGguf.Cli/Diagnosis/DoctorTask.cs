using PaliGguf.Adapters;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Diagnostics;

namespace PaliGguf.Cli.Diagnosis;

/// <summary>Prints a diagnosis.</summary>
internal sealed class DoctorTask(Terminal terminal, UserSettings settings)
{
    /// <returns>The exit code: of failure if something essential is missing.</returns>
    public int Run()
    {
        DoctorJson diagnosis = new SystemDiagnosis(settings).Run();
        if (settings.Json) terminal.WriteJson(diagnosis, DiagnosisJson.Default.DoctorJson);
        else Print(diagnosis);
        return diagnosis.Ok ? ExitCode.Success : ExitCode.Failure;
    }

    private void Print(DoctorJson diagnosis)
    {
        Line("paligguf", $"{diagnosis.Version} for {diagnosis.Platform}, {diagnosis.Runtime}");
        Line("llama.cpp", diagnosis.Llama is { } llama
            ? $"{llama.Version} (ggml {llama.GgmlVersion}, commit {llama.GgmlCommit}) of the set {llama.Set}, {llama.Path}"
            : Absent(diagnosis, "llama"));
        if (diagnosis.Llama?.CpuVariant is { } variant) Line("", $"CPU variant {variant}; loaded: {string.Join(", ", diagnosis.Llama.LoadedFiles)}");
        Line("libvips", diagnosis.Vips is { } vips ? $"{vips.Version}, {vips.Path}" : Absent(diagnosis, "vips"));
        foreach (ComputeDeviceInfo device in diagnosis.Devices) Line("device", Describe(device));
        Line("threads", $"{diagnosis.Threads} of {diagnosis.Processors} processors");
        Line("products", diagnosis.Products.Description);
        Line("memory", $"{Quantity.Bytes(diagnosis.Memory.FreeBytes)} free of {Quantity.Bytes(diagnosis.Memory.TotalBytes)}");
        Line("model", diagnosis.Model is { Text: { } text, Vision: { } vision }
            ? $"{text} and {Path.GetFileName(vision)}{(diagnosis.Model.Embedded ? " (embedded)" : "")}"
            : $"missing: {diagnosis.Model.Path}");
        foreach (AdapterInfo adapter in diagnosis.Model.Adapters) Line("adapter", $"{adapter.Path}, scale {adapter.Scale}, {adapter.Modules} modules of rank {adapter.LargestRank} or less");
        foreach (NativeFolderInfo folder in diagnosis.Folders) Line("looked in", $"{folder.Path}: {Describe(folder)}");
        foreach (ProblemJson problem in diagnosis.Problems)
        {
            Line("problem", problem.Problem);
            Line("fix", problem.Fix);
        }

        Line("result", (diagnosis.Ok, diagnosis.Problems.Count) switch
        {
            (true, 0) => "all is well",
            (true, _) => "it works, but not with everything that is there",
            _ => "something essential is missing",
        });
    }

    private static string Absent(DoctorJson diagnosis, string name) =>
        diagnosis.Folders.SelectMany(folder => folder.Libraries).Any(file => file.Contains(name, StringComparison.OrdinalIgnoreCase))
            ? "does not load" : "missing";

    private static string Describe(ComputeDeviceInfo device)
    {
        string memory = device.TotalBytes > 0 ? $", {Quantity.Bytes(device.FreeBytes)} free of {Quantity.Bytes(device.TotalBytes)}" : "";
        return $"{device.Name}: {device.Description}{memory}{(device.IsGpu ? $" ({device.Backend})" : "")}";
    }

    private static string Describe(NativeFolderInfo folder) =>
        !folder.Exists ? "no such folder" : folder.Libraries.Count == 0 ? "nothing" : string.Join(", ", folder.Libraries);

    private void Line(string label, string text) => terminal.WriteLine($"{label,-11}{PlainText.Line(text)}");
}
