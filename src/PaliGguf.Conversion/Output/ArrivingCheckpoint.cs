using System.Security.Cryptography;
using System.Text;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Output;

/// <summary>
/// A checkpoint whose files arrive one after the other, front to back, each byte once. Tensors are converted in the order in which they
/// arrive and put at their places in the outputs.
/// </summary>
/// <param name="checkpoint">The checkpoint, some of whose files arrive.</param>
/// <param name="journalEvery">After how many bytes it is noted how far it is.</param>
internal sealed class ArrivingCheckpoint(HuggingFaceCheckpoint checkpoint, long journalEvery)
{
    private const string JournalFile = "journal";
    private readonly SafetensorsFile[] _files = [.. checkpoint.Files.Where(file => file.Content is ArrivingContent)];
    private SafetensorsTensor? _head;
    private SafetensorsTensor? _embedding;
    private long _tiedBytes;

    /// <summary>Asks for the output matrix to be compared with the embedding when both have arrived.</summary>
    /// <exception cref="ModelFormatException">It is another matrix by its form, or they can not be compared.</exception>
    public void RequireTied(SourceTensor head, SourceTensor embedding, int imageId)
    {
        TiedHead.CheckForm(head, embedding, imageId);
        (_head, _embedding) = (head as SafetensorsTensor, embedding as SafetensorsTensor);
        if (_head is null || _embedding is null || head.Type != embedding.Type)
        {
            throw new ModelFormatException(
                head.Path,
                $"{OneLine.Show(head.Name)} can not be compared with {OneLine.Show(embedding.Name)} while both arrive: download the "
                    + "checkpoint, "
                + "and convert the folder");
        }

        _tiedBytes = imageId * embedding.Shape[^1] * embedding.Type.Size();
    }

    /// <summary>Writes the outputs, from where another run left them.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="plans">The outputs and their names.</param>
    /// <param name="otherBytes">What they have besides tensors, at most.</param>
    /// <param name="cancellationToken">Ends the work, so that another run can go on.</param>
    /// <exception cref="ModelFormatException">What arrives is not what it should be; nothing of it is kept.</exception>
    public void Write(OutputFiles output, IReadOnlyList<(string Name, GgufPlan Plan)> plans, long otherBytes,
        CancellationToken cancellationToken)
    {
        long total = _files.Sum(file => file.Content.Length);
        Action<long> written = _ => { };
        GgufLayout[] layouts = [.. plans.Select(plan => plan.Plan.Layout(bytes => written(bytes)))];
        string[] paths = [.. plans.Select(plan => Path.Combine(output.ScratchFolder, plan.Name))];
        ArrivalJournal journal = new(Path.Combine(output.ScratchFolder, JournalFile), Fingerprint(layouts));
        Arrival? before = paths.Zip(layouts).All(pair => PlacedGguf.IsBegun(pair.First, pair.Second)) ? journal.Read() : null;
        if (before is null) output.Expect(layouts.Sum(layout => layout.Length), otherBytes);
        PlacedGguf[] placed =
            [.. paths.Zip(layouts).Select(pair => before is null ? PlacedGguf.Begin(pair.First, pair.Second)
                : PlacedGguf.GoOn(pair.First, pair.Second))];
        ArrivalRun run = new(_files, Tied(), placed, Places(plans), journal, journalEvery);
        written = _ => output.ReportArrival(run.Name, run.Arrived, total);
        try
        {
            run.Write(before ?? Arrival.None, cancellationToken);
            if (_head is not null && run.DigestOf(_head) != run.DigestOf(_embedding!)) throw TiedHead.Differs(_head, _embedding!);
            foreach (PlacedGguf file in placed) file.Flush();
            output.ReportArrival(run.Name, total, total);
        }
        catch (ModelFormatException)
        {
            output.Discard();
            throw;
        }
        finally
        {
            foreach (PlacedGguf file in placed) file.Dispose();
        }
    }

    private IReadOnlyList<(SafetensorsTensor Tensor, long Bytes)> Tied() => _head is null ? []
        : [(_head, _tiedBytes), (_embedding!, _tiedBytes)];

    // Views of a tensor have its name, and that of its file.
    private static ILookup<(string Path, string Name), (int File, int Tensor)> Places(IReadOnlyList<(string Name, GgufPlan Plan)> plans) =>
        plans.SelectMany((plan, file) => plan.Plan.Tensors.Select((entry, tensor) => (entry.Tensor.Source, Place: (file, tensor))))
            .ToLookup(entry => (entry.Source.Path, entry.Source.Name), entry => entry.Place);

    private string Fingerprint(IEnumerable<GgufLayout> layouts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (GgufLayout layout in layouts) layout.WriteDirectory(hash.AppendData);
        foreach (ArrivingContent content in _files.Select(file => (ArrivingContent)file.Content))
        {
            hash.AppendData(content.Head.Span);
            hash.AppendData(Encoding.UTF8.GetBytes($"{content.Name} {content.Length} {content.Sha256}\n"));
        }

        hash.AppendData(Encoding.UTF8.GetBytes($"{typeof(ArrivingCheckpoint).Assembly.GetName().Version}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
