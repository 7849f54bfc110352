using System.Runtime.InteropServices;
using System.Text;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Language;

/// <summary>The vocabulary of a text GGUF as the library itself reads it: the reference for ours.</summary>
internal sealed unsafe class LibraryVocabulary : IDisposable
{
    private readonly LlamaModelHandle _model;
    private readonly llama_vocab* _vocab;
    private readonly delegate* unmanaged[Cdecl]<llama_vocab*, byte*, int, int*, int, byte, byte, int> _tokenize;
    private readonly delegate* unmanaged[Cdecl]<llama_vocab*, int, byte*, int, int, byte, int> _piece;

    public LibraryVocabulary(string path)
    {
        nint library = NativeLibrary.Load(NativeLibraries.Load().LlamaPath);
        _tokenize = (delegate* unmanaged[Cdecl]<llama_vocab*, byte*, int, int*, int, byte, byte, int>)NativeLibrary.GetExport(library, "llama_tokenize");
        _piece = (delegate* unmanaged[Cdecl]<llama_vocab*, int, byte*, int, int, byte, int>)NativeLibrary.GetExport(library, "llama_token_to_piece");
        llama_model_params parameters = Llama.llama_model_default_params();
        parameters.vocab_only = 1;
        _model = Llama.llama_model_load_from_file(path, parameters);
        if (_model.IsInvalid) throw new InvalidOperationException($"The library does not read the vocabulary of {path}.");
        _vocab = Llama.llama_model_get_vocab(_model);
        Count = Llama.llama_vocab_n_tokens(_vocab);
    }

    public int Count { get; }

    public int[] Tokenize(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + "\0");
        int[] tokens = new int[(3 * bytes.Length) + 8];
        fixed (byte* first = bytes)
        fixed (int* target = tokens)
        {
            return tokens[.._tokenize(_vocab, first, bytes.Length - 1, target, tokens.Length, 0, 0)];
        }
    }

    public byte[] Piece(int token)
    {
        byte[] piece = new byte[1024];
        fixed (byte* target = piece) return piece[.._piece(_vocab, token, target, piece.Length, 0, 0)];
    }

    public void Dispose() => _model.Dispose();
}
