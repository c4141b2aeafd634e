// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/merge_patch.h"

#include "core/event/member_index.h"

namespace leftfold::event {
namespace {

/// Writes the result object by object, without recursion.
class Merger {
public:
    Document merge(std::optional<Value> target, Value patch)
    {
        begin(target, patch);
        while (!m_open.empty()) step();
        return m_builder.finish();
    }

private:
    /// An object under way: first the target's members, then those that only the patch has.
    struct Open {
        Open(Value target, Value patch)
            : inTarget(target),
              inPatch(patch),
              patchMembers(patch),
              next(target.members().begin()),
              end(target.members().end())
        {}
        MemberIndex inTarget;
        MemberIndex inPatch;
        Value patchMembers;
        Members::Iterator next;
        Members::Iterator end;
        bool onlyNew = false; ///< the target's members are written
    };

    void begin(std::optional<Value> target, Value patch)
    {
        if (patch.kind() != Kind::Object) {
            m_builder.value(patch);
            return;
        }
        m_builder.beginObject();
        m_open.emplace_back(target && target->kind() == Kind::Object ? *target : m_nothing.root(), patch);
    }

    void step()
    {
        Open& open = m_open.back();
        if (open.next == open.end) {
            open.onlyNew ? close() : turnToPatch(open);
            return;
        }
        const Member member = *open.next++;
        if (member.shadowed) return;
        open.onlyNew ? addNew(open, member) : change(open, member);
    }

    static void turnToPatch(Open& open)
    {
        open.next = open.patchMembers.members().begin();
        open.end = open.patchMembers.members().end();
        open.onlyNew = true;
    }

    void close()
    {
        m_builder.endObject();
        m_open.pop_back();
    }

    void change(const Open& open, const Member& member)
    {
        const auto patch = open.inPatch.find(member.key);
        if (patch && patch->isNull()) return;
        m_builder.key(member.key);
        patch ? begin(member.value, *patch) : m_builder.value(member.value);
    }

    void addNew(const Open& open, const Member& member)
    {
        if (member.value.isNull() || open.inTarget.find(member.key)) return;
        m_builder.key(member.key);
        begin(std::nullopt, member.value);
    }

    Document m_nothing; ///< has no members
    DocumentBuilder m_builder;
    std::vector<Open> m_open;
};

} // namespace

Document mergePatch(const std::optional<Document>& document, const Document& patch)
{
    return Merger().merge(document ? std::optional(document->root()) : std::nullopt, patch.root());
}

} // namespace leftfold::event
