using PaliGguf.Scenes;

return ScenesProgram.Run(args);
