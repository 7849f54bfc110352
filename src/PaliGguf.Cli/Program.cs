using PaliGguf.Cli;

return await CommandLine.RunAsync(args);
