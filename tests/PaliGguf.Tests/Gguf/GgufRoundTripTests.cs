using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

/// <summary>Whatever is written is read again, in the same order, down to the bits.</summary>
public sealed class GgufRoundTripTests : IDisposable
{
    private static readonly GgmlType[] Types = [.. Enum.GetValues<GgmlType>().Where(type => type.BlockSize <= 64)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Metadata_and_tensors_survive() => Prop.ForAll(Models().ToArbitrary(), model =>
    {
        string path = Write(model);
        using GgufFile file = GgufFile.Open(path);
        return file.Alignment == model.Alignment && SameEntries(file, model) && SameTensors(file, model) && file.Length == new FileInfo(path).Length;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Copied_metadata_is_the_same() => Prop.ForAll(Models().ToArbitrary(), model =>
    {
        string copy = _folder.File("copy.gguf");
        using GgufFile file = GgufFile.Open(Write(model));
        GgufWriter writer = new(model.Alignment);
        foreach (GgufMetadataEntry entry in file.Metadata.Entries) writer.Copy(entry);
        writer.Write(copy);
        using GgufFile again = GgufFile.Open(copy);
        return again.Alignment == model.Alignment && SameEntries(again, model) && again.Tensors.Count == 0;
    }).QuickCheckThrowOnFailure();

    private string Write(Model model)
    {
        string path = _folder.File("round.gguf");
        GgufWriter writer = new(model.Alignment);
        foreach ((string key, object value) in model.Entries) Set(writer, key, value);
        foreach ((string name, GgmlType type, long[] shape, byte[] data) in model.Tensors)
        {
            writer.AddTensor(name, type, shape, (stream, _) =>
            {
                stream.Write(data.AsSpan(0, data.Length / 2));
                stream.Write(data.AsSpan(data.Length / 2));
            });
        }

        writer.Write(path);
        return path;
    }

    private static bool SameEntries(GgufFile file, Model model)
    {
        GgufMetadataEntry[] found = [.. file.Metadata.Entries.Where(entry => entry.Key != "general.alignment")];
        return found.Select(entry => entry.Key).SequenceEqual(model.Entries.Select(entry => entry.Key))
            && found.Zip(model.Entries).All(pair => Same(pair.First.Value, pair.Second.Value));
    }

    private static bool Same(object found, object written) => written is Array array
        ? found is System.Collections.IList list && list.Cast<object>().SequenceEqual(array.Cast<object>())
        : found.GetType() == written.GetType() && found.Equals(written);

    private static bool SameTensors(GgufFile file, Model model) => file.Tensors.Count == model.Tensors.Count
        && file.Tensors.Zip(model.Tensors).All(pair =>
        {
            (GgufTensor found, (string name, GgmlType type, long[] shape, byte[] data)) = pair;
            return found.Name == name && found.Type == type && found.Shape.SequenceEqual(WithoutTrailingOnes(shape))
                && found.Offset % file.Alignment == 0
                && file.GetRows(found, 0, (int)found.RowCount).SequenceEqual(data);
        });

    private static IEnumerable<long> WithoutTrailingOnes(long[] shape) =>
        shape.Reverse().SkipWhile(size => size == 1).Reverse().DefaultIfEmpty(1);

    private static void Set(GgufWriter writer, string key, object value)
    {
        switch (value)
        {
            case byte number: writer.Set(key, number); break;
            case sbyte number: writer.Set(key, number); break;
            case ushort number: writer.Set(key, number); break;
            case short number: writer.Set(key, number); break;
            case uint number: writer.Set(key, number); break;
            case int number: writer.Set(key, number); break;
            case ulong number: writer.Set(key, number); break;
            case long number: writer.Set(key, number); break;
            case float number: writer.Set(key, number); break;
            case double number: writer.Set(key, number); break;
            case bool flag: writer.Set(key, flag); break;
            case string text: writer.Set(key, text); break;
            case string[] texts: writer.SetArray(key, texts); break;
            case ushort[] numbers: writer.SetArray<ushort>(key, numbers); break;
            case ulong[] numbers: writer.SetArray<ulong>(key, numbers); break;
            case float[] numbers: writer.SetArray<float>(key, numbers); break;
            case double[] numbers: writer.SetArray<double>(key, numbers); break;
            case bool[] flags: writer.SetArray<bool>(key, flags); break;

            // To the runtime an int[] is a uint[] too; the element type tells them apart.
            case Array array when array.GetType() == typeof(int[]): writer.SetArray<int>(key, (int[])value); break;
            case Array array when array.GetType() == typeof(sbyte[]): writer.SetArray<sbyte>(key, (sbyte[])value); break;
            default: throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), "No such value.");
        }
    }

    private static Gen<Model> Models() =>
        from alignment in Gen.Elements(8u, 32u, 64u, 4096u)
        from values in Values().ListOf()
        from tensors in Tensors().ListOf()
        select new Model(
            alignment,
            [.. values.Select((value, i) => ($"key.{i}\u00E9\u2581", value))],
            [.. tensors.Select((tensor, i) => ($"blk.{i}.weight", tensor.Type, tensor.Shape, tensor.Data))]);

    private static Gen<object> Values() => Gen.OneOf(
        Boxed<byte>(), Boxed<sbyte>(), Boxed<ushort>(), Boxed<short>(), Boxed<uint>(), Boxed<int>(), Boxed<ulong>(), Boxed<long>(),
        Boxed<float>(), Boxed<double>(), Boxed<bool>(), Texts().Select(text => (object)text), Texts().ArrayOf().Select(texts => (object)texts),
        Boxed<ushort[]>(), Boxed<ulong[]>(), Boxed<float[]>(), Boxed<double[]>(), Boxed<bool[]>(), Boxed<int[]>(), Boxed<sbyte[]>());

    private static Gen<object> Boxed<T>()
        where T : notnull => ArbMap.Default.GeneratorFor<T>().Select(value => (object)value);

    private static Gen<string> Texts() => Gen.Elements("a", "\u2581", "\n", "\0", "\u00E4", "\U0001F600", "<0x0A>").ListOf().Select(string.Concat);

    private static Gen<(GgmlType Type, long[] Shape, byte[] Data)> Tensors() =>
        from type in Gen.Elements(Types)
        from blocks in Gen.Choose(1, 4)
        from rest in Gen.Choose(1, 4).Select(value => (long)value).ListOf()
        let shape = (long[])[blocks * type.BlockSize, .. rest.Take(3)]
        from seed in Gen.Choose(0, int.MaxValue)
        select (type, shape, RandomBytes(seed, type.TensorByteLength(shape)));

    private static byte[] RandomBytes(int seed, long length)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private sealed record Model(
        uint Alignment, IReadOnlyList<(string Key, object Value)> Entries, IReadOnlyList<(string Name, GgmlType Type, long[] Shape, byte[] Data)> Tensors);
}
