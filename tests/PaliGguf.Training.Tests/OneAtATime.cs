// TorchSharp passes numbers to the library without keeping them alive: a collection that another test causes can take one away in the middle.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
