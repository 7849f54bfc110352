using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Training.Network;

/// <summary>
/// What a target wants of the probabilities: all for one token, or where that is a location, a bell around it. A location that is beside
/// the right one is nearly right, which a plain cross-entropy does not know.
/// </summary>
internal sealed class LocationSpread
{
    private const int Reach = 3;

    private readonly Dictionary<int, int> _bins = [];
    private readonly int[] _tokens;
    private readonly double _width;

    /// <summary>A bell of a width.</summary>
    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="width">Its standard deviation in bins, more than 0; it is cut off at three of them.</param>
    /// <exception cref="PaliException">The vocabulary has no locations.</exception>
    public LocationSpread(Vocabulary vocabulary, double width)
    {
        _width = width;
        _tokens = vocabulary.Tokenize(string.Concat(Enumerable.Range(0, InstanceTokens.Bins).Select(bin => $"<loc{bin:D4}>")));
        if (_tokens.Length != InstanceTokens.Bins)
        {
            throw new PaliException("--location-spread: the model's vocabulary has no <loc0000> to <loc1023>; leave it out.");
        }

        for (int bin = 0; bin < _tokens.Length; bin++) _bins.Add(_tokens[bin], bin);
    }

    /// <summary>Tokens that a target wants, and how probable each is to be; they add up to 1.</summary>
    /// <param name="target">The token.</param>
    public IEnumerable<(int Token, float Share)> Of(int target)
    {
        if (!_bins.TryGetValue(target, out int bin)) return [(target, 1)];
        int reach = (int)Math.Min(InstanceTokens.Bins, Math.Ceiling(Reach * _width));
        (int Token, double Share)[] bell =
        [
            .. from each in Enumerable.Range(bin - reach, (2 * reach) + 1)
               where each >= 0 && each < _tokens.Length
               select (_tokens[each], Math.Exp(-0.5 * Math.Pow((each - bin) / _width, 2))),
        ];
        double sum = bell.Sum(each => each.Share);
        return bell.Select(each => (each.Token, (float)(each.Share / sum)));
    }
}
