// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

/// What a producer writes, byte by byte.
namespace leftfold::decode::test {

inline QByteArray avroLong(qint64 value)
{
    QByteArray out;
    auto rest = (static_cast<quint64>(value) << 1) ^ static_cast<quint64>(value >> 63);
    for (; rest > 0x7f; rest >>= 7) out += static_cast<char>((rest & 0x7f) | 0x80);
    return out + static_cast<char>(rest);
}

inline QByteArray avroText(const QByteArray& text)
{
    return avroLong(text.size()) + text;
}

/// Behind the mark of Confluent's serializers.
inline QByteArray marked(int id, const QByteArray& payload)
{
    QByteArray mark(5, '\0');
    for (int i = 0; i < 4; ++i) mark[4 - i] = static_cast<char>(id >> 8 * i & 0xff);
    return mark + payload;
}

} // namespace leftfold::decode::test
