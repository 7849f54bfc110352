using PaliGguf.Evaluation.Samples;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Evaluation.Comparison;

/// <summary>A comparison from start to end.</summary>
internal sealed class ComparisonRun(ComparisonOptions options, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken)
{
    private readonly PictureLoader _pictures = new();

    public async Task<ComparisonReport> RunAsync()
    {
        RequireOneVocabulary();
        using DistributionFile distributions = new(options.TemporaryFolder);
        AnswerTrace[] answers = await AskReferenceAsync(distributions).ConfigureAwait(false);
        return await LeadCandidateAsync(answers, distributions).ConfigureAwait(false);
    }

    private async Task<AnswerTrace[]> AskReferenceAsync(DistributionFile distributions)
    {
        AnswerTrace[] answers = new AnswerTrace[options.Samples.Count];
        progress?.Report(new EvaluationProgress("loading the reference", 0));
        await using PaliModel model = await PaliModel.LoadAsync(options.Reference, options.ReferenceOptions, cancellationToken: cancellationToken).ConfigureAwait(false);
        for (int index = 0; index < answers.Length; index++)
        {
            progress?.Report(new EvaluationProgress($"asking the reference, {index + 1} of {answers.Length}", 0.5 * index / answers.Length));
            distributions.RequireSpace(sizeof(float) * (options.MaxTokens + 1L) * model.Info.AnswerTokens);
            GenerationRequest request = await RequestAsync(options.Samples[index]).ConfigureAwait(false);
            answers[index] = await model.TraceAsync(
                request, answer: null, (_, logits) => distributions.Append(logits[..model.Info.AnswerTokens]), cancellationToken).ConfigureAwait(false);
        }

        return answers;
    }

    private async Task<ComparisonReport> LeadCandidateAsync(AnswerTrace[] answers, DistributionFile distributions)
    {
        progress?.Report(new EvaluationProgress("loading the candidate", 0.5));
        await using PaliModel model = await PaliModel.LoadAsync(options.Candidate, options.CandidateOptions, cancellationToken: cancellationToken).ConfigureAwait(false);
        ComparisonTally tally = new();
        float[] expected = new float[model.Info.AnswerTokens];
        long read = 0;
        for (int index = 0; index < answers.Length; index++)
        {
            progress?.Report(new EvaluationProgress($"leading the candidate, {index + 1} of {answers.Length}", 0.5 + (0.5 * index / answers.Length)));
            AnswerTrace answer = answers[index];
            GenerationRequest request = await RequestAsync(options.Samples[index]).ConfigureAwait(false);
            List<PositionComparison> positions = new(answer.Tokens.Count);
            await model.TraceAsync(
                request,
                answer.Tokens,
                (position, logits) =>
                {
                    distributions.Read(read++, expected);
                    positions.Add(PositionComparison.Of(expected, logits[..expected.Length], answer.Tokens[position]));
                },
                cancellationToken).ConfigureAwait(false);

            // Where it agrees at every step, its own answer is this one.
            string own = positions.All(position => position.SameToken) ? answer.Text : (await OwnAnswerAsync(model, request).ConfigureAwait(false)).Text;
            tally.Add(options.Samples[index], positions, answer.Text, own);
        }

        return tally.ToReport();
    }

    private Task<AnswerTrace> OwnAnswerAsync(PaliModel model, GenerationRequest request) => model.TraceAsync(request, answer: null, static (_, _) => { }, cancellationToken);

    private async Task<GenerationRequest> RequestAsync(EvaluationSample sample) => new()
    {
        Images = [await _pictures.LoadAsync(sample.Picture, cancellationToken).ConfigureAwait(false)],
        Prompt = sample.Prompt,
        MaxTokens = options.MaxTokens,
    };

    /// <summary>Before the reference works for hours: the tokens of both must mean the same.</summary>
    private void RequireOneVocabulary()
    {
        string reference = ModelFiles.Find(options.Reference, options.ReferenceOptions.VisionPath).Text;
        string candidate = ModelFiles.Find(options.Candidate, options.CandidateOptions.VisionPath).Text;
        using GgufFile one = GgufFile.Open(reference);
        using GgufFile other = GgufFile.Open(candidate);
        string architecture = Architecture(one), otherArchitecture = Architecture(other);
        if (architecture != otherArchitecture) throw Differ(reference, candidate, $"its architecture is {otherArchitecture}, not {architecture}");
        IReadOnlyList<string> tokens = Tokens(one), otherTokens = Tokens(other);
        if (tokens.Count != otherTokens.Count) throw Differ(reference, candidate, $"its vocabulary has {otherTokens.Count} tokens, not {tokens.Count}");
        foreach ((int id, (string token, string otherToken)) in tokens.Zip(otherTokens).Index())
        {
            if (token != otherToken) throw Differ(reference, candidate, $"its token {id} is another one");
        }
    }

    private static string Architecture(GgufFile file) => file.Metadata.GetString("general.architecture");

    private static IReadOnlyList<string> Tokens(GgufFile file) => file.Metadata.GetStringArray("tokenizer.ggml.tokens");

    private static PaliException Differ(string reference, string candidate, string difference) =>
        new($"{candidate}: it can not be compared with {reference}: {difference}. Compare models of one checkpoint.");
}
