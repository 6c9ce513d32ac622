using static TorchSharp.torch;

namespace CnnMlNet.Images;

/// <summary>What a step learns from, on the network's device.</summary>
/// <param name="Images">[N, C, H, W].</param>
/// <param name="Targets">[N], or [N, outputs] for several numbers a row.</param>
/// <param name="Weights">How much each row counts, [N]; null where all count alike.</param>
/// <param name="Mix">What was mixed into the images; null where nothing was.</param>
internal sealed record LoadedBatch(Tensor Images, Tensor Targets, Tensor? Weights = null, Mix? Mix = null);

/// <summary>Other images of the batch that were mixed into these (mixup, cutmix).</summary>
/// <param name="Targets">Targets of those others, as <see cref="LoadedBatch.Targets"/>.</param>
/// <param name="Share">How much of each image is still itself, [N], 0 to 1.</param>
internal sealed record Mix(Tensor Targets, Tensor Share);
