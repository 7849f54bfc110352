using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests;

[Collection(Alone.Name)]
public sealed class PaliModelMemoryTests
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();

    [Fact]
    public async Task Memory_stays_flat_over_200_requests()
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread with { SoftTokenCacheBytes = 100_000, Sequences = 2 });
        long afterWarmUp = 0;
        for (int round = 0; round < 200; round++)
        {
            NanoAnswer golden = Goldens[round % Goldens.Count];
            await model.GenerateAsync(new GenerationRequest { Images = [ImageFile.Load(golden.Image)], Prompt = golden.Prompt, MaxTokens = 8 }).Result;
            if (round == 20) afterWarmUp = ResidentMemory.Bytes();
        }

        Assert.InRange(ResidentMemory.Bytes() - afterWarmUp, long.MinValue, 24L << 20);
    }
}
