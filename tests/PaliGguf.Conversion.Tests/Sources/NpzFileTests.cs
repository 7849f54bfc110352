using System.Text;
using PaliGguf.Conversion.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Sources;

public sealed class NpzFileTests : IDisposable
{
    private const string Head = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Arrays_of_all_three_float_types_are_read()
    {
        using NpzFile file = Open(
            ("a.b.npy", RawNpz.Array<float>("<f4", [1, 2, 3, 4, 5, 6], 2, 3)),
            ("half.npy", RawNpz.Array<Half>("<f2", [(Half)0.5, (Half)(-2)], 2)),
            ("double.npy", RawNpz.Array<double>("<f8", [Math.PI], 1, 1)),
            ("readme.txt", "hello"u8.ToArray()));
        Assert.Equal(["a.b", "double", "half"], file.Names.Order());
        Assert.Equal([2, 3], file.Read("a.b").Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], Elements(file.Read("a.b")));
        Assert.Equal([0.5f, -2], Elements(file.Read("half")));
        Assert.Equal([(float)Math.PI], Elements(file.Read("double")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_versions_of_the_head_are_read(byte version)
    {
        using NpzFile file = Open(("x.npy", RawNpz.WithHead("{ \"shape\" :(2,) , 'fortran_order':False,\"descr\":'<f4'}   ", new byte[8], version)));
        Assert.Equal([0, 0], Elements(file.Read("x")));
    }

    [Fact]
    public void The_paths_of_entries_are_only_names()
    {
        using NpzFile file = Open(("../../etc/x.npy", RawNpz.Array<float>("<f4", [1], 1)));
        Assert.Equal("../../etc/x", Assert.Single(file.Names));
        Assert.Equal([1], Elements(file.Read("../../etc/x")));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2)}", "Fortran")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}", ">f4")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", "|O")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}", "<i8")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "ends early")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000,)}", "[1000] needs 4000 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "more bytes than its shape says")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}", "[0]")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "where a size is expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", "is more than")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "where a size is expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,2)}", "dimensions")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "lacks")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "unexpected key descr")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", "is expected")]
    [InlineData("{'descr': '<f4, 'fortran_order': False, 'shape': (2,)}", "is expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,)}", "True or False")]
    [InlineData(Head + " }", "after its end")]
    [InlineData("", "nothing")]
    public void A_head_that_does_not_fit_is_refused(string head, string problem)
    {
        using NpzFile file = Open(("x.npy", RawNpz.WithHead(head, new byte[8])));
        OneLineError.Check(() => file.Read("x"), "file.npz", "the array x", problem);
    }

    [Fact]
    public void An_array_that_ends_early_is_refused()
    {
        byte[] whole = RawNpz.WithHead(Head, new byte[8]);
        for (int length = 0; length < whole.Length; length++)
        {
            using NpzFile file = Open(("x.npy", whole[..length]));
            OneLineError.Check(() => file.Read("x"), "the array x");
        }
    }

    [Fact]
    public void A_small_file_that_unpacks_to_much_costs_only_what_its_shape_says()
    {
        byte[] bomb = RawNpz.WithHead(Head, new byte[64 * 1024 * 1024]);
        using NpzFile file = Open(("x.npy", bomb));
        long before = GC.GetAllocatedBytesForCurrentThread();
        OneLineError.Check(() => file.Read("x"), "more bytes than its shape says");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public void A_shape_beyond_the_limit_is_refused_before_memory_is_taken()
    {
        using NpzFile file = Open(("x.npy", RawNpz.WithHead("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,)}", new byte[8])));
        OneLineError.Check(() => file.Read("x"), "is more than 268435456 bytes");
    }

    [Fact]
    public void What_is_no_archive_is_refused()
    {
        string path = _folder.Write("file.npz", Encoding.UTF8.GetBytes("not a zip archive at all"));
        OneLineError.Check(() => NpzFile.Open(path).Dispose(), "file.npz", "not an .npz archive");
        OneLineError.Check(() => NpzFile.Open(_folder.File("none.npz")).Dispose(), "none.npz", "missing");
    }

    [Fact]
    public void A_damaged_archive_is_refused_or_read()
    {
        using (Open(("x.npy", RawNpz.Array<float>("<f4", [1, 2], 2)))) { }

        byte[] sound = File.ReadAllBytes(_folder.File("file.npz"));
        Random random = new(1);
        for (int attempt = 0; attempt < 500; attempt++)
        {
            byte[] damaged = [.. sound];
            for (int change = 0; change < 3; change++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            string path = _folder.Write("damaged.npz", damaged);
            try
            {
                using NpzFile file = NpzFile.Open(path);
                foreach (string name in file.Names) _ = file.Read(name);
            }
            catch (ModelFormatException error)
            {
                OneLineError.Check(error, "damaged.npz");
            }
        }
    }

    private static float[] Elements(NpzArray array)
    {
        float[] elements = new float[array.Count];
        array.Read(0, elements);
        return elements;
    }

    private NpzFile Open(params IEnumerable<(string Name, byte[] Content)> entries)
    {
        string path = _folder.File("file.npz");
        RawNpz.Write(path, entries);
        return NpzFile.Open(path);
    }
}
