// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/item_alignment.h"
#include "core/event/member_index.h"
#include "ui/panels/json_tree_model.h"

#include <map>
#include <optional>

namespace leftfold::ui {

namespace {

using event::Kind;
using event::Value;

constexpr int kMaxDepth = 200;
constexpr std::size_t kMaxWas = 200;

QString shortJson(Value value)
{
    const std::string json = toJson(value);
    const QString text = QString::fromUtf8(json.data(), static_cast<qsizetype>(std::min(json.size(), kMaxWas)));
    return json.size() > kMaxWas ? text + QStringLiteral("…") : text;
}

/// Builds the document, counting its nodes as they come, so that each value's place is known.
class Merger {
public:
    MergedDocument merge(Value before, Value after)
    {
        pair(before, after, 0);
        return {m_out.finish(), std::move(m_notes)};
    }

private:
    void pair(Value before, Value after, int depth)
    {
        if (before == after || depth == kMaxDepth || before.kind() != after.kind() || after.kind() < Kind::Array) {
            if (!(before == after)) changed(before);
            copy(after);
        } else if (after.kind() == Kind::Array) {
            items(before, after, depth);
        } else {
            members(before, after, depth);
        }
    }

    void items(Value before, Value after, int depth)
    {
        open(true);
        for (const event::ItemPair& both : event::alignItems(before, after)) {
            both.before&& both.after ? pair(*both.before, *both.after, depth + 1) : single(both.before, both.after);
        }
        m_out.endArray();
    }

    /// Members in the order of `after`; those that are gone follow the one they stood behind.
    void members(Value before, Value after, int depth)
    {
        const event::MemberIndex inBefore(before);
        const auto gone = goneBehind(before, after);
        open(false);
        goneMembers(gone, std::nullopt);
        for (const event::Member member : after.members()) {
            if (member.shadowed) continue;
            name(member.key);
            const auto old = inBefore.find(member.key);
            old ? pair(*old, member.value, depth + 1) : single(std::nullopt, member.value);
            goneMembers(gone, member.key);
        }
        m_out.endObject();
    }

    /// By the name of the member that stayed before them; none: they stood first.
    using Gone = std::map<std::optional<base::ByteView>, std::vector<event::Member>>;
    static Gone goneBehind(Value before, Value after)
    {
        const event::MemberIndex inAfter(after);
        Gone out;
        std::optional<base::ByteView> last;
        for (const event::Member member : before.members()) {
            if (member.shadowed) continue;
            if (inAfter.find(member.key)) {
                last = member.key;
            } else {
                out[last].push_back(member);
            }
        }
        return out;
    }
    void goneMembers(const Gone& gone, const std::optional<base::ByteView>& behind)
    {
        const auto found = gone.find(behind);
        if (found == gone.end()) return;
        for (const event::Member& member : found->second) {
            name(member.key);
            single(member.value, std::nullopt);
        }
    }

    void single(const std::optional<Value>& before, const std::optional<Value>& after)
    {
        ValueNote note;
        note.lit = true;
        note.gone = !after;
        m_notes[m_next] = std::move(note);
        copy(after ? *after : *before);
    }
    void changed(Value before)
    {
        ValueNote note;
        note.lit = true;
        note.was = shortJson(before);
        m_notes[m_next] = std::move(note);
    }
    void copy(Value value)
    {
        m_out.value(value);
        m_next += value.kind() < Kind::Array ? 1 : event::Document::of(value).nodeCount();
    }
    void open(bool isArray)
    {
        isArray ? m_out.beginArray() : m_out.beginObject();
        ++m_next;
    }
    void name(base::ByteView key)
    {
        m_out.key(key);
        ++m_next;
    }

    event::DocumentBuilder m_out;
    ValueNotes m_notes;
    std::size_t m_next = 0; ///< the node that comes next
};

} // namespace

MergedDocument merged(const event::Document& before, const event::Document& after)
{
    return Merger().merge(before.root(), after.root());
}

} // namespace leftfold::ui
