using System.Text;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tokenizers;

/// <summary>A SentencePiece model of the kind that Gemma uses: byte-pair encoding with byte fallback, no normalization.</summary>
internal sealed class SentencePieceModel
{
    private const int BytePairEncoding = 2;
    private const int MostPieces = 1 << 22;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly string _path;
    private readonly List<Piece> _pieces = [];

    // The defaults are those of sentencepiece_model.proto, which omits values that equal them.
    private int _modelType = 1;
    private bool _addDummyPrefix = true;
    private bool _removeExtraWhitespaces = true;
    private bool _escapeWhitespaces = true;
    private bool _whitespaceAsSuffix;
    private int _characterMapBytes;

    private SentencePieceModel(string path) => _path = path;

    public IReadOnlyList<Piece> Pieces => _pieces;

    public int UnknownId { get; private set; }

    public int BeginId { get; private set; } = 1;

    public int EndId { get; private set; } = 2;

    public int PaddingId { get; private set; } = -1;

    /// <summary>Reads a <c>tokenizer.model</c>.</summary>
    /// <exception cref="ModelFormatException">The file is missing or malformed, or tokenizes in a way that GGUF can not describe.</exception>
    public static SentencePieceModel Read(string path) => Parse(CheckpointFile.ReadAll(path), path);

    public static SentencePieceModel Parse(ReadOnlySpan<byte> content, string path)
    {
        SentencePieceModel model = new(path);
        ProtobufReader reader = new(content, path);
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    model.ReadPiece(reader.ReadBytes());
                    break;
                case 2:
                    model.ReadTrainer(reader.ReadBytes());
                    break;
                case 3:
                    model.ReadNormalizer(reader.ReadBytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        model.Check();
        return model;
    }

    private void ReadPiece(ReadOnlySpan<byte> message)
    {
        int id = _pieces.Count;
        if (id == MostPieces) throw new ModelFormatException(_path, $"the model has more than {MostPieces} pieces");
        ReadOnlySpan<byte> text = [];
        float score = 0;
        int type = (int)PieceType.Normal;
        ProtobufReader reader = new(message, _path);
        while (reader.Next(out int field))
        {
            if (field == 1) text = reader.ReadBytes();
            else if (field == 2) score = reader.ReadFloat();
            else if (field == 3) type = reader.ReadInt32();
            else reader.Skip();
        }

        if (text.IsEmpty) throw new ModelFormatException(_path, $"piece {id} has no text");
        if (!float.IsFinite(score)) throw new ModelFormatException(_path, $"piece {id} has the score {score}");
        if (!Enum.IsDefined((PieceType)type)) throw new ModelFormatException(_path, $"piece {id} has the unknown type {type}");
        try
        {
            _pieces.Add(new Piece(StrictUtf8.GetString(text), score, (PieceType)type));
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(_path, $"the text of piece {id} is not valid UTF-8", e);
        }
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        ProtobufReader reader = new(message, _path);
        while (reader.Next(out int field))
        {
            if (field == 3) _modelType = reader.ReadInt32();
            else if (field == 24) _whitespaceAsSuffix = reader.ReadFlag();
            else if (field == 40) UnknownId = reader.ReadInt32();
            else if (field == 41) BeginId = reader.ReadInt32();
            else if (field == 42) EndId = reader.ReadInt32();
            else if (field == 43) PaddingId = reader.ReadInt32();
            else reader.Skip();
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        ProtobufReader reader = new(message, _path);
        while (reader.Next(out int field))
        {
            if (field == 2) _characterMapBytes = reader.ReadBytes().Length;
            else if (field == 3) _addDummyPrefix = reader.ReadFlag();
            else if (field == 4) _removeExtraWhitespaces = reader.ReadFlag();
            else if (field == 5) _escapeWhitespaces = reader.ReadFlag();
            else reader.Skip();
        }
    }

    private void Check()
    {
        if (_pieces.Count == 0) throw new ModelFormatException(_path, "the file holds no pieces: not a SentencePiece model");
        Require(_modelType == BytePairEncoding, $"model_type is {_modelType}, expected {BytePairEncoding} (byte-pair encoding)");
        Require(!_addDummyPrefix, "add_dummy_prefix is true, expected false");
        Require(!_removeExtraWhitespaces, "remove_extra_whitespaces is true, expected false");
        Require(_escapeWhitespaces, "escape_whitespaces is false, expected true");
        Require(!_whitespaceAsSuffix, "treat_whitespace_as_suffix is true, expected false");
        Require(_characterMapBytes == 0, "the normalizer changes characters, expected none that does");
        CheckSpecial("unk_id", UnknownId, PieceType.Unknown);
        CheckSpecial("bos_id", BeginId, PieceType.Control);
        CheckSpecial("eos_id", EndId, PieceType.Control);
        CheckSpecial("pad_id", PaddingId, PieceType.Control);
        CheckBytes();
    }

    private void CheckSpecial(string key, int id, PieceType type)
    {
        Require(id >= 0 && id < _pieces.Count, $"{key} is {id}, expected the id of one of {_pieces.Count} pieces");
        Require(_pieces[id].Type == type, $"{key} is {id}, a piece of type {_pieces[id].Type}, expected {type}");
    }

    // A tokenizer without all of them fails on the first text that needs one.
    private void CheckBytes()
    {
        HashSet<string> expected = new(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"), StringComparer.Ordinal);
        foreach (Piece piece in _pieces.Where(piece => piece.Type == PieceType.Byte))
        {
            Require(expected.Remove(piece.Text), $"the byte piece {OneLine.Show(piece.Text)} is not one of <0x00> to <0xFF>, or appears twice");
        }

        Require(expected.Count == 0, $"{expected.Count} of the 256 byte pieces are missing");
    }

    private void Require(bool condition, string problem)
    {
        if (!condition) throw new ModelFormatException(_path, "unsupported tokenizer: " + problem);
    }
}
