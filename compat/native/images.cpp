// OpenCV's image files and resampling behind a small C interface. Pixels are 8-bit BGRA with premultiplied alpha, row by row without gaps.
// A decoded or encoded result is a handle that is read once and then freed; 0 stands for bytes that are no image.
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstring>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using Byte = unsigned char;

// Images are decoded in parallel, so one image takes one thread.
[[maybe_unused]] const bool one_thread = (cv::setNumThreads(1), true);

template <class Body>
auto guarded(Body&& body) noexcept -> decltype(body()) {
    try { return body(); }
    catch (...) { return {}; }
}

struct Bytes {
    const Byte* data;
    int64_t length;

    bool starts(const char* text, size_t size, int64_t at = 0) const { return length >= at + static_cast<int64_t>(size) && !std::memcmp(data + at, text, size); }
    uint32_t little(int64_t at, int size) const { uint32_t v = 0; for (int i = size; i-- > 0;) v = v << 8 | data[at + i]; return v; }
    uint32_t big(int64_t at, int size) const { uint32_t v = 0; for (int i = 0; i < size; i++) v = v << 8 | data[at + i]; return v; }
};

int64_t jpeg_pixels(const Bytes& b) {
    for (int64_t at = 2; at + 9 <= b.length;) {
        if (b.data[at] != 0xFF) { at++; continue; }
        const int marker = b.data[at + 1];
        if (marker == 0xFF) at++;
        else if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= 0xD8)) at += 2;
        else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC)
            return int64_t(b.big(at + 5, 2)) * b.big(at + 7, 2);
        else at += 2 + b.big(at + 2, 2);
    }
    return 0;
}

int64_t webp_pixels(const Bytes& b) {
    if (b.length < 30) return 0;
    if (b.starts("VP8 ", 4, 12)) return int64_t(b.little(26, 2) & 0x3FFF) * (b.little(28, 2) & 0x3FFF);
    if (b.starts("VP8X", 4, 12)) return int64_t(b.little(24, 3) + 1) * (b.little(27, 3) + 1);
    if (!b.starts("VP8L", 4, 12)) return 0;
    const uint32_t bits = b.little(21, 4);
    return int64_t((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1);
}

// The pixels that a header promises, read before anything is allocated for them; 0 if the bytes are none of the known formats.
int64_t pixels(const Bytes& b) {
    if (b.starts("\x89PNG\r\n\x1a\n", 8)) return b.length < 24 ? 0 : int64_t(b.big(16, 4)) * b.big(20, 4);
    if (b.starts("\xFF\xD8\xFF", 3)) return jpeg_pixels(b);
    if (b.starts("RIFF", 4) && b.starts("WEBP", 4, 8)) return webp_pixels(b);
    if (!b.starts("BM", 2) || b.length < 26) return 0;
    return b.little(14, 4) == 12 ? int64_t(b.little(18, 2)) * b.little(20, 2)
        : std::abs(int64_t(int32_t(b.little(18, 4)))) * std::abs(int64_t(int32_t(b.little(22, 4))));
}

// x / 255, rounded, for x up to 255 * 255.
Byte by255(int x) { x += 128; return Byte((x + (x >> 8)) >> 8); }

template <class T>
void to_bgra(const cv::Mat& from, Byte* to) {
    const int channels = from.channels(), shift = 8 * (sizeof(T) - 1);
    for (int y = 0; y < from.rows; y++) {
        const T* row = from.ptr<T>(y);
        for (int x = 0; x < from.cols; x++, row += channels, to += 4) {
            const int alpha = channels == 4 ? row[3] >> shift : 255;
            for (int c = 0; c < 3; c++) to[c] = by255((row[channels < 3 ? 0 : c] >> shift) * alpha);
            to[3] = Byte(alpha);
        }
    }
}

}  // namespace

EXPORT cv::Mat* im_decode(const Byte* data, int64_t length, int64_t limit, int* width, int* height) {
    return guarded([&]() -> cv::Mat* {
        const int64_t promised = pixels({data, length});
        if (promised <= 0 || promised > limit) return nullptr;
        // Unchanged: with alpha, 16 bits and, as published, not turned by EXIF.
        cv::Mat image = cv::imdecode(cv::Mat(1, int(length), CV_8U, const_cast<Byte*>(data)), cv::IMREAD_UNCHANGED);
        const bool known = (image.depth() == CV_8U || image.depth() == CV_16U) && (image.channels() == 1 || image.channels() >= 3);
        if (image.empty() || !known) return nullptr;
        *width = image.cols;
        *height = image.rows;
        return new cv::Mat(image);
    });
}

EXPORT void im_take(cv::Mat* image, Byte* bgra) {
    image->depth() == CV_8U ? to_bgra<Byte>(*image, bgra) : to_bgra<ushort>(*image, bgra);
    delete image;
}
