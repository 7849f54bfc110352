using PaliGguf.Fuzz;
using SharpFuzz;

// TARGET: reads inputs as afl-fuzz hands them over. TARGET FILE...: reads these files, and tells of each whether it is taken.
if (args is [string name])
{
    // Nothing of the libraries may run before: what counts their branches has no memory yet.
    Fuzzer.Run(stream =>
    {
        using MemoryStream input = new();
        stream.CopyTo(input);
        FuzzTargets.Find(name)!.Run(input.ToArray());
    });
    return 0;
}

if (args is not [string named, .. string[] files] || FuzzTargets.Find(named) is not { } target)
{
    Console.Error.WriteLine($"Usage: TARGET [FILE...]; targets: {string.Join(", ", FuzzTargets.All.Select(known => known.Name))}");
    return 2;
}

foreach (string file in files) Console.WriteLine($"{file}: {target.Run(File.ReadAllBytes(file)) ?? "taken"}");
return 0;
