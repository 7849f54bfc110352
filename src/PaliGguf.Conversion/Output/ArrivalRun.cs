using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Output;

/// <summary>The files of a checkpoint as they arrive, tensor by tensor.</summary>
/// <param name="files">The files, in the order in which they are asked for.</param>
/// <param name="watched">Tensors of which a beginning is hashed by itself.</param>
/// <param name="outputs">What is written.</param>
/// <param name="places">Which tensors of which output are made of a tensor, by its file and its name.</param>
/// <param name="journal">Where it is noted how far it is.</param>
/// <param name="journalEvery">After how many bytes.</param>
internal sealed class ArrivalRun(
    IReadOnlyList<SafetensorsFile> files, IReadOnlyList<(SafetensorsTensor Tensor, long Bytes)> watched, IReadOnlyList<PlacedGguf> outputs,
    ILookup<(string Path, string Name), (int File, int Tensor)> places, ArrivalJournal journal, long journalEvery)
{
    private readonly Dictionary<string, string> _digests = new(StringComparer.Ordinal);
    private Arrival _done = Arrival.None;
    private long _noted;

    /// <summary>The file that arrives.</summary>
    public string Name => files.Count == 0 ? "" : ((ArrivingContent)files[Math.Min(_done.File, files.Count - 1)].Content).Name;

    /// <summary>The bytes of all files that have arrived, in this run or before.</summary>
    public long Arrived => files.Take(_done.File).Sum(file => file.Content.Length)
        + (_done.File < files.Count ? ((ArrivingContent)files[_done.File].Content).Arrived : 0);

    /// <summary>The SHA-256 of the beginning of a tensor that is watched.</summary>
    public string? DigestOf(SafetensorsTensor tensor) => _digests.GetValueOrDefault(Key(tensor));

    /// <summary>Writes all from a place on. What was finished when it fails is noted.</summary>
    public void Write(Arrival from, CancellationToken cancellationToken)
    {
        _done = from;
        foreach ((string key, string digest) in from.Digests) _digests[key] = digest;
        try
        {
            WriteOthers(cancellationToken);
            byte[] window = ArrivingContent.NewWindow();
            while (_done.File < files.Count) WriteFile(files[_done.File], window, cancellationToken);
        }
        catch (Exception e) when (e is not ModelFormatException)
        {
            NoteAtLast();
            throw;
        }
    }

    // What does not arrive: adapters that take the place of tensors, the mask decoder.
    private void WriteOthers(CancellationToken cancellationToken)
    {
        HashSet<(string, string)> arriving = [.. files.SelectMany(file => file.Tensors).Select(tensor => (tensor.Path, tensor.Name))];
        foreach ((int file, int tensor) in places.Where(place => !arriving.Contains(place.Key)).SelectMany(place => place))
            outputs[file].WriteTensor(tensor, cancellationToken);
    }

    private void WriteFile(SafetensorsFile file, byte[] window, CancellationToken cancellationToken)
    {
        using ArrivingContent content = (ArrivingContent)file.Content;
        long position = _done.Position;
        Sha256State? hash = position > 0 ? Sha256State.Load(_done.Hash) : null;
        if (hash is null)
        {
            hash = new Sha256State();
            hash.Append(content.Head.Span);
            position = content.Head.Length;
        }

        IEnumerable<SafetensorsTensor> own = watched.Select(entry => entry.Tensor).Where(tensor => tensor.File == file);
        ArrivingHashes hashes =
            new(position, hash, file.Tensors.Select(tensor => tensor.End),
                watched.Where(entry => entry.Tensor.File == file).Select(entry =>
                    (entry.Tensor.Start, entry.Tensor.Start + entry.Bytes)));
        content.Begin(position, hashes, window);
        foreach (SafetensorsTensor tensor in file.Tensors.Where(tensor => tensor.Start >= position && tensor.End > tensor.Start))
        {
            foreach ((int output, int index) in places[(tensor.Path, tensor.Name)]) outputs[output].WriteTensor(index, cancellationToken);
            content.Pass(tensor.End);
            foreach (SafetensorsTensor tied in own.Where(tied => tied == tensor)) _digests[Key(tied)] = hashes.DigestOf(tied.Start) ?? "";
            _done = new Arrival(_done.File, tensor.End, hashes.StateAt(tensor.End), _digests);
            if (Arrived - _noted >= journalEvery) Note();
        }

        content.Finish();
        _done = new Arrival(_done.File + 1, 0, "", _digests);
        Note();
    }

    private void Note()
    {
        foreach (PlacedGguf output in outputs) output.Flush();
        journal.Write(_done);
        _noted = Arrived;
    }

    private void NoteAtLast()
    {
        try
        {
            Note();
        }
        catch (IOException)
        {
            // What made it fail is on its way to the caller; what was noted before is still true.
        }
    }

    private string Key(SafetensorsTensor tensor) => $"{files.Index().First(entry => entry.Item == tensor.File).Index}:{tensor.Start}";
}
