// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <optional>
#include <string>

namespace leftfold::decode {

[[nodiscard]] bool isUtf8(base::ByteView bytes);

/// Appends the bytes in base64 (RFC 4648 section 4, padded).
void appendBase64(std::string& out, base::ByteView bytes);
/// The bytes of a padded base64 text; nothing where it is none, so that one text stands for the bytes and no other.
[[nodiscard]] std::optional<std::string> fromBase64(base::ByteView text);

/// Bytes as one line of text that can be shown: control characters are blanks, what is no UTF-8 is U+FFFD, and at most
/// `width` characters (0: all), the last of them an ellipsis where there were more.
[[nodiscard]] std::string printable(base::ByteView bytes, std::size_t width);

} // namespace leftfold::decode
