using System.Collections.Concurrent;
using System.Text;
using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>Text to token ids and back, through the library's SentencePiece vocabulary.</summary>
internal sealed unsafe class Vocabulary
{
    private readonly LlamaModelHandle _model;
    private readonly llama_vocab* _vocab;
    private readonly ConcurrentDictionary<int, TokenPiece> _pieces = new();

    public Vocabulary(LlamaModelHandle model, int imageToken)
    {
        _model = model;
        _vocab = Llama.llama_model_get_vocab(model);
        TokenCount = Llama.llama_vocab_n_tokens(_vocab);
        BeginOfSequence = Llama.llama_vocab_bos(_vocab);
        EndOfSequence = Llama.llama_vocab_eos(_vocab);
        ImageToken = imageToken;
    }

    public int TokenCount { get; }

    public int BeginOfSequence { get; }

    public int EndOfSequence { get; }

    /// <summary>The id of <c>&lt;image&gt;</c>: it and all above it stand for no text and are never generated.</summary>
    public int ImageToken { get; }

    /// <summary>The ids of a text. Control tokens are never recognised in it; location and segmentation tokens are.</summary>
    public int[] Tokenize(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int[] tokens = new int[bytes.Length + 8];
        int count = Tokenize(bytes, tokens);
        if (count < 0)
        {
            // Text that no piece covers is spelled in bytes, and a space is three of them.
            tokens = new int[-count];
            count = Tokenize(bytes, tokens);
        }

        return count >= 0 ? tokens[..count] : throw new InferenceException($"The library could not tokenize a text of {bytes.Length} bytes.");
    }

    private int Tokenize(ReadOnlySpan<byte> text, Span<int> tokens)
    {
        fixed (byte* first = text)
        fixed (int* target = tokens)
        {
            byte none = 0;
            int count = Llama.llama_tokenize(_vocab, first is null ? &none : first, text.Length, target, tokens.Length, addSpecial: false, parseSpecial: false);
            GC.KeepAlive(_model);
            return count;
        }
    }

    /// <summary>The UTF-8 bytes of one token; none for a control token. Byte tokens may give part of a character.</summary>
    public byte[] Piece(int token)
    {
        Span<byte> buffer = stackalloc byte[128];
        int length = Write(token, buffer);
        if (length >= 0) return buffer[..length].ToArray();

        byte[] longer = new byte[-length];
        length = Write(token, longer);
        return longer[..Math.Max(length, 0)];
    }

    /// <summary>What a token stands for: made when it first appears in an answer, and kept.</summary>
    public TokenPiece this[int token] => _pieces.TryGetValue(token, out TokenPiece? known) ? known : _pieces.GetOrAdd(token, new TokenPiece(Piece(token)));

    private int Write(int token, Span<byte> buffer)
    {
        fixed (byte* target = buffer)
        {
            int length = Llama.llama_token_to_piece(_vocab, token, target, buffer.Length, leadingSpacesToStrip: 0, special: false);
            GC.KeepAlive(_model);
            return length;
        }
    }

    /// <summary>The text of some tokens, control tokens left out.</summary>
    public string Detokenize(IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(Piece)]);
}
