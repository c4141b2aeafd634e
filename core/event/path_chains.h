// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/pointer.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::event {

/// Paths inside documents while these are walked: each is its last step and the path before, so that a deep one costs no
/// more than a shallow one until somebody asks for its pointer. The keys are views into the documents.
class PathChains {
public:
    /// The path of the document itself.
    static constexpr std::size_t kRoot = static_cast<std::size_t>(-1);

    [[nodiscard]] std::size_t member(std::size_t parent, base::ByteView key) { return add({parent, key, {}, 0}); }
    [[nodiscard]] std::size_t item(std::size_t parent, std::size_t index) { return add({parent, {}, index, 0}); }
    /// How many steps it is from the root.
    [[nodiscard]] std::size_t depth(std::size_t path) const { return path == kRoot ? 0 : m_steps[path].depth; }
    [[nodiscard]] Pointer pointerTo(std::size_t path) const;

private:
    struct Step {
        std::size_t parent;
        base::ByteView key; ///< of a member
        std::optional<std::size_t> index; ///< of an item
        std::size_t depth;
    };
    std::size_t add(Step step)
    {
        step.depth = depth(step.parent) + 1;
        m_steps.push_back(step);
        return m_steps.size() - 1;
    }

    std::vector<Step> m_steps;
};

inline Pointer PathChains::pointerTo(std::size_t path) const
{
    Pointer pointer;
    pointer.tokens.resize(depth(path));
    for (std::size_t at = path; at != kRoot; at = m_steps[at].parent) {
        const Step& step = m_steps[at];
        pointer.tokens[step.depth - 1] = step.index ? std::to_string(*step.index) : std::string(step.key);
    }
    return pointer;
}

} // namespace leftfold::event
