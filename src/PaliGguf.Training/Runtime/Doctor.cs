using System.Runtime.InteropServices;

namespace PaliGguf.Training.Runtime;

/// <summary>Tells whether training can run on this machine, and what is missing.</summary>
internal static class Doctor
{
    /// <summary>Looks, and writes what was found.</summary>
    /// <returns>0 if it can run, else 1.</returns>
    public static int Run(TextWriter output)
    {
        output.WriteLine(
            $"system     {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, "
            + $"{Environment.ProcessorCount} threads");
        string? versions = NativePreparation.SystemVersions()
            .Where(each => each.StartsWith("GLIBCXX_3", StringComparison.Ordinal))
            .MaxBy(Revision);
        if (versions is not null) output.WriteLine($"C++        up to {versions}");
        output.WriteLine($"library    {State()}");
        try
        {
            TorchRuntime.Load();
            using Tensor numbers = tensor(new float[] { 1, 2, 3 });
            output.WriteLine(
                $"torch      TorchSharp {TorchRuntime.Version}, libtorch {__version__}, computes: {numbers.sum().Element<float>() == 6}");
            string multiplied = TorchRuntime.MultipliesBFloat16 ? "multiplied" : "not multiplied";
            string faster = TorchRuntime.MultipliesBFloat16 ? "" : ": float32 is faster";
            output.WriteLine($"bfloat16   {multiplied} by the processor{faster}");
            return 0;
        }
        catch (PaliException e)
        {
            output.WriteLine($"torch      {e.Message}");
            return 1;
        }
    }

    private static int Revision(string version) => int.TryParse(version[(version.LastIndexOf('.') + 1)..], out int number) ? number : 0;

    private static string State()
    {
        string path = TorchRuntime.LibraryPath;
        if (!File.Exists(path)) return $"{path}: not there; there is no libtorch for this platform, or it was not built with it";
        IReadOnlyList<NeededVersion> needed = VersionTables.Read(path, File.ReadAllBytes(path)).Needed;
        return needed.Any(each => each.IsWeak)
            ? $"{path} (a copy that does without {string.Join(", ", needed.Where(each => each.IsWeak).Select(each => each.Name))})"
            : path;
    }
}
