using PaliGguf.Interop;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

/// <summary>The trial is for GPUs; here it runs on the device that every machine has.</summary>
public sealed class AttentionTrialTests
{
    private static readonly ComputeDevice Cpu = ComputeDevice.Cpu();
    private static readonly VisionLayout Layout = VisionLayout.Of(ModelSize.All.First(size => size.Name == "3b-224"));
    private static readonly TowerForm Form = new(OwnGelu: true, Joined: true, VisionAttention.Plain);
    private static readonly VisionAttention[] Ways = [VisionAttention.Plain, VisionAttention.Flash, VisionAttention.Tiled];

    [Fact]
    public void Each_way_is_timed()
    {
        using GgmlBackendHandle backend = OneThread();
        foreach (VisionAttention way in Ways) Assert.True(AttentionTrial.Measure(Cpu, backend, Layout, Form with { Attention = way }) > TimeSpan.Zero);
    }

    [Fact]
    public void One_of_the_ways_is_chosen()
    {
        using GgmlBackendHandle backend = OneThread();
        Assert.Contains(AttentionTrial.Fastest(Cpu, backend, Layout, Form, Ways), Ways);
        foreach (VisionAttention way in Ways) Assert.Equal(way, AttentionTrial.Fastest(Cpu, backend, Layout, Form, [way]));
    }

    [Fact]
    public void Without_a_way_that_the_device_can_compute_attention_is_plain()
    {
        using GgmlBackendHandle backend = OneThread();
        Assert.Equal(VisionAttention.Plain, AttentionTrial.Fastest(Cpu, backend, Layout, Form, []));
    }

    private static GgmlBackendHandle OneThread()
    {
        GgmlBackendHandle backend = Cpu.Open();
        Cpu.SetThreads(backend, 1);
        return backend;
    }
}
