namespace CnnMlNet;

/// <summary>What <c>WithProgressBar</c> writes.</summary>
public enum ProgressMode
{
    /// <summary>The bar and the table on a terminal that knows ANSI sequences, otherwise, as in a file or a CI log, what <see cref="Plain"/> writes.</summary>
    Automatic,

    /// <summary>A table of the epochs, a line when each ends, with no control sequences.</summary>
    Plain,

    /// <summary>Nothing at all.</summary>
    Quiet,
}
