using System.Text;
using System.Text.Json;
using LLama.Native;
using PaliGguf.Cli.Benchmarks;
using PaliGguf.Rival;

const string Name = "paligguf";
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
if (Console.In.ReadLine() is not { } line)
{
    Console.Error.WriteLine($"{Name}: there is no job on standard input; 'paligguf bench --vs llamasharp' starts this program.");
    return 2;
}

// It ends with its standard input, so it does not outlive who started it.
new Thread(() =>
{
    Console.In.ReadLine();
    Environment.Exit(130);
}) { IsBackground = true }.Start();
try
{
    NativeLibraryConfig.All.WithLogCallback((_, _) => { });
    BenchJob job = JsonSerializer.Deserialize(line, RivalJson.Default.BenchJob)
        ?? throw new InvalidDataException("the job on standard input is null.");
    Console.WriteLine(JsonSerializer.Serialize(new RivalMeasurement(job).Run(), RivalJson.Default.BenchSample));
    return 0;
}
catch (Exception failure)
{
    Console.Error.WriteLine($"{Name}: LLamaSharp: {failure.Message.ReplaceLineEndings(" ")} ({failure.GetType().Name})");
    return 1;
}
