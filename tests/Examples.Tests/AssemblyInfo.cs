// Tensor.TotalCount and the number of threads belong to the process.
[assembly: DoNotParallelize]
