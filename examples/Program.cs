using System.Globalization;
using CnnMlNet.Examples;

CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
return Launcher.Run(args, [S1Digits.System, S2FashionMnist.System, S3Lecture.System, S4MlpToCnn.System, S5BatchNorm.System, S6Toolbox.System, S7Shapes.System]);
