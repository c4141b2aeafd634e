// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/state_parts.h"

#include "core/decode/text.h"
#include "core/event/pointer.h"

#include <algorithm>

namespace leftfold::snapshot {

namespace {

using event::Kind;
using event::Value;
using Tell = std::function<void(const std::string&, Value, PartKind)>;

bool isPlainName(base::ByteView name)
{
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return std::ranges::none_of(name, isControl) && decode::isUtf8(name);
}

bool isPlainText(base::ByteView text)
{
    return text.find('\0') == base::ByteView::npos && decode::isUtf8(text);
}

bool fitsACell(Value value)
{
    return value.kind() == Kind::Text ? isPlainText(value.text()) : value.kind() < Kind::Array;
}

class Splitter {
public:
    explicit Splitter(const Tell& tell) : m_tell(tell) {}

    void split(Value state) { isCutUp(state) ? members(state) : m_tell(m_pointer, state, PartKind::Whole); }

private:
    [[nodiscard]] bool isCutUp(Value value) const
    {
        return value.kind() == Kind::Object && value.size() > 0 && m_depth < kMaxPartDepth;
    }

    void members(Value object)
    {
        ++m_depth;
        const std::size_t length = m_pointer.size();
        for (const event::Member& member : object.members()) {
            if (member.shadowed) continue;
            event::appendToken(m_pointer, member.key);
            at(member);
            m_pointer.resize(length);
        }
        --m_depth;
    }

    void at(const event::Member& member)
    {
        if (m_pointer.size() > kMaxColumnName || !isPlainName(member.key)) {
            m_tell(m_pointer, member.value, PartKind::Unnamed);
        } else if (isCutUp(member.value)) {
            members(member.value);
        } else {
            m_tell(m_pointer, member.value, fitsACell(member.value) ? PartKind::Scalar : PartKind::Composite);
        }
    }

    const Tell& m_tell;
    std::string m_pointer;
    std::size_t m_depth = 0;
};

} // namespace

void splitState(Value state, const Tell& tell)
{
    Splitter(tell).split(state);
}

} // namespace leftfold::snapshot
