// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/states_file.h"

#include <cerrno>

namespace leftfold::snapshot {

using base::ErrorCode;
using base::Result;

namespace {

struct IdAndState {
    event::Value id;
    event::Value state;
};

/// Nothing where a document is no row.
std::optional<IdAndState> rowOf(event::Value line)
{
    const auto id = line.find("id");
    const auto state = line.find("state");
    const bool isRow = id && state && id->kind() == event::Kind::Text && line.size() == 2;
    if (!isRow) return std::nullopt;
    return IdAndState{*id, *state};
}

} // namespace

namespace {

/// A file to read from its beginning.
Result<std::ifstream> openFile(const std::string& path)
{
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file || (file.peek(), file.bad())) return base::failErrno(path, errno != 0 ? errno : EIO);
    file.clear(); // an empty file has no next byte
    return file;
}

Result<bool> beginsWithLine(const std::string& path)
{
    LEFTFOLD_TRY(std::ifstream file, openFile(path));
    std::string line;
    std::getline(file, line);
    const auto document = event::Document::parse(line);
    return document && rowOf(document->root());
}

/// Null where the file does not begin with a row of an export.
std::unique_ptr<ExportReader> exportIn(const std::string& path)
{
    auto looked = ExportReader::open(path);
    if (!looked || !(*looked)->next()) return nullptr;
    return ExportReader::open(path).value_or(nullptr);
}

} // namespace

Result<StatesFile> StatesFile::open(const std::string& path)
{
    LEFTFOLD_TRY(std::ifstream opened, openFile(path));
    StatesFile file(path, std::move(opened));
    LEFTFOLD_TRY(const bool hasLines, beginsWithLine(path));
    if (!hasLines) file.m_export = exportIn(path);
    return file;
}

Result<bool> StatesFile::looksLikeOne(const std::string& path)
{
    LEFTFOLD_TRY(const bool hasLines, beginsWithLine(path));
    return hasLines || exportIn(path) != nullptr;
}

tl::unexpected<base::Error> StatesFile::bad(const std::string& reason) const
{
    return base::fail(ErrorCode::SystemFailed, m_path, "line " + std::to_string(m_number) + ": " + reason);
}

Result<std::optional<StatesFile::Row>> StatesFile::nextOfExport()
{
    LEFTFOLD_TRY(auto exported, m_export->next());
    if (!exported) return std::nullopt;
    ++m_number;
    if (exported->change != RowChange::None) {
        return base::fail(ErrorCode::BadExport, m_path, std::to_string(m_number),
                          "it is of an export of changes since an earlier one, which has not all states");
    }
    return Row{std::move(exported->id), std::move(exported->state)};
}

Result<std::optional<StatesFile::Row>> StatesFile::next()
{
    if (m_export) return nextOfExport();
    errno = 0;
    if (!std::getline(m_file, m_line)) {
        if (m_file.bad()) return base::failErrno(m_path, errno != 0 ? errno : EIO);
        return std::nullopt;
    }
    ++m_number;
    const auto document = event::Document::parse(m_line);
    if (!document) return bad(base::render(document.error()));
    const auto found = rowOf(document->root());
    if (!found) return bad(R"(expected {"id":"...","state":...})");
    Row row{std::string(found->id.text()), event::Document::of(found->state)};
    if (m_lastId && row.id <= *m_lastId)
        return bad("'" + row.id + "' stands behind '" + *m_lastId + "': expected ids in ascending order");
    m_lastId = row.id;
    return row;
}

namespace {

/// Walks both files, always on where the smaller id is.
class StatesDiff {
public:
    StatesDiff(StatesFile& a, StatesFile& b, const event::DiffRules& rules,
               const std::function<Result<void>(const AggregateDiff&)>& sink)
        : m_a(a),
          m_b(b),
          m_rules(rules),
          m_sink(sink)
    {}

    Result<StatesDiffSummary> run(const std::stop_token& stop)
    {
        LEFTFOLD_TRY(m_rowA, m_a.next());
        LEFTFOLD_TRY(m_rowB, m_b.next());
        while (m_rowA || m_rowB) {
            if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            const bool takesA = m_rowA && (!m_rowB || m_rowA->id <= m_rowB->id);
            const bool takesB = m_rowB && (!m_rowA || m_rowB->id <= m_rowA->id);
            ++m_summary.aggregates;
            LEFTFOLD_CHECK(compare(takesA ? &*m_rowA : nullptr, takesB ? &*m_rowB : nullptr));
            if (takesA) {
                LEFTFOLD_TRY(m_rowA, m_a.next());
            }
            if (takesB) {
                LEFTFOLD_TRY(m_rowB, m_b.next());
            }
        }
        return m_summary;
    }

private:
    Result<void> compare(const StatesFile::Row* before, const StatesFile::Row* after)
    {
        AggregateDiff diff;
        diff.id = before != nullptr ? before->id : after->id;
        if (before != nullptr) diff.before = before->state;
        if (after != nullptr) diff.after = after->state;
        if (before != nullptr && after != nullptr) {
            diff.changes = event::diff(before->state.root(), after->state.root(), m_rules);
            if (diff.changes.empty()) return {};
        }
        ++(before == nullptr ? m_summary.created : (after == nullptr ? m_summary.deleted : m_summary.changed));
        return m_sink(diff);
    }

    StatesFile& m_a;
    StatesFile& m_b;
    const event::DiffRules& m_rules;
    const std::function<Result<void>(const AggregateDiff&)>& m_sink;
    std::optional<StatesFile::Row> m_rowA;
    std::optional<StatesFile::Row> m_rowB;
    StatesDiffSummary m_summary;
};

} // namespace

Result<StatesDiffSummary> diffStates(StatesFile& a, StatesFile& b, const event::DiffRules& rules, std::stop_token stop,
                                     const std::function<Result<void>(const AggregateDiff&)>& sink)
{
    return StatesDiff(a, b, rules, sink).run(stop);
}

} // namespace leftfold::snapshot
