using PaliGguf.Training;

return TrainProgram.Run(args);
