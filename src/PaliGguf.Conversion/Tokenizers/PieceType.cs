namespace PaliGguf.Conversion.Tokenizers;

/// <summary>What a token is; the numbers are the same in SentencePiece models and in <c>tokenizer.ggml.token_type</c>.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>One token: its text as the tokenizer spells it (U+2581 for a space), its score, and what it is.</summary>
internal readonly record struct Piece(string Text, float Score, PieceType Type);
