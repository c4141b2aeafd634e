// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/payload_decoder.h"

#include <QByteArray>
#include <QString>
#include <memory>
#include <random>
#include <string>
#include <vector>

/// What the tests of the payload decoders share.
namespace leftfold::decode {

/// "08 96 01"
inline std::string fromHex(const QString& hex)
{
    return QByteArray::fromHex(hex.toLatin1()).toStdString();
}

inline QString errorText(const base::Error& error)
{
    return QString::fromStdString(base::render(error));
}

/// The JSON of a payload, or what the decoder says.
inline QString decoded(PayloadDecoder& decoder, base::ByteView bytes)
{
    std::string json = "before";
    const auto result = decoder.decode(bytes, json);
    if (!result) return json == "before" ? errorText(result.error()) : "a failure that left something";
    return QString::fromStdString(json).mid(6);
}

using MadeDecoder = base::Result<std::unique_ptr<PayloadDecoder>>;

inline QString decoded(const MadeDecoder& decoder, base::ByteView bytes)
{
    return decoder ? decoded(**decoder, bytes) : errorText(decoder.error());
}

/// Every beginning of the payload, and `flips` copies of it with one bit turned over: they are decoded or refused, and what is decoded
/// is one line.
inline bool survivesDamage(PayloadDecoder& decoder, const std::string& payload, std::mt19937_64& random, int flips)
{
    const auto isFine = [&](const std::string& bytes) {
        std::string json;
        return decoder.decode(bytes, json) ? !json.empty() && json.find('\n') == std::string::npos : json.empty();
    };
    for (std::size_t size = 0; size < payload.size(); ++size) {
        if (!isFine(payload.substr(0, size))) return false;
    }
    for (int i = 0; i < flips && !payload.empty(); ++i) {
        std::string flipped = payload;
        flipped[random() % flipped.size()] ^= static_cast<char>(1U << random() % 8);
        if (!isFine(flipped)) return false;
    }
    return true;
}

} // namespace leftfold::decode
