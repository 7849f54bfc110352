using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>An <see cref="InstanceGrammar"/> for the vocabulary of one model: what its states share.</summary>
internal sealed class InstanceRules
{
    private readonly int[] _locations;
    private readonly Dictionary<int, int> _bins;
    private readonly int[] _endOrLocations;
    private readonly int _codewords;

    public InstanceRules(PieceIndex pieces, IReadOnlyList<string> labels, int codewords)
    {
        Pieces = pieces;
        _locations = InstanceTokens.Locations(pieces);
        _bins = Enumerable.Range(0, _locations.Length).ToDictionary(bin => _locations[bin]);
        _endOrLocations = [pieces.EndOfSequence, .. _locations[..^1]];
        _codewords = codewords;
        Codewords = codewords > 0 ? InstanceTokens.Codewords(pieces) : [];
        Labels = [.. labels.Select(label => new LabelText(label, pieces))];
        // Whichever label the model means must fit, or a short budget would choose for it.
        InstanceLength = 4 + codewords + Labels.Max(label => label.Fewest);
    }

    public PieceIndex Pieces { get; }

    public IReadOnlyList<LabelText> Labels { get; }

    public int[] Codewords { get; }

    /// <summary>In how few tokens an instance with any of the labels can be told.</summary>
    public int InstanceLength { get; }

    public TokenConstraint Start => new BoxState(this, [], mayEnd: true);

    public TokenConstraint NextInstance() => new BoxState(this, [], mayEnd: false);

    public TokenConstraint AfterBox() => _codewords > 0 ? new MaskState(this, _codewords) : AfterMask();

    public TokenConstraint AfterMask() => new LabelState(this, Labels, 0);

    public int Bin(int token) => _bins[token];

    /// <summary>The location tokens from a bin up to another, which is not included.</summary>
    public ReadOnlySpan<int> Locations(int from, int to) => _locations.AsSpan(from..to);

    /// <summary>End-of-sequence, and the locations that a box can begin with if there is room for a box.</summary>
    public ReadOnlySpan<int> EndOrLocations(bool room) => room ? _endOrLocations : _endOrLocations.AsSpan(0, 1);
}
