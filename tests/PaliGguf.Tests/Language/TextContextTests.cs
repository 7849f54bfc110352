using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class TextContextTests
{
    [Fact]
    public void The_number_of_threads_does_not_change_what_is_computed()
    {
        GgufFile file = GgufFile.Open(Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf"));
        using TextModel model = TextModel.Load(file, TextModelLayout.Read(file), Models.OneThread, NullLogger.Instance, null, CancellationToken.None);
        using TextContext context = new(model, new TextContextOptions(256, 1, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        float[][] onOne = Logits(_ => 1);
        float[][] onMany = Logits(step => 1 + (step % 2));
        Assert.Equal(onOne, onMany);

        float[][] Logits(Func<int, int> threads)
        {
            float[][] logits = new float[4][];
            for (int step = 0; step < logits.Length; step++)
            {
                context.Threads = threads(step);
                context.DecodeTokens([new SequenceToken(step + 4, step, 0)]);
                logits[step] = context.Logits(0).ToArray();
            }

            context.Remove(0);
            return logits;
        }
    }
}
