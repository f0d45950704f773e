// Threads of libtorch and its global generator are the process's: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
