// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/varint.h"

namespace leftfold::fold {

// The parts of saved states: texts behind their length, numbers of either sign.

inline void putText(std::string& out, base::ByteView text)
{
    base::putVarint(out, text.size());
    out.append(text);
}

[[nodiscard]] inline base::ByteView readText(base::ByteReader& in)
{
    const std::uint64_t size = in.varint();
    return in.bytes(size);
}

inline void putSigned(std::string& out, std::int64_t value)
{
    base::putVarint(out, base::zigzag(value));
}

[[nodiscard]] inline std::int64_t readSigned(base::ByteReader& in)
{
    return base::unzigzag(in.varint());
}

} // namespace leftfold::fold
