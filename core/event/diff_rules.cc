// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/diff_rules.h"

#include "core/event/json_walker.h"

namespace leftfold::event {

using base::ErrorCode;
using base::Result;

Result<DiffRules::MatchBy> parseMatchBy(std::string_view text)
{
    const std::size_t equals = text.rfind("=/");
    if (equals == std::string_view::npos) {
        return base::fail(ErrorCode::BadArgument, "'" + std::string(text)
                                                      + "' does not say what to match items by: expected PATH=KEY, as "
                                                        "/items=/id");
    }
    DiffRules::MatchBy rule;
    LEFTFOLD_TRY(rule.array, parsePathPattern(text.substr(0, equals)));
    LEFTFOLD_TRY(rule.key, parsePointer(text.substr(equals + 1)));
    return rule;
}

Result<DiffRules::Tolerance> parseTolerance(std::string_view text)
{
    const std::size_t equals = text.rfind('=');
    const std::string_view digits = equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1);
    if (digits.empty() || digits.front() == '-' || !isJsonNumber(digits)) {
        return base::fail(ErrorCode::BadArgument,
                          "'" + std::string(text) + "' is no tolerance: expected PATH=NUMBER, as /total=0.01");
    }
    DiffRules::Tolerance rule;
    LEFTFOLD_TRY(rule.path, parsePathPattern(text.substr(0, equals)));
    rule.digits = digits;
    return rule;
}

} // namespace leftfold::event
