// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace leftfold::base {

/// Of the ten ASCII digits, whatever the process's locale says.
constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// What JSON lets stand between its words (RFC 8259, section 2).
constexpr bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace leftfold::base
