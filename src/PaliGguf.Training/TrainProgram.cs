using PaliGguf.Training.Runtime;

namespace PaliGguf.Training;

/// <summary>The trainer's command line.</summary>
internal static class TrainProgram
{
    /// <summary>Runs a command.</summary>
    /// <returns>The exit code: 0 for success, 1 for a failure, 2 for a command line that is not understood.</returns>
    public static int Run(string[] arguments)
    {
        try
        {
            switch (arguments)
            {
                case ["prepare", var library]:
                    Console.WriteLine($"{Path.GetFileName(library)}: {NativePreparation.Prepare(library, NativePreparation.SystemVersions())}");
                    return 0;
                case ["doctor"]:
                    return Doctor.Run(Console.Out);
                default:
                    Console.Error.WriteLine("paligguf: 'paligguf train doctor' tells whether training can run here.");
                    return 2;
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"paligguf: {e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }
}
