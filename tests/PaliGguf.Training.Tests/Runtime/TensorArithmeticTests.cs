using PaliGguf.Training.Runtime;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Runtime;

public sealed class TensorArithmeticTests
{
    [Fact]
    public async Task Numbers_stay_what_they_are_while_garbage_is_collected()
    {
        TorchRuntime.Load(threads: 1);
        using CancellationTokenSource done = new();
        Task collector = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        await Task.Run(Compute);
        await done.CancelAsync();
        await collector;
    }

    // 1 + 1 = 2, times 1.5 = 3, minus 2 = 1.
    private static void Compute()
    {
        using Tensor start = ones(4), two = tensor(new float[] { 2, 2, 2, 2 });
        for (int i = 0; i < 3000; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = start.Plus(start).Times(1.5).Add(two, -1);
            Assert.Equal(1, x.Element<float>());
            Assert.Equal(5, x.Plus(3).AddProduct(two, two, 0.25).Element<float>());
            Assert.Equal(4, x.Plus(2).Add(1).AddQuotient(two, two, -0.5).Add(0.5).Element<float>());
        }
    }
}
