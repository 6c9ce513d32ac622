namespace TorchSharp;

/// <summary>Owns the tensors created while it is the current scope of its thread and disposes them at its end.</summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic] private static Stack? t_stack;

    private readonly HashSet<torch.Tensor> _tensors = new(ReferenceEqualityComparer.Instance);
    private DisposeScope? _outer;
    private Stack? _stack;

    private DisposeScope(Stack stack) => (_stack, _outer) = (stack, stack.Innermost);

    public void Dispose()
    {
        if (_stack is null) return;
        foreach (var tensor in _tensors)
        {
            tensor.OwningDisposeScope = null;
            tensor.Dispose();
        }
        _tensors.Clear();
        Leave(_stack);
        _stack = null;
    }

    internal static DisposeScope Open()
    {
        var stack = t_stack ??= new();
        return stack.Innermost = new(stack);
    }

    /// <summary>Takes a new tensor into the thread's innermost scope, if there is one.</summary>
    internal static DisposeScope? Register(torch.Tensor tensor)
    {
        var scope = t_stack?.Innermost;
        scope?._tensors.Add(tensor);
        return scope;
    }

    internal void Detach(torch.Tensor tensor)
    {
        if (_tensors.Remove(tensor)) tensor.OwningDisposeScope = null;
    }

    internal void MoveToOuter(torch.Tensor tensor)
    {
        if (!_tensors.Remove(tensor)) return;
        tensor.OwningDisposeScope = _outer;
        _outer?._tensors.Add(tensor);
    }

    /// <summary>Scopes may end out of order.</summary>
    private void Leave(Stack stack)
    {
        if (ReferenceEquals(stack.Innermost, this)) stack.Innermost = _outer;
        for (var inner = stack.Innermost; inner is not null; inner = inner._outer)
            if (ReferenceEquals(inner._outer, this)) inner._outer = _outer;
    }

    /// <summary>The open scopes of one thread.</summary>
    private sealed class Stack
    {
        internal DisposeScope? Innermost { get; set; }
    }
}
