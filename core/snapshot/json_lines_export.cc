// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/json_lines_export.h"

#include "core/decode/text.h"

namespace leftfold::snapshot {

namespace {

using base::Result;

void appendId(std::string& out, base::ByteView id)
{
    if (decode::isUtf8(id)) {
        out += R"({"id":)";
        event::escape(out, id);
        return;
    }
    out += R"({"idBase64":")";
    decode::appendBase64(out, id);
    out += '"';
}

/// The text of a member, if it is one.
std::optional<base::ByteView> textOf(event::Value row, base::ByteView key)
{
    const auto value = row.find(key);
    if (!value || value->kind() != event::Kind::Text) return std::nullopt;
    return value->text();
}

std::optional<std::string> idOf(event::Value row)
{
    if (const auto id = textOf(row, "id")) return std::string(*id);
    const auto encoded = textOf(row, "idBase64");
    return encoded ? decode::fromBase64(*encoded) : std::nullopt;
}

} // namespace

Result<void> appendJsonLine(std::string& out, base::ByteView id, RowChange change, event::Value state)
{
    appendId(out, id);
    if (change != RowChange::None) {
        out += R"(,"change":")";
        out += nameOf(change);
        out += '"';
    }
    if (change != RowChange::Deleted) {
        out += R"(,"state":)";
        const std::size_t before = out.size();
        event::appendJson(out, state);
        if (!decode::isUtf8(base::ByteView(out).substr(before)))
            return base::fail(base::ErrorCode::NotExportable, id, "a text in it is no UTF-8");
    }
    out += "}\n";
    return {};
}

Result<std::unique_ptr<JsonLinesReader>> JsonLinesReader::open(const std::string& path)
{
    LEFTFOLD_TRY(auto blocks, base::FileBlocks::open(path));
    return std::unique_ptr<JsonLinesReader>(new JsonLinesReader(path, std::move(blocks)));
}

/// The next line into `m_line`, without its break; false at the end.
Result<bool> JsonLinesReader::readLine()
{
    m_line.clear();
    while (!m_atEnd) {
        const std::size_t end = m_left.find('\n');
        m_line += m_left.substr(0, end);
        if (end != base::ByteView::npos) {
            m_left.remove_prefix(end + 1);
            return true;
        }
        LEFTFOLD_TRY(m_left, m_blocks.next());
        m_atEnd = m_left.empty();
    }
    return !m_line.empty();
}

Result<std::optional<ExportedState>> JsonLinesReader::read()
{
    LEFTFOLD_TRY(const bool more, readLine());
    if (!more) return std::nullopt;
    const std::size_t size = m_line.size();
    m_line.append(base::kReadablePadding, '\0');
    const auto row = event::Document::parse(m_reader, base::ByteView(m_line).substr(0, size));
    if (!row) return bad(base::render(row.error()));
    auto id = idOf(row->root());
    if (!id) return bad("it has no id");
    ExportedState out;
    out.id = std::move(*id);
    if (row->root().find("change")) {
        const auto change = rowChangeNamed(textOf(row->root(), "change").value_or("?"));
        if (!change || *change == RowChange::None) return bad("its change is none that is known");
        out.change = *change;
    }
    const auto state = row->root().find("state");
    if (state.has_value() != (out.change != RowChange::Deleted))
        return bad(state ? "it has a state though it was deleted" : "it has no state");
    if (state) out.state = event::Document::of(*state);
    return out;
}

} // namespace leftfold::snapshot
