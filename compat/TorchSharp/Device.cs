namespace TorchSharp;

public static partial class torch
{
    /// <summary>A kind of device and an index; -1 is the current one.</summary>
    public class Device
    {
        public Device(string description)
        {
            var parts = description.Split(':');
            type = Enum.Parse<DeviceType>(parts[0], ignoreCase: true);
            if (parts.Length == 2) index = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        }

        public Device(string deviceType, int index = -1) : this(Enum.Parse<DeviceType>(deviceType, ignoreCase: true), index) { }

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        public Device(int index) : this(DeviceType.CUDA, index) { }

        public DeviceType type { get; } = DeviceType.CPU;

        public int index { get; } = -1;

        /// <summary>As the shim reads it: the type above the low byte, the index in it.</summary>
        internal long Code => ((long)type << 8) | (byte)(sbyte)index;

        internal static Device FromCode(long code) => new((DeviceType)(code >> 8), (sbyte)(code & 0xff));

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => type == DeviceType.CPU ? "cpu"
            : index == -1 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";
    }

    private static ScalarType s_defaultType = ScalarType.Float32;
    private static Device s_defaultDevice = new(DeviceType.CPU);

    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device CUDA => InitializeDevice(new Device(DeviceType.CUDA));

    public static Device device(string description) => InitializeDevice(new Device(description));
    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(int index) => new(DeviceType.CUDA, index);

    public static ScalarType get_default_dtype() => s_defaultType;

    public static void set_default_dtype(ScalarType dtype) => s_defaultType = dtype;

    public static Device get_default_device() => s_defaultDevice;

    public static void set_default_device(Device device) => s_defaultDevice = InitializeDevice(device);

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType != DeviceType.CUDA || cuda.is_available();

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"LibTorch has no {deviceType} device on this machine.");
    }

    public static Device InitializeDevice(Device? device)
    {
        if (device is null) return s_defaultDevice;
        InitializeDeviceType(device.type);
        return device;
    }

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>CUDA as far as LibTorch was built with it.</summary>
    public static partial class cuda
    {
        public static bool is_available() => Native.ts_cuda_available() != 0;

        public static int device_count() => (int)Native.ts_cuda_device_count();

        /// <summary>LibTorch seeds every device at once.</summary>
        public static void manual_seed(long seed) => torch.manual_seed(seed);

        public static void manual_seed_all(long seed) => torch.manual_seed(seed);

        public static void synchronize(Device? device = null)
        {
            InitializeDeviceType(DeviceType.CUDA);
            Native.Check(Native.ts_cuda_synchronize(device?.index ?? -1));
        }
    }

    /// <summary>Settings of the libraries under LibTorch.</summary>
    public static partial class backends
    {
        public static partial class cuda
        {
            public static partial class matmul
            {
                public static bool allow_tf32
                {
                    get => Native.ts_get_tf32(0) != 0;
                    set => Native.ts_set_tf32(0, value ? 1 : 0);
                }
            }
        }

        public static partial class cudnn
        {
            public static bool allow_tf32
            {
                get => Native.ts_get_tf32(1) != 0;
                set => Native.ts_set_tf32(1, value ? 1 : 0);
            }
        }
    }
}
