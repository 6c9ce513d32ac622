namespace TorchSharp.Modules;

/// <summary>A tensor that a module trains. It takes over the tensor it is made of, which is empty afterwards.</summary>
public class Parameter(torch.Tensor data, bool requires_grad = true) : torch.Tensor(data.with_requires_grad(requires_grad).TakeHandle());
