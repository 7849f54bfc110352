using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using PaliGguf.Benchmarks;
using PaliGguf.Benchmarks.Evaluation;
using PaliGguf.Benchmarks.Language;
using PaliGguf.Benchmarks.Memory;
using PaliGguf.Benchmarks.Metrics;
using PaliGguf.Benchmarks.Products;
using PaliGguf.Benchmarks.Vision;

if (args is ["memory", .. var sizes])
{
    MemoryTable.Print(Console.Out, sizes);
    return;
}

if (args is ["tower", .. var towers])
{
    await TowerTable.Print(Console.Out, towers);
    return;
}

if (args is ["products", .. var products])
{
    ProductTable.Print(Console.Out, products);
    return;
}

if (args is ["load", var model])
{
    LoadTable.Print(Console.Out, model);
    return;
}

if (args is ["batch", var batchModel])
{
    BatchTable.Print(Console.Out, batchModel);
    return;
}

if (args is ["loading", var loadedModel])
{
    await LoadingTable.PrintAsync(Console.Out, loadedModel);
    return;
}

if (args is ["each", var eachModel, var pictures])
{
    await EachTable.PrintAsync(Console.Out, eachModel, int.Parse(pictures, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

if (args is ["eval", var evaluatedModel, var folder])
{
    await EvaluationTable.PrintAsync(Console.Out, evaluatedModel, folder);
    return;
}

if (args is ["resampling", var sampled])
{
    ResamplingTable.Print(Console.Out, int.Parse(sampled, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

if (args is ["scoring", var captions])
{
    ScoringTable.Print(Console.Out, int.Parse(captions, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

if (args is ["thai", var words])
{
    ScoringTable.PrintThai(Console.Out, words);
    return;
}

// In this process: the native libraries lie beside this program, not beside one that BenchmarkDotNet would generate.
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
IConfig config = DefaultConfig.Instance
    .AddJob(job.AsDefault())
    .AddDiagnoser(MemoryDiagnoser.Default)
    .HideColumns(Column.Gen0, Column.Gen1, Column.Gen2);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
