namespace CnnMlNet;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were run.</summary>
    Completed,

    /// <summary>A cancellation token was set, or <c>MLContext.CancelExecution</c> was called.</summary>
    Cancelled,

    /// <summary>The watched metric had stopped to improve (see <see cref="CnnTrainerOptions.EarlyStopping"/>).</summary>
    EarlyStopped,

    /// <summary>The time was over (see <see cref="CnnTrainerOptions.TimeBudget"/>).</summary>
    TimeBudget,
}
