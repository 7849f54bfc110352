namespace PaliGguf.Evaluation.Metrics.Thai;

/// <summary>One text on its way through newmm.</summary>
internal sealed class NewmmPass(string text, ThaiWordList words)
{
    // From so many edges on, a place gets no second one.
    private const int LargestGraph = 50;

    private readonly bool[] _legal = ThaiClusters.Ends(text);
    private readonly bool[] _open = new bool[text.Length + 1];
    private readonly List<int> _ends = [];

    // The edges in the order in which they were found, those of one place together; the place that each begins at comes from below.
    private readonly List<(int From, int To)> _edges = [];

    // For each place that the search for the shortest path has reached the one before it, or -1.
    private readonly int[] _before = new int[text.Length + 1];

    /// <summary>Where the tokens end.</summary>
    public IReadOnlyList<int> Run()
    {
        Array.Fill(_before, -1);
        int opened = 1;
        _open[0] = true;
        int done = 0;
        for (int place = 0; place < text.Length; place++)
        {
            if (!_open[place]) continue;
            opened += AddEdges(place) - 1;
            if (opened == 1)
            {
                int meeting = place + 1;
                while (!_open[meeting]) meeting++;
                AddPath(done, meeting);
                done = meeting;
            }
            else if (opened == 0)
            {
                done = UnknownText.End(text, place, words, _legal);
                _ends.Add(done);
                _edges.Clear();
                _open[done] = true;
                opened = 1;
            }
        }

        return _ends;
    }

    // How many places this opens.
    private int AddEdges(int place)
    {
        int opened = 0;
        ThaiWordList.WordEnds ends = words.EndsFrom(text, place);
        while (ends.MoveNext())
        {
            if (!_legal[ends.Current]) continue;
            _edges.Add((place, ends.Current));
            if (!_open[ends.Current]) opened++;
            _open[ends.Current] = true;
            if (_edges.Count > LargestGraph) break;
        }

        return opened;
    }

    // The path of the fewest words; of several the one that is found first by going through the edges in their order.
    private void AddPath(int start, int goal)
    {
        Queue<int> queue = new([start]);
        while (_before[goal] < 0)
        {
            int place = queue.Dequeue();
            for (int edge = FirstEdge(place); edge < _edges.Count && _edges[edge].From == place; edge++)
            {
                int to = _edges[edge].To;
                if (_before[to] >= 0) continue;
                _before[to] = place;
                queue.Enqueue(to);
            }
        }

        int first = _ends.Count;
        for (int place = goal; place != start; place = _before[place]) _ends.Add(place);
        _ends.Reverse(first, _ends.Count - first);
        foreach ((_, int to) in _edges) _before[to] = -1;
        _edges.Clear();
    }

    // Places are gone through in rising order, and so the edges are sorted by where they begin.
    private int FirstEdge(int place)
    {
        int low = 0;
        int high = _edges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_edges[middle].From < place) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
