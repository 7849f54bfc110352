using PaliGguf.Server;

return await ServerProgram.RunAsync(args);
