using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

public sealed class GraphAllocationTests
{
    private readonly GraphAllocation _graph = new();

    [Fact]
    public void A_chain_needs_two_results_at_a_time()
    {
        int x = _graph.Input(1024);
        for (int step = 0; step < 10; step++) x = _graph.Result(1024, x);

        Assert.Equal(2048, _graph.Bytes());
    }

    [Fact]
    public void An_operation_in_place_needs_nothing()
    {
        int x = _graph.Input(1024);
        for (int step = 0; step < 10; step++) x = _graph.InPlace(x);

        Assert.Equal(1024, _graph.Bytes());
    }

    [Fact]
    public void An_operand_with_a_later_use_is_not_overwritten()
    {
        int x = _graph.Input(1024);
        int y = _graph.InPlace(x);
        _graph.Use(x, y);

        Assert.Equal(2048, _graph.Bytes());
    }

    [Fact]
    public void A_result_goes_into_the_smallest_hole_that_it_fits()
    {
        int large = _graph.Input(4096);
        int between = _graph.Input(32);
        int small = _graph.Input(1024);
        int last = _graph.Input(32);
        _graph.Use(large);
        _graph.Use(small);
        int first = _graph.Result(1024, between);
        int second = _graph.Result(4096, last);
        _graph.Use(first, second);

        Assert.Equal(4096 + 32 + 1024 + 32, _graph.Bytes());
    }

    [Fact]
    public void Neighbouring_holes_become_one()
    {
        int[] parts = [_graph.Input(1024), _graph.Input(1024), _graph.Input(1024)];
        int end = _graph.Input(32);
        _graph.Use(parts[0]);
        _graph.Use(parts[2]);
        _graph.Use(parts[1]);
        _graph.Use(_graph.Result(3072, end));

        Assert.Equal(3072 + 32, _graph.Bytes());
    }

    [Fact]
    public void Sizes_are_rounded_up_to_the_alignment()
    {
        _graph.Input(1);
        _graph.Input(33);

        Assert.Equal(32 + 64, _graph.Bytes());
    }

    [Fact]
    public void What_is_kept_is_never_overwritten()
    {
        int x = _graph.Input(1024);
        int kept = _graph.Result(1024, x);
        _graph.Keep(kept);
        _graph.InPlace(kept);

        Assert.Equal(2048, _graph.Bytes());
    }
}
