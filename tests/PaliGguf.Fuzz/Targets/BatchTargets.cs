using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using PaliGguf.Batch;
using PaliGguf.Batch.Exports;
using PaliGguf.Batch.Journals;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Sources;
using PaliGguf.Broker.Messages;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Hub;
using PaliGguf.Hub.Repositories;
using PaliGguf.Hub.Store;
using PaliGguf.Imaging;

namespace PaliGguf.Fuzz.Targets;

/// <summary>What batches and jobs read: sources of pictures, what an earlier run has left, messages of others; and what a hub answers.</summary>
internal static class BatchTargets
{
    private static readonly JournalHeader Facts =
        new("batch", "", new JournalModel("a", "b", "c"), [], new Dictionary<string, string>(StringComparer.Ordinal));

    private static readonly Question[] Usual = [Question.OfTask("caption")];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        FuzzTarget.OfFile("tar", "shard.tar", ReadItems, IsRefusal),
        FuzzTarget.OfFile("list", "list.txt", ReadItems, IsRefusal),
        FuzzTarget.OfFiles("batch-journal", ["a.jsonl.journal", "a.jsonl", "a.jsonl.failures.jsonl"], ReadJournal, IsRefusal),
        FuzzTarget.OfFile("failures", "a.jsonl.failures.jsonl", path => FailedQuestions.Read(path).Again(
            WorkItem.Broken("a", "a", "none"), Usual), IsRefusal),
        FuzzTarget.OfFile("results", "a.json.lines.jsonl", path => ResultForm.Write(
            new ResultPaths(Path.Combine(Path.GetDirectoryName(path)!, "a.json")), CocoCategories.Of([Question.OfTask("detect cat ; dog")])), IsRefusal),
        new("item-message", ReadItem, IsMessageRefusal),
        new("answer-message", input => AnswerMessage.Read(input).ToAnswer("a", "a.png", [Usual[0], Question.OfTask("detect cat")]), IsMessageRefusal),
        new("hub-list", ReadTree, failure => failure is HubException),
        FuzzTarget.OfFile("manifest", "manifest.json", path => ManifestFile.Read(Path.GetDirectoryName(path)!), _ => false),
    ];

    private static bool IsRefusal(Exception failure) => failure is PaliException;

    private static bool IsMessageRefusal(Exception failure) =>
        failure is MessageException or NewerMessageException or ArgumentException { Source: "PaliGguf" or "PaliGguf.Broker" };

    // A picture is read as a worker would, and may be missing.
    private static void ReadItems(string path)
    {
        IWorkSource source = WorkSources.Open([path], new SourceOptions { TablesAsk = true });
        long count = 0;
        foreach (WorkItem item in source.Items())
        {
            count++;
            if (item.Problem is not null || count > 4) continue;
            try
            {
                item.Picture.ReadAsync().GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is ImageException or PaliException)
            {
            }
        }

        if (source.Count() is { } told && told != count)
            throw new InvalidOperationException($"{told} items were counted, and {count} listed.");
    }

    // Records have their sums made right, or hardly one would be read.
    private static void ReadJournal(IReadOnlyList<string> paths)
    {
        byte[] journal = File.ReadAllBytes(paths[0]);
        int start = Array.IndexOf(journal, (byte)'\n') + 1;
        byte[] records = journal[start..];
        for (int at = 0; at + JournalRecord.Length <= records.Length; at += JournalRecord.Length)
        {
            // What is 0 in many files, and ends no text of the input.
            Span<byte> record = records.AsSpan(at, JournalRecord.Length);
            for (int i = 0; i < 32; i++) record[i] ^= (byte)' ';
            BinaryPrimitives.WriteUInt32LittleEndian(record[32..], Checksum.Of(record[..32]));
        }

        File.WriteAllBytes(paths[0], [.. journal.AsSpan(0, start), .. records]);
        using ResultJournal results = ResultJournal.Open(new ResultPaths(paths[1]), Facts);
        using DoneItems done = DoneItems.All(results.Journal);
        done.Contains(ItemKey.Of("a"));
        results.ClearFailures();
        results.Append(new ItemAnswer("a", [], []));
        results.Sync();
    }

    private static void ReadItem(byte[] input)
    {
        (ItemMessage message, _) = ItemMessage.Read(input);
        foreach (QuestionMessage question in message.Questions) question.ToQuestion();
        message.Terms.ToOptions(sequences: 1);
        _ = message.Model.Differences(message.Model with { Adapters = [] }).Count();
    }

    // The header of the next page stands in the first line.
    private static void ReadTree(byte[] input)
    {
        int end = Math.Max(Array.IndexOf(input, (byte)'\n'), 0);
        TreePage.Next(Encoding.Latin1.GetString(input.AsSpan(0, end)), new Uri("https://hub.example/mirror"));
        using JsonDocument page = RemoteRepository.Parse(input[end..], "a/b", "hub.example");
        foreach (RepositoryFile file in TreePage.Files(page.RootElement, "a/b"))
            RepositoryName.Parse("a/b", RepositoryKind.Model).File(new Uri("https://hub.example"), "c", file.Path);
    }
}
