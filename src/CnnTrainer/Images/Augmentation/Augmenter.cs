namespace CnnMlNet.Images;

/// <summary>Where the randomness of an epoch comes from: seeds by row, and by batch counting from 0.</summary>
internal sealed record Draws(Func<long, ulong> Row, Func<long, ulong> Batch);

/// <summary>The values of an image in a batch.</summary>
internal delegate Span<float> ImageAt(int place);

/// <summary>What was mixed into the images of a batch: for each the place of the other and its own share.</summary>
internal sealed record MixedBatch(long[] Others, float[] Share);

/// <summary>Does what an <see cref="Augmentation"/> says, before values are scaled; mixing, which does not mind, after it. Allocates nothing for an image. One thread.</summary>
internal sealed class Augmenter
{
    private readonly Raster _raster;
    private readonly ValueRange _range;
    private readonly float _fill;
    private readonly Geometry _geometry;
    private readonly float[] _other;
    private readonly byte[] _labels;
    private readonly IMove[] _moves;
    private readonly ITurn[] _turns;
    private readonly ResizedCropAugment? _crop;
    private readonly IColour[] _colours;
    private readonly IErase[] _erasers;
    private readonly IMix[] _mixes;

    public Augmenter(Augmentation augmentation, Raster raster, bool bytes)
    {
        (_raster, _range, _fill) = (raster, bytes ? ValueRange.Bytes : ValueRange.Any, (float)augmentation.Fill);
        (_geometry, _other, _labels) = (new Geometry(raster), new float[raster.Size], new byte[raster.Pixels]);
        var steps = augmentation.Steps;
        (_moves, _turns, _crop) = ([.. steps.OfType<IMove>()], [.. steps.OfType<ITurn>()], steps.OfType<ResizedCropAugment>().SingleOrDefault());
        (_colours, _erasers, _mixes) = ([.. steps.OfType<IColour>()], [.. steps.OfType<IErase>()], [.. steps.OfType<IMix>()]);
    }

    /// <summary>Changes an image where it is.</summary>
    public void Apply(Span<float> image, ulong seed)
    {
        var random = new RandomStream(seed);
        if (IsMoving)
        {
            Draw(ref random);
            image.CopyTo(_other);
            _geometry.Apply(_other, image, _fill);
        }

        foreach (var colour in _colours) colour.Apply(image, _raster, _range, (float)random.Between(Math.Max(0, 1 - colour.Strength), 1 + colour.Strength));
        foreach (var eraser in _erasers) eraser.Draw(ref random, _raster)?.Fill(image, _raster, _fill);
    }

    /// <summary>Moves the labels of an image's pixels where that seed moves the pixels; nothing else changes them.</summary>
    public void Apply(Span<byte> labels, ulong seed)
    {
        if (!IsMoving) return;
        var random = new RandomStream(seed);
        Draw(ref random);
        labels.CopyTo(_labels);
        _geometry.Apply(_labels, labels);
    }

    /// <summary>Mixes each image of a batch with another one; null where nothing was mixed.</summary>
    public MixedBatch? MixBatch(ImageAt images, int count, ulong seed)
    {
        var random = new RandomStream(seed);
        if (_mixes.Length == 0 || count < 2) return null;
        var mix = _mixes[random.Below(_mixes.Length)];
        if (!random.Chance(mix.Probability)) return null;
        var share = mix.Draw(ref random, _raster);
        var ring = new int[count];
        random.Shuffle(ring);
        var others = new long[count];
        images(ring[0]).CopyTo(_other);   // each takes from the next, the last from the first as it was
        for (int i = 0; i < count; i++)
        {
            int next = ring[(i + 1) % count];
            share.Apply(images(ring[i]), i + 1 < count ? images(next) : _other, _raster);
            others[ring[i]] = next;
        }

        return new MixedBatch(others, [.. Enumerable.Repeat(share.Share, count)]);
    }

    private bool IsMoving => _moves.Length + _turns.Length > 0 || _crop is not null;

    /// <summary>The first draws of a seed.</summary>
    private void Draw(ref RandomStream random)
    {
        _geometry.Reset();
        foreach (var move in _moves) move.Draw(ref random, _geometry);
        foreach (var turn in _turns) _geometry.Add(turn.Draw(ref random), turn.PaddingMode);
        if (_crop is not null) _geometry.Crop(_crop.Draw(ref random, _raster));
    }
}
