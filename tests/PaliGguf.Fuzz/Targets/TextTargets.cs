using System.Text;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Hosting.Requests;
using PaliGguf.Server;
using PaliGguf.Server.Http;
using PaliGguf.Server.OpenAi;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Fuzz.Targets;

/// <summary>Requests, and answers of a model.</summary>
internal static class TextTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("chat", ReadChat, failure => failure is RejectionException or FieldException),
        new("answer", ReadAnswer, _ => false),
        new(
            "run-lengths",
            input => RunLengthMask.FromCounts(64, 48, Encoding.Latin1.GetString(input)),
            failure => failure is FormatException),
        FuzzTarget.OfFile("journal", "journal.jsonl", ReadJournal, failure => failure is PaliException),
    ];

    private static void ReadJournal(string path)
    {
        Journal.IsOne(path);
        Journal journal = Journal.Read(path);
        journal.Answers();
        _ = journal.Header.Differences(new JournalHeader("caption", "coco", new JournalModel("a", "b", "c"), [], new Dictionary<string, string>()))
            .Count();
    }

    private static void ReadChat(byte[] input)
    {
        BodyReader.Parse(input, root =>
        {
            ChatCompletionRequest request = FieldReader.Read(FieldReader.Of(root), OpenAiJson.Plain.ChatCompletionRequest, "messages");
            return ChatCompletions.ReadPrompt(request, root, new ServerOptions { Model = "", AllowTextOnly = true });
        });
    }

    /// <summary>An answer is never refused: what is wrong in it is told beside what is right.</summary>
    private static void ReadAnswer(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        foreach (bool masks in new[] { false, true })
        {
            InstanceAnswer.Parse(text, masks);
            InstanceAnswer.Parse(text, masks, ["cat", "big dog"], truncated: true);
        }
    }
}
