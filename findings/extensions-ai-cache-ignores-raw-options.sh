#!/usr/bin/env bash
# Microsoft.Extensions.AI 10.11.0 (NuGet): the distributed cache of chat clients does not see ChatOptions.RawRepresentationFactory, through
# which a caller sets what ChatOptions has no property for. Two requests that differ only there get the first one's answer.
#
# Guess before:  a request whose options hold something that the key can not express is not cached, or what the factory makes is in the key
#                (AdditionalProperties are).
# Seen:          the inner client is asked once; the second request, whose factory makes another object, is answered from the cache.
# Why it matters: local models take what is theirs alone (top-k, grammars, beams, an adapter) by that factory; with .UseDistributedCache()
#                in the pipeline a change of it changes nothing, silently. Put such settings into AdditionalProperties as well.
# Needs:         the .NET 10 SDK.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cat > cache.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Extensions.AI" Version="10.11.0" />
    <PackageReference Include="Microsoft.Extensions.Caching.Memory" Version="10.0.14" />
    <PackageReference Include="Microsoft.Extensions.Options" Version="10.0.14" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

CountingClient inner = new();
using IChatClient client = inner.AsBuilder().UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()))).Build();
string first = await Ask(new ChatOptions { RawRepresentationFactory = _ => 20 });
string second = await Ask(new ChatOptions { RawRepresentationFactory = _ => 2 });
string third = await Ask(new ChatOptions { AdditionalProperties = new() { ["limit"] = 2 } });
Console.WriteLine($"factory makes 20: '{first}'; factory makes 2: '{second}'; additional property: '{third}'; the model was asked {inner.Requests} times");
return second == first && third != first && inner.Requests == 2 ? 0 : 1;

async Task<string> Ask(ChatOptions options) => (await client.GetResponseAsync("describe the picture", options)).Text;

internal sealed class CountingClient : IChatClient
{
    public int Requests { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"{++Requests}: limit {options?.RawRepresentationFactory?.Invoke(this) ?? "none"}")));

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
CS
dotnet build -v quiet --nologo -c Release | grep -E "error" && exit 2
dotnet bin/Release/net10.0/cache.dll || { echo "CHANGED: this is no longer what the finding says."; exit 1; }
