using PaliGguf.Language;

namespace PaliGguf.Hosting.Json;

/// <summary>Choices.</summary>
internal sealed record ChoicesJson(IReadOnlyList<ChoiceJson> Choices)
{
    public static ChoicesJson From(IEnumerable<Choice> choices) => new([.. choices.Select(choice => new ChoiceJson(choice.Text, choice.LogLikelihood, choice.Probability))]);
}

/// <summary>One of them, in the order given.</summary>
internal sealed record ChoiceJson(string Text, double LogLikelihood, double Probability);
