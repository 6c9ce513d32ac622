using System.Reflection;

namespace CnnMlNet.Tests.Training;

/// <summary>Options made by object initialisers, past the methods that name their ranges: no member goes unchecked.</summary>
[TestClass]
public sealed class OptionRangeTests
{
    public static IEnumerable<object[]> Choices =>
    [
        .. new Optimizer[]
        {
            Optimizer.Adam(), Optimizer.AdamW(), Optimizer.Adamax(), Optimizer.NAdam(), Optimizer.RAdam(), Optimizer.Sgd(0.1, 0.9), Optimizer.RmsProp(), Optimizer.Adagrad(), Optimizer.Adadelta(),
        }.Select(choice => new object[] { choice }),
        .. new Schedule[]
        {
            Schedule.Step(1), Schedule.Exponential(0.5), Schedule.Cosine(), Schedule.OneCycle(), Schedule.ReduceOnPlateau(),
        }.Select(choice => new object[] { choice }),
        .. new Augment[]
        {
            Augment.FlipHorizontal(), Augment.FlipVertical(), Augment.Shift(1), Augment.Rotate(1), Augment.Scale(0.5, 2), Augment.Shear(1), Augment.ResizedCrop(), Augment.Brightness(1),
            Augment.Contrast(1), Augment.Saturation(1), Augment.Erase(), Augment.Cutout(1), Augment.Mixup(), Augment.CutMix(),
        }.Select(choice => new object[] { choice }),
        [Loss.CrossEntropy(0.5)], [Loss.Focal()], [Loss.Huber()], [GradientClipping.ByNorm(1)], [GradientClipping.ByValue(1)], [EarlyStopping.OnLoss()], [WeightAveraging.Exponential()],
        [Checkpoints.In("folder", 1, TimeSpan.FromHours(1))], [TestTimeAugmentation.Shifts()], [new ParameterGroup { Path = "0" }], [new WarmUp { Epochs = 1, From = 0.5 }],
    ];

    [TestMethod]
    [DynamicData(nameof(Choices))]
    public void Choice_MemberOutOfRange_IsAnError(object choice)
    {
        _ = new CnnTrainer(Some.Context(), With(choice));
        int tried = 0;
        foreach (var property in choice.GetType().GetProperties().Where(property => property.SetMethod is not null))
        {
            foreach (var value in Bad(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType))
            {
                var changed = choice.GetType().GetMethod("<Clone>$")!.Invoke(choice, null)!;
                property.SetValue(changed, value);
                Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(Some.Context(), With(changed)), $"{choice.GetType().Name}.{property.Name} = {value}");
                tried++;
            }
        }

        Assert.IsGreaterThan(0, tried);
    }

    [TestMethod]
    public void Options_AnyMemberNull_IsTheDefaultOrAnError()
    {
        var ml = Some.Context();
        foreach (var property in typeof(CnnTrainerOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null && !property.PropertyType.IsValueType))
        {
            var options = Some.Options with { };
            property.SetValue(options, null);
            try
            {
                new CnnTrainer(ml, options).Fit(Some.Keyed(ml)).Dispose();
            }
            catch (ArgumentException e)
            {
                StringAssert.Contains(e.Message, property.Name);
            }
        }
    }

    [TestMethod]
    public void Options_ListsOfNulls_AreErrors()
    {
        foreach (var options in new[]
        {
            Some.Options with { Augmentation = new Augmentation { Steps = null! } }, Some.Options with { Augmentation = Augmentation.Of(null!, Augment.Shift(1)) },
            Some.Options with { Frozen = [null!] }, Some.Options with { ExtraColumns = [null!] }, Some.Options with { Optimizer = Optimizer.Adam() with { Groups = [null!] } },
            Some.Options with { Loss = Loss.CrossEntropy(0, new GivenClassWeights { Weights = null! }) }, Some.Options with { Loss = Loss.Focal(2, new NamedClassWeights { Weights = null! }) },
            Some.Options with { PixelScaling = new FixedScaling { Means = null!, Deviations = null! } }, Some.Options with { Checkpoints = Checkpoints.In(null!) },
        })
        {
            Assert.ThrowsExactly<ArgumentException>(() => new CnnTrainer(Some.Context(), options));
        }
    }

    [TestMethod]
    public void Options_ListsChangedAfterwards_StayAsTheyWere()
    {
        string[] frozen = ["0"];
        ParameterGroup[] groups = [new ParameterGroup { Path = "4" }];
        Augment[] steps = [Augment.Shift(1)];
        double[] weights = [1, 2, 3], means = [0], deviations = [1];
        var (optimizer, augmentation) = (Optimizer.Adam() with { Groups = groups }, new Augmentation { Steps = steps });
        var (given, scaling, options) = (new GivenClassWeights { Weights = weights }, PixelScaling.Fixed(means, deviations), Some.Options with { Frozen = frozen });
        (frozen[0], groups[0], steps[0], weights[0], means[0], deviations[0]) = ("1", null!, null!, -1, 9, -1);
        Assert.AreEqual("0", options.Frozen[0]);
        Assert.AreEqual("4", optimizer.Groups![0].Path);
        Assert.AreEqual(Augment.Shift(1), augmentation.Steps[0]);
        Assert.AreEqual(1, given.Weights[0]);
        Assert.AreEqual(PixelScaling.Fixed([0], [1]), scaling);
    }

    private static object[] Bad(Type type) =>
        type == typeof(double) ? [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1.0]
        : type == typeof(int) ? [int.MinValue, -1]
        : type == typeof(TimeSpan) ? [TimeSpan.MinValue, TimeSpan.Zero]
        : type.IsEnum ? [Enum.ToObject(type, 99)] : [];

    private static CnnTrainerOptions With(object choice) => choice switch
    {
        Optimizer optimizer => Some.Options with { Optimizer = optimizer },
        Schedule schedule => Some.Options with { Schedule = schedule },
        Augment step => Some.Options with { Augmentation = Augmentation.Of(step) },
        Loss loss => Some.Options with { Loss = loss, Head = loss is HuberLoss ? Head.Regression() : Head.Multiclass() },
        GradientClipping clipping => Some.Options with { GradientClipping = clipping },
        EarlyStopping stopping => Some.Options with { EarlyStopping = stopping, ValidationFraction = 0.2 },
        WeightAveraging averaging => Some.Options with { WeightAveraging = averaging },
        Checkpoints checkpoints => Some.Options with { Checkpoints = checkpoints },
        TestTimeAugmentation views => Some.Options with { TestTimeAugmentation = views },
        ParameterGroup group => Some.Options with { Optimizer = Optimizer.Adam() with { Groups = [group] } },
        WarmUp warmUp => Some.Options with { Schedule = Schedule.Cosine() with { WarmUp = warmUp } },
        _ => throw new ArgumentException(choice.ToString()),
    };
}
