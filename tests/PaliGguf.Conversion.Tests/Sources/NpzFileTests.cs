using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Sources;

public sealed class NpzFileTests : IDisposable
{
    private const string Head = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}";
    private static readonly byte[] Small = RawNpz.Array<float>("<f4", [1, 2], 2);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Arrays_of_all_float_types_are_read()
    {
        using NpzFile file = Open(
            ("a.b.npy", RawNpz.Array<float>("<f4", [1, 2, 3, 4, 5, 6], 2, 3)),
            ("half.npy", RawNpz.Array<Half>("<f2", [(Half)0.5, (Half)(-2)], 2)),
            ("double.npy", RawNpz.Array<double>("<f8", [Math.PI], 1, 1)),
            ("brain.npy", RawNpz.Array<ushort>("|V2", [0x3FC0, 0xC000], 2)),
            ("readme.txt", "hello"u8.ToArray()));
        Assert.Equal(["a.b", "brain", "double", "half"], file.Names.Order());
        Assert.Equal([2, 3], file.Array("a.b").Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], Elements(file.Array("a.b")));
        Assert.Equal([0.5f, -2], Elements(file.Array("half")));
        Assert.Equal([(float)Math.PI], Elements(file.Array("double")));
        Assert.Equal([1.5f, -2], Elements(file.Array("brain")));
        Assert.Equal(ElementType.BF16, file.Array("brain").Type);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void All_versions_of_the_head_are_read(byte version)
    {
        using NpzFile file = Open(("x.npy", RawNpz.WithHead("{ \"shape\" :(2,) , 'fortran_order':False,\"descr\":'<f4'}   ", new byte[8], version)));
        Assert.Equal([0, 0], Elements(file.Array("x")));
    }

    [Fact]
    public void The_paths_of_entries_are_only_names()
    {
        using NpzFile file = Open(("../../etc/x.npy", RawNpz.Array<float>("<f4", [1], 1)));
        Assert.Equal("../../etc/x", Assert.Single(file.Names));
        Assert.Equal([1], Elements(file.Array("../../etc/x")));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2)}", "Fortran")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}", ">f4")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", "|O")]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}", "<i8")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "[3] needs 12 bytes, and the archive has 8")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000,)}", "[1000] needs 4000 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "has 8 bytes for it, more than its shape [1] says")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}", "[0]")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "where a size is expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", "is larger than any file")]
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
        OneLineError.Check(() => file.Array("x"), "file.npz", "the array x", problem);
    }

    [Fact]
    public void An_array_that_ends_early_is_refused()
    {
        byte[] whole = RawNpz.WithHead(Head, new byte[8]);
        for (int length = 0; length < whole.Length; length++)
        {
            using NpzFile file = Open(("x.npy", whole[..length]));
            OneLineError.Check(() => file.Array("x"), "the array x");
        }
    }

    [Fact]
    public void A_small_file_that_unpacks_to_much_costs_only_what_it_says()
    {
        byte[] bomb = RawNpz.WithHead(Head, new byte[64 * 1024 * 1024]);
        RawZip zip = new RawZip().Add(new RawZipEntry("x.npy", bomb) { Compress = true, DeclaredLength = bomb.Length - (64 * 1024 * 1024) + 8 });
        zip.Write(_folder.File("file.npz"));
        using NpzFile file = NpzFile.Open(_folder.File("file.npz"), _folder.Path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        OneLineError.Check(() => Elements(file.Array("x")), "file.npz", "x.npy unpacks to more than the");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_declared_length_that_does_not_fit_the_shape_is_refused_before_anything_is_unpacked()
    {
        byte[] bomb = RawNpz.WithHead(Head, new byte[64 * 1024 * 1024]);
        using NpzFile file = Open(("x.npy", bomb));
        OneLineError.Check(() => file.Array("x"), "more than its shape [2] says");
        Assert.Equal(0, file.ScratchBytes);
    }

    [Fact]
    public void An_entry_that_unpacks_to_less_than_it_says_is_refused()
    {
        byte[] whole = RawNpz.Array<float>("<f4", [1, 2], 2);
        new RawZip().Add(new RawZipEntry("x.npy", whole[..^1]) { Compress = true, DeclaredLength = whole.Length }).Write(_folder.File("file.npz"));
        using NpzFile file = NpzFile.Open(_folder.File("file.npz"), _folder.Path);
        OneLineError.Check(() => Elements(file.Array("x")), $"unpacks to {whole.Length - 1} bytes, {whole.Length} are declared");
    }

    [Fact]
    public void Compressed_arrays_are_unpacked_once_and_leave_nothing_in_the_scratch_folder()
    {
        string scratch = Directory.CreateDirectory(_folder.File("scratch")).FullName;
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => (float)(i % 7))];
        RawNpz.Write(_folder.File("file.npz"), ("x.npy", RawNpz.Array("<f4", values, values.Length)));
        using (NpzFile file = NpzFile.Open(_folder.File("file.npz"), scratch))
        {
            NpzArray array = file.Array("x");
            Assert.InRange(file.ScratchBytes, 400_000, 401_000);
            float[] part = new float[5];
            array.Read(77_777, part);
            Assert.Equal(values[77_777..77_782], part);
            // Whatever kills the process now: there is nothing to be left.
            if (!OperatingSystem.IsWindows()) Assert.Empty(Directory.GetFiles(scratch));
        }

        Assert.Empty(Directory.GetFiles(scratch));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sizes_may_be_written_in_sixty_four_bits(bool compress)
    {
        new RawZip { Long = true, Comment = "made by hand" }
            .Add("x.npy", RawNpz.Array<float>("<f4", [1, 2], 2), compress)
            .Add("y.npy", RawNpz.Array<float>("<f4", [3], 1), compress)
            .Write(_folder.File("file.npz"));
        using NpzFile file = NpzFile.Open(_folder.File("file.npz"), _folder.Path);
        Assert.Equal([1, 2], Elements(file.Array("x")));
        Assert.Equal([3], Elements(file.Array("y")));
    }

    [Fact]
    public void Arrays_beyond_four_gigabytes_are_read_at_any_place()
    {
        const long Count = 1_500_000_000;
        byte[] head = RawNpz.WithHead($"{{'descr': '<f4', 'fortran_order': False, 'shape': (1500, 1000000)}}", RawSafetensors.Bytes(42));
        new RawZip()
            .Add(new RawZipEntry("big.npy", head) { Hole = (Count - 1) * 4 })
            .Add("last.npy", RawNpz.Array<float>("<f4", [1, 2], 2))
            .Write(_folder.File("file.npz"));
        using NpzFile file = NpzFile.Open(_folder.File("file.npz"), _folder.Path);
        NpzArray big = file.Array("big");
        float[] read = new float[2];
        big.Read(0, read);
        Assert.Equal([42, 0], read);
        big.Read(Count - 2, read);
        Assert.Equal([0, 0], read);
        Assert.Equal([1, 2], Elements(file.Array("last")));
    }

    [Fact]
    public void What_is_no_archive_is_refused()
    {
        string path = _folder.Write("file.npz", Encoding.UTF8.GetBytes("not a zip archive at all"));
        OneLineError.Check(() => NpzFile.Open(path, _folder.Path).Dispose(), "file.npz", "not a sound .npz archive");
        OneLineError.Check(() => NpzFile.Open(_folder.File("none.npz"), _folder.Path).Dispose(), "none.npz", "missing");
    }

    public static TheoryData<string, string> Faults() => new()
    {
        { nameof(RawZipEntry.Flags), "is encrypted" },
        { nameof(RawZipEntry.Disk), "one of several parts" },
        { nameof(RawZipEntry.Method), "method 12" },
        { nameof(RawZipEntry.LocalMethod), "described otherwise" },
        { nameof(RawZipEntry.DeclaredLength), "stored as it is" },
        { nameof(RawZipEntry.PackedLength), "ends beyond" },
        { nameof(RawZipEntry.Start), "is not at 1" },
        { nameof(RawZipEntry.Name), "is there twice" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_a_table_of_contents_may_not_say_is_refused(string field, string problem)
    {
        RawZipEntry entry = new("x.npy", Small);
        entry = field switch
        {
            nameof(RawZipEntry.Flags) => entry with { Flags = 1 },
            nameof(RawZipEntry.Disk) => entry with { Disk = 1 },
            nameof(RawZipEntry.Method) => entry with { Method = 12 },
            nameof(RawZipEntry.LocalMethod) => entry with { LocalMethod = 8 },
            nameof(RawZipEntry.DeclaredLength) => entry with { DeclaredLength = 5 },
            nameof(RawZipEntry.PackedLength) => entry with { PackedLength = 5000, DeclaredLength = 5000 },
            nameof(RawZipEntry.Start) => entry with { Start = 1 },
            _ => entry with { Name = "y.npy" },
        };
        Refused(new RawZip { Long = field == nameof(RawZipEntry.PackedLength) }.Add("y.npy", Small).Add(entry), problem);
    }

    [Fact]
    public void Entries_that_overlap_are_refused()
    {
        // The second lies whole within the first.
        RawZip inner = new RawZip().Add("y.npy", Small);
        inner.Write(_folder.File("inner.npz"));
        byte[] local = File.ReadAllBytes(_folder.File("inner.npz"));
        Refused(new RawZip().Add("x.npy", local).Add(new RawZipEntry("y.npy", Small) { Start = 30 + 5 }), "x.npy and y.npy overlap");
    }

    [Theory]
    [InlineData(8, 2, "several parts")]
    [InlineData(4, 1, "several parts")]
    [InlineData(12, 1, "table of contents of")]
    [InlineData(16, 200, "table of contents of")]
    [InlineData(20, 1, "does not end as one")]
    public void An_end_record_that_does_not_fit_is_refused(int field, byte value, string problem) =>
        Refused(new RawZip { End = (records, end) => records[end + field] = value }.Add("x.npy", Small), problem);

    [Theory]
    [InlineData(24, 2, "several parts")]
    [InlineData(40, 1, "table of contents of")]
    [InlineData(55, 0x80, "table of contents of")]
    [InlineData(0, 1, "no long end record")]
    [InlineData(71, 0x7F, "is not in the file")]
    [InlineData(71, 0x80, "is not in the file")]
    [InlineData(72, 2, "several parts")]
    public void A_long_end_record_that_does_not_fit_is_refused(int field, byte value, string problem) =>
        Refused(new RawZip { Long = true, End = (records, _) => records[field] = value }.Add("x.npy", Small), problem);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_damaged_archive_is_refused_or_read(bool isLong, bool compress)
    {
        new RawZip { Long = isLong }.Add("x.npy", Small, compress).Add("y.npy", Small, compress).Write(_folder.File("file.npz"));
        byte[] sound = File.ReadAllBytes(_folder.File("file.npz"));
        Gen<byte[]> flips = Gen.Choose(0, sound.Length - 1).SelectMany(place => Gen.Choose(0, 255).Select(value =>
        {
            byte[] damaged = [.. sound];
            damaged[place] = (byte)value;
            return damaged;
        }));
        Gen<byte[]> cuts = Gen.Choose(0, sound.Length - 1).SelectMany(start => Gen.Choose(start, sound.Length).Select(end => (byte[])[.. sound[..start], .. sound[end..]]));
        Prop.ForAll(Gen.OneOf(flips, cuts).ToArbitrary(), damaged =>
        {
            string path = _folder.Write("damaged.npz", damaged);
            try
            {
                using NpzFile file = NpzFile.Open(path, _folder.Path);
                foreach (string name in file.Names) Assert.InRange(Elements(file.Array(name)).Length, 1, sound.Length);
            }
            catch (ModelFormatException error)
            {
                OneLineError.Check(error, "damaged.npz");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    private void Refused(RawZip zip, string problem)
    {
        zip.Write(_folder.File("file.npz"));
        OneLineError.Check(() => NpzFile.Open(_folder.File("file.npz"), _folder.Path).Dispose(), "file.npz", "not a sound .npz archive", problem);
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
        return NpzFile.Open(path, _folder.Path);
    }
}
