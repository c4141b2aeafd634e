// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_codec.h"

#include "core/source/big_endian.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <lz4frame.h>
#include <memory>
#include <snappy-c.h>
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace leftfold::source {

namespace {

using base::ByteView;
using base::Result;

constexpr std::size_t kFirstRoom = std::size_t{64} << 10;

tl::unexpected<base::Error> damaged(KafkaCodec codec, std::string_view what)
{
    return base::fail(base::ErrorCode::SegmentDamaged, fmt::format("its {} data {}", nameOf(codec), what));
}

/// Text that grows while something is decompressed into it, up to a limit.
class Output {
public:
    explicit Output(const DecompressOptions& options) : m_max(options.maxBytes) {}

    /// Room behind what is there; false: the limit is reached.
    [[nodiscard]] bool grow()
    {
        if (m_text.size() > m_used) return true;
        if (m_used >= m_max) return false;
        m_text.resize(std::min(m_max, std::max(kFirstRoom, 2 * m_text.size())));
        return true;
    }
    [[nodiscard]] char* at() { return m_text.data() + m_used; }
    [[nodiscard]] std::size_t room() const { return m_text.size() - m_used; }
    void use(std::size_t bytes) { m_used += bytes; }
    [[nodiscard]] std::string take()
    {
        m_text.resize(m_used);
        return std::move(m_text);
    }

private:
    std::size_t m_max;
    std::size_t m_used = 0;
    std::string m_text;
};

Result<std::string> inflated(ByteView bytes, const DecompressOptions& options)
{
    constexpr int kGzipOrZlib = 32 + MAX_WBITS;
    z_stream stream{};
    if (inflateInit2(&stream, kGzipOrZlib) != Z_OK) return damaged(KafkaCodec::Gzip, "cannot be read: no memory");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    Output output(options);
    for (int state = Z_OK; state != Z_STREAM_END;) {
        if (!output.grow()) return damaged(KafkaCodec::Gzip, "are too many");
        stream.next_out = reinterpret_cast<Bytef*>(output.at());
        const auto room = static_cast<uInt>(std::min<std::size_t>(output.room(), 1U << 30));
        stream.avail_out = room;
        state = inflate(&stream, Z_NO_FLUSH);
        output.use(room - stream.avail_out);
        if (state == Z_BUF_ERROR && stream.avail_in == 0) return damaged(KafkaCodec::Gzip, "end too early");
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
            return damaged(KafkaCodec::Gzip, "are wrong");
    }
    return output.take();
}

Result<void> addSnappy(ByteView block, const DecompressOptions& options, std::string& out)
{
    std::size_t size = 0;
    if (snappy_uncompressed_length(block.data(), block.size(), &size) != SNAPPY_OK)
        return damaged(KafkaCodec::Snappy, "are wrong");
    // No input makes more than 64 bytes from three.
    if (size > options.maxBytes - out.size() || size / 64 > block.size())
        return damaged(KafkaCodec::Snappy, "are too many");
    const std::size_t before = out.size();
    out.resize(before + size);
    if (snappy_uncompress(block.data(), block.size(), out.data() + before, &size) != SNAPPY_OK)
        return damaged(KafkaCodec::Snappy, "are wrong");
    return {};
}

/// Blocks with their lengths before them, behind a magic number and two versions.
constexpr std::string_view kXerial("\x82SNAPPY\0", 8);
constexpr std::size_t kXerialHeader = 16;

Result<std::string> unsnapped(ByteView bytes, const DecompressOptions& options)
{
    std::string out;
    if (!bytes.starts_with(kXerial)) {
        LEFTFOLD_CHECK(addSnappy(bytes, options, out));
        return out;
    }
    if (bytes.size() < kXerialHeader) return damaged(KafkaCodec::Snappy, "end too early");
    BigEndian rest(bytes.substr(kXerialHeader));
    while (rest.left() > 0) {
        const auto size = rest.int32();
        const auto block = size && *size >= 0 ? rest.bytes(static_cast<std::size_t>(*size)) : std::nullopt;
        if (!block) return damaged(KafkaCodec::Snappy, "end too early");
        LEFTFOLD_CHECK(addSnappy(*block, options, out));
    }
    return out;
}

/// Kafka's first LZ4 frames had a checksum of the magic number too: the right one is put in its place.
std::string withRightLz4Checksum(ByteView bytes)
{
    constexpr std::size_t kMagic = 4;
    constexpr std::size_t kFlags = 2;
    std::string frame(bytes);
    if (frame.size() <= kMagic + kFlags) return frame;
    const auto flags = static_cast<std::uint8_t>(frame[kMagic]);
    const std::size_t size = kFlags + ((flags & 0x08) != 0 ? 8 : 0) + ((flags & 0x01) != 0 ? 4 : 0);
    if (frame.size() <= kMagic + size) return frame;
    frame[kMagic + size] = static_cast<char>(XXH32(frame.data() + kMagic, size, 0) >> 8 & 0xff);
    return frame;
}

/// Kept, as making one takes as long as a small batch.
ZSTD_DCtx* zstdContext()
{
    thread_local std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    return context.get();
}

Result<std::string> unlz4(ByteView bytes, const DecompressOptions& options)
{
    // One for each: in liblz4 1.9.4 one that met a bad frame refuses good ones, also when it was reset.
    LZ4F_dctx* made = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) != 0)
        return damaged(KafkaCodec::Lz4, "cannot be read: no memory");
    const std::unique_ptr<LZ4F_dctx, LZ4F_errorCode_t (*)(LZ4F_dctx*)> context(made, LZ4F_freeDecompressionContext);
    std::string repaired;
    if (options.hasOldLz4Checksum) bytes = repaired = withRightLz4Checksum(bytes);
    Output output(options);
    for (;;) {
        if (!output.grow()) return damaged(KafkaCodec::Lz4, "are too many");
        std::size_t room = output.room();
        std::size_t used = bytes.size();
        const std::size_t expected = LZ4F_decompress(context.get(), output.at(), &room, bytes.data(), &used, nullptr);
        if (LZ4F_isError(expected) != 0) return damaged(KafkaCodec::Lz4, "are wrong");
        output.use(room);
        bytes.remove_prefix(used);
        if (expected == 0) return output.take();
        if (bytes.empty() && room == 0 && output.room() > 0) return damaged(KafkaCodec::Lz4, "end too early");
    }
}

