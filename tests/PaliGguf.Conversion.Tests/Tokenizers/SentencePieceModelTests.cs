using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Conversion.Tests.Tokenizers;

public sealed class SentencePieceModelTests
{
    private const string Path = "some/tokenizer.model";

    [Fact]
    public void Pieces_scores_types_and_special_ids_are_read()
    {
        ModelBytes model = new();
        SentencePieceModel read = Parse(model.ToArray());
        Assert.Equal(model.Pieces, read.Pieces);
        Assert.Equal((3, 2, 1, 0), (read.UnknownId, read.BeginId, read.EndId, read.PaddingId));
    }

    [Fact]
    public void A_real_model_is_read()
    {
        SentencePieceModel read = SentencePieceModel.Read(System.IO.Path.Combine(CheckpointFolder.PaliNano, "tokenizer.model"));
        Assert.Equal(2240, read.Pieces.Count);
        Assert.Equal(new Piece("\n", 0, PieceType.UserDefined), read.Pieces[4]);
        Assert.Equal("<seg127>", read.Pieces[^1].Text);
        Assert.Contains(read.Pieces, piece => piece.Score < 0);
    }

    [Fact]
    public void Fields_of_later_versions_are_skipped()
    {
        byte[] later =
        [
            .. ModelBytes.Varint(100, ulong.MaxValue), .. ModelBytes.Tag(101, 1), .. new byte[8], .. ModelBytes.Tag(102, 5), .. new byte[4],
            .. ModelBytes.Bytes(103, [1, 2, 3]),
        ];
        Assert.Equal(262, Parse([.. later, .. new ModelBytes().ToArray(), .. later]).Pieces.Count);
    }

    [Fact]
    public void A_tokenizer_that_GGUF_can_not_describe_is_refused()
    {
        Refused(model => model.Trainer.AddRange(ModelBytes.Varint(3, 1)), "model_type is 1");
        Refused(model => model.Trainer.AddRange(ModelBytes.Varint(24, 1)), "treat_whitespace_as_suffix");
        Refused(model => model.Normalizer.AddRange(ModelBytes.Varint(3, 1)), "add_dummy_prefix is true");
        Refused(model => model.Normalizer.AddRange(ModelBytes.Varint(4, 1)), "remove_extra_whitespaces is true");
        Refused(model => model.Normalizer.AddRange(ModelBytes.Varint(5, 0)), "escape_whitespaces is false");
        Refused(model => model.Normalizer.AddRange(ModelBytes.Bytes(2, [1])), "normalizer");
    }

    [Fact]
    public void Special_ids_must_be_pieces_of_the_right_kind()
    {
        Refused(model => model.Trainer.AddRange(ModelBytes.Varint(43, ulong.MaxValue)), "pad_id is -1");
        Refused(model => model.Trainer.AddRange(ModelBytes.Varint(41, 100_000)), "bos_id is 100000");
        Refused(model => model.Trainer.AddRange(ModelBytes.Varint(42, 3)), "eos_id is 3", "expected Control");
    }

    [Fact]
    public void Unsound_pieces_are_refused()
    {
        Refused(model => model.Pieces.Add(new Piece("", 0, PieceType.Normal)), "piece 262 has no text");
        Refused(model => model.Pieces.Add(new Piece("x", float.NaN, PieceType.Normal)), "score NaN");
        Refused(model => model.Pieces.Add(new Piece("x", 0, (PieceType)7)), "unknown type 7");
        Refused(model => model.Pieces.Add(new Piece("<0x41>", 0, PieceType.Byte)), "<0x41>");
        Refused(model => model.Pieces.Add(new Piece("<0xZZ>", 0, PieceType.Byte)), "<0xZZ>");
        Refused(model => model.Pieces.RemoveAt(10), "1 of the 256");
        OneLineError.Check(() => Parse([.. ModelBytes.Bytes(1, ModelBytes.Bytes(1, [0xC3, 0x28]))]), Path, "piece 0", "UTF-8");
    }

    [Fact]
    public void Malformed_messages_are_refused()
    {
        byte[][] messages =
        [
            [0x80],
            [.. Enumerable.Repeat((byte)0xFF, 11)],
            [0x0A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02],
            [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            [0x0A, 5, 1],
            [0x08, 1],
            [0x0B],
            [0x00, 0x00],
            ModelBytes.Bytes(1, [0x15, 0, 0]),
            ModelBytes.Bytes(1, [0x10, 0]),
            ModelBytes.Bytes(2, [0x1A, 0]),
        ];
        foreach (byte[] message in messages) OneLineError.Check(() => Parse(message), Path, "not a sound SentencePiece model");
        OneLineError.Check(() => Parse([]), Path, "no pieces");
    }

    [Fact]
    public void Any_damage_is_refused_or_harmless()
    {
        byte[] sound = File.ReadAllBytes(System.IO.Path.Combine(CheckpointFolder.Gemma, "tokenizer.model"));
        Gen<byte[]> damaged = Gen.OneOf(
            Gen.Choose(0, sound.Length - 1).Select(length => sound[..length]),
            Gen.Choose(0, sound.Length - 1).SelectMany(place => Gen.Choose(0, 255).Select(value => With(sound, place, (byte)value))),
            Gen.Choose(0, 256).SelectMany(length => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(length)));
        Prop.ForAll(damaged.ToArbitrary(), content =>
        {
            try
            {
                Assert.InRange(Parse(content).Pieces.Count, 1, content.Length);
            }
            catch (ModelFormatException e)
            {
                OneLineError.Check(e, Path);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static byte[] With(byte[] content, int place, byte value)
    {
        byte[] copy = [.. content];
        copy[place] = value;
        return copy;
    }

    private static SentencePieceModel Parse(byte[] content) => SentencePieceModel.Parse(content, Path);

    private static void Refused(Action<ModelBytes> edit, params string[] contained)
    {
        ModelBytes model = new();
        edit(model);
        OneLineError.Check(() => Parse(model.ToArray()), [Path, .. contained]);
    }
}
