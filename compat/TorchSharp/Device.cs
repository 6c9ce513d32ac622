namespace TorchSharp;

public static partial class torch
{
    /// <summary>A kind of device and an index; -1 is the current one.</summary>
    public class Device(DeviceType deviceType, int index = -1)
    {
        public DeviceType type { get; } = deviceType;

        public int index { get; } = index;

        /// <summary>As the shim reads it: the type above the low byte, the index in it.</summary>
        internal long Code => ((long)type << 8) | (byte)(sbyte)index;

        internal static Device FromCode(long code) => new((DeviceType)(code >> 8), (sbyte)(code & 0xff));

        public override string ToString() => type == DeviceType.CPU ? "cpu"
            : index == -1 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";
    }

    public static readonly Device CPU = new(DeviceType.CPU);

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType != DeviceType.CUDA || cuda.is_available();

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"LibTorch has no {deviceType} device on this machine.");
    }

    /// <summary>The CPU when there is no device.</summary>
    public static Device InitializeDevice(Device? device)
    {
        if (device is null) return CPU;
        InitializeDeviceType(device.type);
        return device;
    }

    /// <summary>CUDA as far as LibTorch was built with it.</summary>
    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => (int)Native.ts_cuda_device_count();
    }
}
