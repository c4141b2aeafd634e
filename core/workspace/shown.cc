// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/shown.h"

#include <algorithm>
#include <charconv>

namespace leftfold::workspace {

using base::Result;

Shown::Shown(const snapshot::Masks* masks, const capture::KeyIndex* keys)
    : m_masks(masks != nullptr && !masks->isEmpty() ? masks : nullptr),
      m_keys(keys),
      m_hidesWholeIds(m_masks != nullptr && keys != nullptr && masks->covers(keys->by()))
{}

Result<std::string> Shown::id(base::ByteView id, std::optional<std::uint32_t> number) const
{
    std::string left = m_masks->maskedId(id, m_hidesWholeIds);
    if (left == id) return left;
    if (!number && m_keys != nullptr) {
        LEFTFOLD_TRY(number, m_keys->find(id));
    }
    return number ? left + '#' + std::to_string(*number) : left;
}

Result<std::string> Shown::id(base::ByteView id) const
{
    return isMasked() ? this->id(id, std::nullopt) : std::string(id);
}

Result<std::optional<std::string>> Shown::id(std::optional<std::string> id) const
{
    if (!id || !isMasked()) return id;
    LEFTFOLD_TRY(std::string shown, this->id(base::ByteView(*id)));
    return std::optional(std::move(shown));
}

Result<std::string> Shown::meant(const std::string& shown) const
{
    const std::size_t mark = shown.rfind('#');
    if (!isMasked() || m_keys == nullptr || mark == std::string::npos) return shown;
    std::uint32_t number = 0;
    const auto [end, code] = std::from_chars(shown.data() + mark + 1, shown.data() + shown.size(), number);
    if (code != std::errc() || end != shown.data() + shown.size() || number >= m_keys->size()) return shown;
    LEFTFOLD_TRY(const base::ByteView id, m_keys->text(number));
    LEFTFOLD_TRY(const std::string itsForm, this->id(id, number));
    return itsForm == shown ? std::string(id) : shown;
}

std::optional<event::Document> Shown::state(std::optional<event::Document> document) const
{
    if (!document || !isMasked()) return document;
    return m_masks->masked(document->root());
}

replay::Blame Shown::blame(replay::Blame blame) const
{
    if (!isMasked() || !blame.document()) return blame;
    return blame.shownAs(m_masks->masked(blame.document()->root()));
}

std::string Shown::json(const event::Pointer& place, event::Value value) const
{
    return isMasked() ? toJson(m_masks->maskedAt(place, value).root()) : toJson(value);
}

std::string Shown::part(decode::RecordPart part, const std::string& text) const
{
    if (!isMasked()) return text;
    const std::string padded = text + std::string(base::kReadablePadding, '\0');
    event::Record record;
    (part == decode::RecordPart::Key ? record.key : record.value) = base::ByteView(padded).substr(0, text.size());
    const auto masked = m_masks->masked(record);
    return std::string(part == decode::RecordPart::Key ? *masked.record.key : *masked.record.value);
}

std::string Shown::said(const std::string& text) const
{
    if (!isMasked() || text.empty()) return text;
    const auto isOfPath = [](const snapshot::MaskRule& rule) {
        return std::holds_alternative<snapshot::MaskedPath>(rule);
    };
    if (std::ranges::any_of(m_masks->rules(), isOfPath)) return std::string(snapshot::kMasked);
    return m_masks->maskedText(text);
}

bool Shown::tells(const event::Pointer& place) const
{
    return isMasked() && m_masks->maskedPlace(place) != toText(place);
}

base::Error Shown::error(base::Error error) const
{
    return isMasked() ? m_masks->masked(std::move(error)) : error;
}

} // namespace leftfold::workspace
