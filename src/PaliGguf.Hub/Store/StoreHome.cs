namespace PaliGguf.Hub.Store;

/// <summary>Where what is pulled is kept.</summary>
internal static class StoreHome
{
    /// <summary>The variable that names another folder.</summary>
    public const string Variable = "PALIGGUF_HOME";

    /// <summary>The folder: that of the variable, else one in the user's folder for programs' data.</summary>
    /// <param name="named">The variable's value; null or empty where it is not set.</param>
    /// <exception cref="HubException">There is neither.</exception>
    public static string Of(string? named)
    {
        if (named is { Length: > 0 }) return Path.GetFullPath(named);
        string data =
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0 ? Path.Combine(data, "paligguf")
            : throw new HubException($"this user has no folder for programs' data: name one by {Variable}");
    }
}