/// At once into room that is guessed, as streaming copies everything once more; brokers' frames rarely say how much they hold.
Result<std::string> unzstd(ByteView bytes, const DecompressOptions& options)
{
    constexpr std::size_t kUsualRatio = 4;
    constexpr std::size_t kMostRatio = 64; // that is believed of the next one, too
    ZSTD_DCtx* const context = zstdContext();
    if (context == nullptr) return damaged(KafkaCodec::Zstd, "cannot be read: no memory");
    if (bytes.empty()) return damaged(KafkaCodec::Zstd, "end too early");
    const unsigned long long said = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (said == ZSTD_CONTENTSIZE_ERROR) return damaged(KafkaCodec::Zstd, "are wrong");
    std::string out;
    thread_local std::size_t ratio = kUsualRatio; // of the batch before: neighbours are alike
    const bool isSaid = said != ZSTD_CONTENTSIZE_UNKNOWN;
    if (isSaid && said > options.maxBytes) return damaged(KafkaCodec::Zstd, "are too many");
    // What is said may be a lie.
    std::size_t room = std::max(kFirstRoom, (isSaid ? kMostRatio : ratio) * bytes.size());
    if (isSaid) room = std::clamp<std::size_t>(said, 1, room);
    for (;;) {
        room = std::min(room, options.maxBytes);
        out.clear(); // what is there need not be copied
        out.resize(room);
        const std::size_t size = ZSTD_decompressDCtx(context, out.data(), room, bytes.data(), bytes.size());
        if (ZSTD_isError(size) == 0) {
            out.resize(size);
            ratio = std::clamp<std::size_t>(size / bytes.size() * 5 / 4 + 2, 2, kMostRatio); // some are denser
            return out;
        }
        const ZSTD_ErrorCode why = ZSTD_getErrorCode(size);
        if (why == ZSTD_error_srcSize_wrong) return damaged(KafkaCodec::Zstd, "end too early");
        if (why != ZSTD_error_dstSize_tooSmall) return damaged(KafkaCodec::Zstd, "are wrong");
        if (room == options.maxBytes) return damaged(KafkaCodec::Zstd, "are too many");
        room *= 2;
    }
}

Result<std::string> decoded(KafkaCodec codec, ByteView bytes, const DecompressOptions& options)
{
    switch (codec) {
    case KafkaCodec::None:
        return std::string(bytes);
    case KafkaCodec::Gzip:
        return inflated(bytes, options);
    case KafkaCodec::Snappy:
        return unsnapped(bytes, options);
    case KafkaCodec::Lz4:
        return unlz4(bytes, options);
    case KafkaCodec::Zstd:
        return unzstd(bytes, options);
    }
    return base::fail(base::ErrorCode::SegmentDamaged,
                      fmt::format("its codec {} is none that is known", static_cast<int>(codec)));
}

} // namespace

std::string nameOf(KafkaCodec codec)
{
    static constexpr std::array kNames = {"none", "gzip", "snappy", "lz4", "zstd"};
    const auto number = static_cast<std::size_t>(codec);
    return number < kNames.size() ? kNames[number] : fmt::format("codec {}", number);
}

Result<std::string> decompressed(KafkaCodec codec, ByteView bytes, const DecompressOptions& options)
{
    LEFTFOLD_TRY(std::string out, decoded(codec, bytes, options));
    out.reserve(out.size() + base::kReadablePadding);
    return out;
}

} // namespace leftfold::source
