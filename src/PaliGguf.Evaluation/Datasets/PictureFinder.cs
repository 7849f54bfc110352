using System.Globalization;
using PaliGguf.Imaging;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>Finds the pictures of a data set in their folder, and nothing outside it.</summary>
internal sealed class PictureFinder
{
    private readonly string _folder;
    private readonly Lazy<Dictionary<string, List<string>>> _byStem;

    /// <param name="folder">The folder.</param>
    public PictureFinder(string folder)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _byStem = new Lazy<Dictionary<string, List<string>>>(List);
    }

    /// <summary>The picture with a name.</summary>
    /// <exception cref="PaliException">The name leads out of the folder.</exception>
    public PictureFile Named(DatasetItem item, string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)) throw item.Error("its picture has no name.");
        string path = Path.GetFullPath(Path.Combine(_folder, name));
        bool inside = !Path.IsPathRooted(name) && path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside ? new PictureFile(path) : throw item.Error($"the picture '{Short(name)}' is not in the folder {_folder}.");
    }

    /// <summary>The picture with an id: a file that is called so, or whose name ends in this number.</summary>
    /// <exception cref="PaliException">Several files are, or the folder can not be read.</exception>
    public PictureFile WithId(DatasetItem item, string id)
    {
        List<string> files = _byStem.Value.GetValueOrDefault(id) ?? [];
        return files.Count switch
        {
            1 => new PictureFile(files[0]),
            0 => Named(item, id + ".jpg"),
            _ => throw item.Error($"the picture {id} may be {Path.GetFileName(files[0])} or {Path.GetFileName(files[1])} in {_folder}."),
        };
    }

    private Dictionary<string, List<string>> List()
    {
        Dictionary<string, List<string>> files = new(StringComparer.Ordinal);
        try
        {
            foreach (string file in PictureFolder.Files(_folder, CancellationToken.None))
            {
                string stem = Path.GetFileNameWithoutExtension(file);
                Add(stem, file);
                string digits = stem[(stem.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];
                string? number = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
                    ? value.ToString(CultureInfo.InvariantCulture)
                    : null;
                if (number is not null && number != stem) Add(number, file);
            }
        }
        catch (ImageException e)
        {
            throw new PaliException($"the folder of the pictures: {e.Message}", e);
        }

        return files;

        void Add(string name, string file)
        {
            if (!files.TryGetValue(name, out List<string>? list)) files[name] = list = [];
            list.Add(file);
        }
    }

    private static string Short(string name)
    {
        const int Longest = 80;
        return name.Length <= Longest ? name : name[..Longest] + "...";
    }
}
