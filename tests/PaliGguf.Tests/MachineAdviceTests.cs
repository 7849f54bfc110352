namespace PaliGguf.Tests;

public sealed class MachineAdviceTests
{
    private readonly Recorder _recorder = new();

    [Fact]
    public void More_threads_than_run_at_once_are_told_of_and_not_begun()
    {
        ModelOptions options = new() { Threads = Environment.ProcessorCount + 97 };
        Assert.Equal(Environment.ProcessorCount, PaliModel.Threads(options, bytes: long.MaxValue));

        MachineAdvice.Give(new ModelOptions { Threads = 99 }, hasGpu: false, processors: 2, _recorder);
        Assert.StartsWith("Warning: 99 threads were asked for; it is 2,", Assert.Single(_recorder.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_or_memory_of_a_GPU_that_is_not_there_are_told_of()
    {
        ModelOptions layers = new() { GpuLayers = 5 }, memory = new() { Memory = new MemoryLimits(Ram: null, Vram: 1L << 30) };
        MachineAdvice.Give(layers, hasGpu: false, processors: 2, _recorder);
        MachineAdvice.Give(memory, hasGpu: false, processors: 2, _recorder);
        Assert.Collection(
            _recorder.Lines,
            line => Assert.StartsWith("Warning: Layers on a GPU were asked for, and no GPU was found", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Warning: Bytes of a GPU's memory were asked for", line, StringComparison.Ordinal));

        _recorder.Lines.Clear();
        MachineAdvice.Give(layers, hasGpu: true, processors: 2, _recorder);
        MachineAdvice.Give(memory, hasGpu: true, processors: 2, _recorder);
        Assert.Empty(_recorder.Lines);
    }

    [Fact]
    public void What_the_machine_has_needs_no_word()
    {
        MachineAdvice.Give(new ModelOptions(), hasGpu: false, processors: 2, _recorder);
        MachineAdvice.Give(new ModelOptions { Threads = 2, GpuLayers = 0 }, hasGpu: false, processors: 2, _recorder);
        MachineAdvice.Give(new ModelOptions { Memory = new MemoryLimits(Ram: 1L << 30, Vram: 0) }, hasGpu: false, processors: 2, _recorder);
        Assert.Empty(_recorder.Lines);
    }

    [Fact]
    public void Products_that_the_program_was_compiled_without_are_told_of_where_they_are_wanted()
    {
        MachineAdvice.GiveOnProducts(new ModelOptions(), isCompiledForLess: false, _recorder);
        MachineAdvice.GiveOnProducts(new ModelOptions { Products = MatrixProducts.Library }, isCompiledForLess: true, _recorder);
        Assert.Empty(_recorder.Lines);

        MachineAdvice.GiveOnProducts(new ModelOptions(), isCompiledForLess: true, _recorder);
        string line = Assert.Single(_recorder.Lines);
        Assert.StartsWith("Information: The program was compiled ahead of time for processors without AVX2", line, StringComparison.Ordinal);
        Assert.EndsWith("Publish it with IlcInstructionSet=x86-64-v3.", line, StringComparison.Ordinal);
    }
}
