using PaliGguf.Training;

return await TrainProgram.RunAsync(args).ConfigureAwait(false);
