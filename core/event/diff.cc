// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/diff.h"

#include "core/event/item_alignment.h"
#include "core/event/member_index.h"

#include <algorithm>

namespace leftfold::event {
namespace {

/// Compares without recursion: what is still to be compared waits on a stack, the next on top, so that changes come out
/// in the order of the documents.
class Differ {
public:
    std::vector<Change> run(Value a, Value b)
    {
        m_todo.push_back({a, b, kNowhere});
        while (!m_todo.empty()) {
            const Todo next = m_todo.back();
            m_todo.pop_back();
            compare(next);
        }
        return std::move(m_changes);
    }

private:
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

    /// One token of a path; a path is a chain of them, so that deep ones cost no more than shallow ones until needed.
    struct Step {
        std::size_t parent;
        base::ByteView key; ///< of a member
        std::optional<std::size_t> index; ///< of an item
    };
    struct Todo {
        std::optional<Value> before;
        std::optional<Value> after;
        std::size_t path;
    };

    void compare(const Todo& next)
    {
        if (!next.before || !next.after) {
            report(next);
            return;
        }
        const Value a = *next.before;
        const Value b = *next.after;
        if (a == b) return;
        const std::size_t first = m_todo.size();
        if (a.kind() == Kind::Array && b.kind() == Kind::Array) {
            items(a, b, next.path);
        } else if (a.kind() == Kind::Object && b.kind() == Kind::Object) {
            members(a, b, next.path);
        } else {
            report(next);
        }
        std::reverse(m_todo.begin() + static_cast<std::ptrdiff_t>(first), m_todo.end());
    }

    void items(Value a, Value b, std::size_t path)
    {
        std::size_t index = 0;
        for (const ItemPair& pair : alignItems(a, b)) {
            if (!pair.before || !pair.after || pair.before->hash() != pair.after->hash()
                || *pair.before != *pair.after) {
                add(pair.before, pair.after, {path, {}, index});
            }
            if (pair.after) ++index;
        }
    }

    void members(Value a, Value b, std::size_t path)
    {
        const MemberIndex inB(b);
        std::size_t paired = 0;
        for (const Member& member : a.members()) {
            if (member.shadowed) continue;
            const auto other = inB.find(member.key);
            paired += other ? 1 : 0;
            if (!other || other->hash() != member.value.hash() || *other != member.value) {
                add(member.value, other, {path, member.key, {}});
            }
        }
        if (paired == b.size()) return;
        const MemberIndex inA(a);
        for (const Member& member : b.members()) {
            if (!member.shadowed && !inA.find(member.key)) add({}, member.value, {path, member.key, {}});
        }
    }

    void add(std::optional<Value> before, std::optional<Value> after, Step step)
    {
        m_steps.push_back(step);
        m_todo.push_back({before, after, m_steps.size() - 1});
    }

    void report(const Todo& what)
    {
        Change change;
        change.kind = !what.before ? ChangeKind::Added : (!what.after ? ChangeKind::Removed : ChangeKind::Changed);
        change.pointer = pointerTo(what.path);
        if (what.before) change.before = Document::of(*what.before);
        if (what.after) change.after = Document::of(*what.after);
        m_changes.push_back(std::move(change));
    }

    [[nodiscard]] Pointer pointerTo(std::size_t path) const
    {
        Pointer pointer;
        for (std::size_t at = path; at != kNowhere; at = m_steps[at].parent) {
            const Step& step = m_steps[at];
            pointer.tokens.push_back(step.index ? std::to_string(*step.index) : std::string(step.key));
        }
        std::reverse(pointer.tokens.begin(), pointer.tokens.end());
        return pointer;
    }

    std::vector<Step> m_steps;
    std::vector<Todo> m_todo;
    std::vector<Change> m_changes;
};

} // namespace

std::vector<Change> diff(Value a, Value b)
{
    return Differ().run(a, b);
}

} // namespace leftfold::event
