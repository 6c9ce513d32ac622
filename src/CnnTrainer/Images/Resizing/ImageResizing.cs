namespace CnnMlNet;

/// <summary>How an image of another size becomes one of the network's size; the filter is bilinear with antialiasing in each case.</summary>
public enum ImageResizing
{
    /// <summary>All of the image, stretched to the size: its proportions change.</summary>
    Fill,

    /// <summary>All of the image as large as it fits, in the middle, with its proportions; the rest is black.</summary>
    Pad,

    /// <summary>The largest part from the middle of the image that has the size's proportions.</summary>
    Crop,
}
