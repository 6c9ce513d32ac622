// OpenCV's image files and resampling, and giflib's GIF, behind a small C interface. Pixels are 8-bit BGRA with premultiplied alpha, row by row without gaps.
// A decoded or encoded result is a handle that is read once and then freed; 0 stands for bytes that are no image.
#include <gif_lib.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstring>
#include <memory>

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

int read_gif(GifFileType* gif, GifByteType* to, int count) {
    Bytes& rest = *static_cast<Bytes*>(gif->UserData);
    const int got = int(std::min<int64_t>(count, rest.length));
    std::copy_n(rest.data, got, to);
    rest = {rest.data + got, rest.length - got};
    return got;
}

// Goes on to the first frame's pixels and says which colour stands for nothing; false if there is no such frame.
bool find_frame(GifFileType* gif, GraphicsControlBlock& control) {
    for (GifRecordType record; DGifGetRecordType(gif, &record) == GIF_OK;) {
        if (record == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif) == GIF_OK;
        int code;
        GifByteType* block;
        if (record != EXTENSION_RECORD_TYPE || DGifGetExtension(gif, &code, &block) != GIF_OK) return false;
        if (block && code == GRAPHICS_EXT_FUNC_CODE) DGifExtensionToGCB(block[0], block + 1, &control);
        while (block) if (DGifGetExtensionNext(gif, &block) != GIF_OK) return false;
    }
    return false;
}

// The first frame at its place on the screen, which is transparent elsewhere and, as published, grows where the frame reaches beyond it.
cv::Mat gif_frame(const Bytes& file, int64_t limit) {
    Bytes rest = file;
    const std::unique_ptr<GifFileType, void (*)(GifFileType*)> gif(DGifOpen(&rest, read_gif, nullptr), [](GifFileType* open) { if (open) DGifCloseFile(open, nullptr); });
    GraphicsControlBlock control{};
    control.TransparentColor = NO_TRANSPARENT_COLOR;
    if (!gif || !find_frame(gif.get(), control)) return {};
    const GifImageDesc& frame = gif->Image;
    const int width = std::max(gif->SWidth, frame.Left + frame.Width), height = std::max(gif->SHeight, frame.Top + frame.Height);
    // A code of 12 bits stands for no more than 4096 pixels and a shorter one for fewer still, so a byte for no more than 4096 * 8 / 12: more is a lie,
    // or a screen that its frame leaves all but empty.
    if (frame.Width < 1 || frame.Height < 1 || int64_t(width) * height > std::min(limit, 2731 * file.length)) return {};
    const ColorMapObject* map = frame.ColorMap ? frame.ColorMap : gif->SColorMap;
    cv::Mat image(height, width, CV_8UC4, cv::Scalar());
    std::vector<GifByteType> row(frame.Width);
    struct Pass { int first, step; };
    const auto passes = frame.Interlace ? std::vector<Pass>{{0, 8}, {4, 8}, {2, 4}, {1, 2}} : std::vector<Pass>{{0, 1}};
    for (const auto [first, step] : passes) {
        for (int y = first; y < frame.Height; y += step) {
            if (DGifGetLine(gif.get(), row.data(), frame.Width) != GIF_OK) return {};
            Byte* to = image.ptr<Byte>(frame.Top + y) + 4 * frame.Left;
            for (const int index : row) {
                if (map && index < map->ColorCount && index != control.TransparentColor) {
                    const GifColorType& colour = map->Colors[index];
                    to[0] = colour.Blue, to[1] = colour.Green, to[2] = colour.Red, to[3] = 255;
                }
                to += 4;
            }
        }
    }
    return image;
}

// The image of a file of another format, unchanged: with alpha, 16 bits and, as published, not turned by EXIF.
cv::Mat decoded(const Bytes& file, int64_t limit) {
    const int64_t promised = pixels(file);
    // A byte of a PNG or JPEG file stands for no more than this many pixels: a header that promises more lies.
    const bool lies = promised > 8256 * file.length && !file.starts("RIFF", 4);
    if (promised <= 0 || promised > limit || lies) return {};
    return cv::imdecode(cv::Mat(1, int(file.length), CV_8U, const_cast<Byte*>(file.data)), cv::IMREAD_UNCHANGED);
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
        const Bytes file{data, length};
        const cv::Mat image = file.starts("GIF8", 4) ? gif_frame(file, limit) : decoded(file, limit);
        const bool known = (image.depth() == CV_8U || image.depth() == CV_16U) && (image.channels() == 1 || image.channels() >= 3);
        if (image.empty() || !known) return nullptr;
        *width = image.cols;
        *height = image.rows;
        return new cv::Mat(image);
    });
}

EXPORT void im_take(cv::Mat* image, Byte* bgra) {
    const int type = image->type();
    if (type == CV_8UC1 || type == CV_8UC3) {
        cv::Mat to(image->rows, image->cols, CV_8UC4, bgra);
        cv::cvtColor(*image, to, type == CV_8UC1 ? cv::COLOR_GRAY2BGRA : cv::COLOR_BGR2BGRA);
    } else {
        image->depth() == CV_8U ? to_bgra<Byte>(*image, bgra) : to_bgra<ushort>(*image, bgra);
    }
    delete image;
}

// A file of colours that are not premultiplied; its length, or 0 if the file does not fit or there is no such format.
EXPORT int64_t im_encode(const char* extension, const Byte* bgra, int width, int height, Byte* file, int64_t capacity) {
    return guarded([&]() -> int64_t {
        std::vector<Byte> bytes;
        const cv::Mat image(height, width, CV_8UC4, const_cast<Byte*>(bgra));
        // More than 100 is WebP without loss.
        if (!cv::imencode(extension, image, bytes, {cv::IMWRITE_JPEG_QUALITY, 100, cv::IMWRITE_WEBP_QUALITY, 101})) return 0;
        if (int64_t(bytes.size()) > capacity) return 0;
        std::copy(bytes.begin(), bytes.end(), file);
        return bytes.size();
    });
}

// Draws an image, stretched over a rectangle of another one, which may reach beyond its edges. Only what is seen is computed.
EXPORT int64_t im_draw(const Byte* from, int width, int height, Byte* to, int to_width, int to_height, int x, int y, int w, int h) {
    return guarded([&]() -> int64_t {
        const cv::Mat source(height, width, CV_8UC4, const_cast<Byte*>(from));
        cv::Mat target(to_height, to_width, CV_8UC4, to);
        const cv::Rect seen = cv::Rect(x, y, w, h) & cv::Rect(0, 0, to_width, to_height);
        if (seen.empty()) return 1;
        cv::Mat part = target(seen);
        if (w <= width && h <= height) {
            cv::Mat all;
            cv::resize(source, all, cv::Size(w, h), 0, 0, cv::INTER_AREA);
            all(seen - cv::Point(x, y)).copyTo(part);
            return 1;
        }
        // Pixel centres fall on pixel centres.
        const double sx = double(width) / w, sy = double(height) / h;
        const cv::Matx23d back(sx, 0, (seen.x - x + 0.5) * sx - 0.5, 0, sy, (seen.y - y + 0.5) * sy - 0.5);
        cv::warpAffine(source, part, back, seen.size(), cv::INTER_CUBIC | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
        for (int row = 0; row < part.rows; row++) {   // the cubic overshoots, and a premultiplied colour is never above its alpha
            Byte* p = part.ptr<Byte>(row);
            for (int column = 0; column < part.cols; column++, p += 4)
                for (int c = 0; c < 3; c++) p[c] = std::min(p[c], p[3]);
        }
        return 1;
    });
}
