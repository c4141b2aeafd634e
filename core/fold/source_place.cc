// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/source_place.h"

#include "core/fold/saved.h"

#include <array>

namespace leftfold::fold {

namespace {

using event::Kind;
using event::Value;

struct Form {
    std::string_view kind;
    std::string_view major;
    std::string_view minor; ///< empty: none
};
/// The first that an event has counts.
constexpr std::array<Form, 6> kForms = {{{"lsn", "lsn", ""},
                                         {"file", "file", "pos"},
                                         {"scn", "scn", ""},
                                         {"commit_lsn", "commit_lsn", "change_lsn"},
                                         {"ord", "ts_ms", "ord"},
                                         {"ts_ms", "ts_ms", ""}}};

/// A number or a text; empty where there is neither.
std::string wordIn(const std::optional<Value>& source, std::string_view name)
{
    const auto member = source->find(name);
    if (!member) return {};
    if (member->kind() == Kind::Number) return std::string(member->digits());
    return member->kind() == Kind::Text ? std::string(member->text()) : std::string();
}

/// Positions grow in length before they grow in text: 9 < 10, binlog.000009 < binlog.000010, binlog.999999 < binlog.1000000.
std::strong_ordering compare(const std::string& a, const std::string& b)
{
    const auto length = a.size() <=> b.size();
    return length != 0 ? length : a.compare(b) <=> 0;
}

} // namespace

std::optional<SourcePlace> SourcePlace::of(const std::optional<Value>& source)
{
    if (!source || source->kind() != Kind::Object) return std::nullopt;
    for (const Form& form : kForms) {
        SourcePlace place;
        place.m_kind = form.kind;
        place.m_major = wordIn(source, form.major);
        if (!form.minor.empty()) place.m_minor = wordIn(source, form.minor);
        const bool isWhole = !place.m_major.empty() && (form.kind != "ord" || !place.m_minor.empty());
        if (isWhole) return place;
    }
    return std::nullopt;
}

bool SourcePlace::isBefore(const SourcePlace& other) const
{
    if (m_kind != other.m_kind) return false;
    const auto major = compare(m_major, other.m_major);
    return major != 0 ? major < 0 : compare(m_minor, other.m_minor) < 0;
}

std::string SourcePlace::toText() const
{
    return m_kind + ' ' + m_major + (m_minor.empty() ? "" : ' ' + m_minor);
}

void SourcePlace::save(std::string& out) const
{
    putText(out, m_kind);
    putText(out, m_major);
    putText(out, m_minor);
}

SourcePlace SourcePlace::restore(base::ByteReader& in)
{
    SourcePlace place;
    place.m_kind = readText(in);
    place.m_major = readText(in);
    place.m_minor = readText(in);
    return place;
}

} // namespace leftfold::fold
