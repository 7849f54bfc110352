using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Batch.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Sources;

public sealed class TarMembersTests : IDisposable
{
    private static readonly string Long = string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 12)) + "/ภาพ.jpg";

    private readonly TemporaryFolder _folder = new();

    private string Shard => _folder.File("shard.tar");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.V7, "a.jpg")]
    [InlineData(TarEntryFormat.Ustar, "a.jpg")]
    [InlineData(TarEntryFormat.Ustar,
        "a-folder-with-a-name-that-needs/the-second-field-of-a-header-because-it-is-so/long-that-the-first-can-not-hold-it.jpg")]
    [InlineData(TarEntryFormat.Gnu, null)]
    [InlineData(TarEntryFormat.Pax, null)]
    public void Members_of_all_forms_are_found_with_their_bytes(TarEntryFormat format, string? name)
    {
        byte[][] contents = [[1, 2, 3], [], [.. Enumerable.Range(0, 512).Select(i => (byte)i)], new byte[513]];
        ShardFile.Write(Shard, format, [.. contents.Select((bytes, i) => ($"{i}{name ?? Long}", bytes))]);
        TarMember[] members = Read();
        Assert.Equal(contents.Select((_, i) => $"{i}{name ?? Long}"), members.Select(member => member.Name));
        byte[] file = File.ReadAllBytes(Shard);
        Assert.Equal(contents, members.Select(member => file[(int)member.Offset..(int)(member.Offset + member.Length)]));
    }

    [Fact]
    public void Archives_behind_each_other_are_read_to_the_last_one()
    {
        ShardFile.Write(Shard, ("a.jpg", [1]), ("b.jpg", [2]));
        byte[] first = File.ReadAllBytes(Shard);
        ShardFile.Write(Shard, ("c.jpg", [3]));
        File.WriteAllBytes(Shard, [.. first, .. File.ReadAllBytes(Shard)]);
        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], Read().Select(member => member.Name));
    }

    [Fact]
    public void An_end_without_a_mark_is_one_too()
    {
        ShardFile.Write(Shard, ("a.jpg", [1]), ("b.jpg", [2]));
        File.WriteAllBytes(Shard, File.ReadAllBytes(Shard)[..(int)(Read()[1].Offset + 1)]);
        Assert.Equal(["a.jpg", "b.jpg"], Read().Select(member => member.Name));
    }

    [Fact]
    public void A_cut_member_is_told_after_those_before_it()
    {
        ShardFile.Write(Shard, ("a.jpg", [1]), ("b.jpg", new byte[2000]));
        File.WriteAllBytes(Shard, File.ReadAllBytes(Shard)[..^2500]);
        List<string> seen = [];
        PaliException e = Assert.Throws<PaliException>(() =>
        {
            foreach (TarMember member in new TarMembers(Shard).Read(default)) seen.Add(member.Name);
        });
        Assert.Equal(["a.jpg"], seen);
        Assert.Equal($"{Shard}, member 2: the file ends within 'b.jpg'.", e.Message);
    }

    [Fact]
    public void Links_have_no_bytes_and_say_so_and_folders_and_devices_are_passed_over()
    {
        using (TarWriter writer = new(File.Create(Shard)))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "d/"));
            writer.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "h.jpg") { LinkName = "a.jpg" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "s.jpg") { LinkName = "/etc/passwd" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, "f.jpg"));
            writer.WriteEntry(ShardFile.Entry(TarEntryFormat.Pax, "a.jpg", [1]));
        }

        TarMember[] members = Read();
        Assert.Equal(["h.jpg", "s.jpg", "a.jpg"], members.Select(member => member.Name));
        Assert.Contains("a link to '/etc/passwd'", members[1].Problem);
        Assert.Null(members[2].Problem);
    }

    [Theory]
    [InlineData("GNU.sparse.major", "1")]
    [InlineData("GNU.sparse.map", "0,5")]
    public void Sparse_files_are_refused(string key, string value)
    {
        using (TarWriter writer = new(File.Create(Shard)))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "a.jpg", new Dictionary<string, string> { [key] = value })
            {
                DataStream = new MemoryStream([1]),
            });
            writer.WriteEntry(ShardFile.Entry(TarEntryFormat.Pax, "b.jpg", [2]));
        }

        TarMember[] members = Read();
        Assert.Contains("without --sparse", members[0].Problem);
        Assert.Null(members[1].Problem);
    }

    [Fact]
    public void An_extended_header_of_gigabytes_is_not_believed()
    {
        File.WriteAllBytes(Shard, [.. Header("x", 'x', 1L << 40), .. new byte[1024]]);
        Assert.Contains("the file ends within", Assert.Throws<PaliException>(() => Read()).Message);
        File.WriteAllBytes(Shard, Header("x", 'x', 1L << 32));
        Extend(8L << 30);
        Assert.Contains("more than the 1048576 that it may have", Assert.Throws<PaliException>(() => Read()).Message);
    }

    [Fact]
    public void A_sum_to_the_base_256_is_read_like_any_number()
    {
        byte[] block = Header("a.jpg", '0', 0);
        long sum = block.Select((value, i) => i is >= 148 and < 156 ? 32L : value).Sum();
        BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(148), long.MinValue | sum);
        File.WriteAllBytes(Shard, block);
        Assert.Equal("a.jpg", Assert.Single(Read()).Name);
        block[155]++;
        File.WriteAllBytes(Shard, block);
        Assert.Contains("its header is damaged", Assert.Throws<PaliException>(() => Read()).Message);
    }

    [Theory]
    [InlineData("5 path=x\n")]
    [InlineData("99 path=x\n")]
    [InlineData("path=x\n")]
    [InlineData("10 path=xyz")]
    [InlineData("-9 path=x\n")]
    [InlineData("13 size=-512\n")]
    public void A_malformed_extended_header_ends_the_shard(string records)
    {
        byte[] bytes = new byte[512];
        Encoding.ASCII.GetBytes(records, bytes);
        File.WriteAllBytes(Shard, [.. Header("x", 'x', records.Length), .. bytes, .. Header("a.jpg", '0', 0)]);
        Assert.Contains("member 1: its extended header", Assert.Throws<PaliException>(() => Read()).Message);
    }

    [Fact]
    public void Any_damage_gives_members_within_the_file_or_an_error_that_names_it()
    {
        ShardFile.Write(Shard, ("a.jpg", new byte[700]), (Long, [1]), ("c.json", "{}"u8.ToArray()));
        byte[] whole = File.ReadAllBytes(Shard);
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).Zip(Gen.Choose(0, 255)).ArrayOf(4).Zip(Gen.Choose(0, whole.Length)).ToArbitrary(),
            damage =>
        {
            byte[] bytes = [.. whole];
            foreach ((int place, int value) in damage.Item1) bytes[place] = (byte)value;
            File.WriteAllBytes(Shard, bytes[..damage.Item2]);
            try
            {
                Assert.All(Read(), member => Assert.InRange(member.Offset + member.Length, 0, damage.Item2));
            }
            catch (PaliException e)
            {
                Assert.StartsWith(Shard, e.Message);
            }
        }).QuickCheckThrowOnFailure();
    }

    private TarMember[] Read() => [.. new TarMembers(Shard).Read(default)];

    private void Extend(long length)
    {
        using FileStream file = File.OpenWrite(Shard);
        file.SetLength(length);
    }

    private static byte[] Header(string name, char type, long size)
    {
        byte[] block = new byte[512];
        Encoding.ASCII.GetBytes(name, block);
        block[124] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(128), size);

        block[156] = (byte)type;
        "        "u8.CopyTo(block.AsSpan(148));
        Encoding.ASCII.GetBytes(Convert.ToString(block.Sum(value => value), 8).PadLeft(6, '0') + "\0", block.AsSpan(148));
        return block;
    }
}
