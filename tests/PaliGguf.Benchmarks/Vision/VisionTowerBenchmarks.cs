using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Vision;

namespace PaliGguf.Benchmarks.Vision;

/// <summary>pali-nano's tower and projector on one CPU thread: 64 patches, 6 layers of width 256.</summary>
public class VisionTowerBenchmarks
{
    private VisionTower? _tower;
    private RgbImage? _picture;

    [GlobalSetup]
    public void Load()
    {
        NativeLibraries.Load();
        using GgufFile file = GgufFile.Open(PaliNano.VisionPath);
        _tower = new VisionTower(file, VisionLayout.Read(file), ComputeDevice.Cpu(), new TowerSettings(Threads: 1), NullLogger.Instance);
        _picture = _tower.Resize(PaliNano.Scene());
    }

    [Benchmark]
    public Task<float[]> Encode() => _tower!.EncodeAsync(_picture!, CancellationToken.None);

    [GlobalCleanup]
    public void Close() => _tower?.Dispose();
}
