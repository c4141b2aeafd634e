// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/expectation.h"

#include <array>
#include <fmt/format.h>

namespace leftfold::workspace {

bool Expectation::isRecorded() const
{
    return !resultOf(*this).empty();
}

namespace {

std::string ofProjection(const std::string& name)
{
    return name.empty() ? std::string() : " of " + name;
}

struct SayingWhat {
    std::string operator()(const ExpectedSnapshot& expected) const
    {
        return fmt::format("snapshot{} at {}", ofProjection(expected.projection), expected.at);
    }
    std::string operator()(const ExpectedRun& expected) const
    {
        std::string text = expected.isBack ? "run back" : "run";
        if (!expected.from.empty()) text += " from " + expected.from;
        for (std::size_t i = 0; i < expected.breakpoints.size(); ++i)
            text += (i == 0 ? " to " : " or ") + expected.breakpoints[i];
        return text;
    }
    std::string operator()(const ExpectedTurns& expected) const
    {
        return fmt::format("bisect {} where {}", expected.aggregate, expected.where);
    }
    std::string operator()(const ExpectedParting& expected) const
    {
        return fmt::format("compare {} with {}", expected.a, expected.b);
    }
};

struct SayingResult {
    std::string operator()(const ExpectedSnapshot& expected) const { return expected.hash.value_or(std::string()); }
    std::string operator()(const ExpectedRun& expected) const { return expected.finds.value_or(std::string()); }
    std::string operator()(const ExpectedTurns& expected) const
    {
        if (!expected.turns) return {};
        std::string text;
        for (const std::string& turn : *expected.turns) text += (text.empty() ? "" : ", ") + turn;
        return text.empty() ? std::string(kNoPosition) : text;
    }
    std::string operator()(const ExpectedParting& expected) const
    {
        if (!expected.parts) return {};
        if (expected.parts->first == kNoPosition) return expected.parts->first;
        return fmt::format("{}, {} aggregates", expected.parts->first, expected.parts->aggregates);
    }
};

} // namespace

std::string_view kindOf(const Expectation& expectation)
{
    constexpr std::array<std::string_view, 4> kKinds = {"snapshot", "run", "bisect", "compare"};
    return kKinds[expectation.what.index()];
}

std::string describe(const Expectation& expectation)
{
    return std::visit(SayingWhat{}, expectation.what);
}

std::string resultOf(const Expectation& expectation)
{
    return std::visit(SayingResult{}, expectation.what);
}

} // namespace leftfold::workspace
