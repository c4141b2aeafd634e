// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/views/history.h"

#include "core/base/file.h"
#include "core/source/kafka_time.h"

#include <algorithm>
#include <cstdlib>

namespace leftfold::views {

namespace {

using base::Result;
using base::Statement;

/// Times as milliseconds since 1970: what Kafka and polling know.
constexpr const char* kSchema = R"sql(
create table if not exists sample(
  cluster text not null, view text not null, topic text not null, partition integer not null, time integer not null,
  committedAt integer, committed integer, start integer not null, end integer not null,
  primary key(cluster, view, topic, partition, time)) without rowid;
)sql";

std::int64_t milliseconds(base::Time time)
{
    return time.seconds * 1000 + time.nanos / 1'000'000;
}

template <class Value, class ToNumber>
void bindOptional(Statement& statement, int index, const std::optional<Value>& value, ToNumber number)
{
    if (value) {
        statement.bind(index, number(*value));
    } else {
        statement.bindNull(index);
    }
}

Result<void> insert(Statement& statement, const std::string& cluster, const ViewPartition& of, const LagSample& sample)
{
    statement.bindText(0, cluster)
        .bindText(1, of.view)
        .bindText(2, of.partition.topic)
        .bind(3, std::int64_t{of.partition.number});
    statement.bind(4, milliseconds(sample.time));
    bindOptional(statement, 5, sample.committedAt, milliseconds);
    bindOptional(statement, 6, sample.committed, [](event::Offset offset) { return offset.value; });
    statement.bind(7, sample.start.value).bind(8, sample.end.value);
    return statement.run();
}

std::pair<ViewPartition, LagSample> rowOf(const Statement& row)
{
    const auto isNull = [&](int column) { return row.type(column) == Statement::Type::Null; };
    ViewPartition of{std::string(row.bytes(0)), {std::string(row.bytes(1)), static_cast<std::int32_t>(row.integer(2))}};
    LagSample sample;
    sample.time = source::timeOfMilliseconds(row.integer(3));
    if (!isNull(4)) sample.committedAt = source::timeOfMilliseconds(row.integer(4));
    if (!isNull(5)) sample.committed = event::Offset{row.integer(5)};
    sample.start = {row.integer(6)};
    sample.end = {row.integer(7)};
    return {std::move(of), sample};
}

} // namespace

Result<std::unique_ptr<LagStore>> LagStore::open(const std::string& path)
{
    LEFTFOLD_TRY(auto database, base::Database::open(path, base::Database::Mode::Create));
    LEFTFOLD_CHECK(database->execute(kSchema));
    return std::unique_ptr<LagStore>(new LagStore(std::move(database)));
}

Result<void> LagStore::add(const std::string& cluster, const LagHistory& samples)
{
    LEFTFOLD_CHECK(m_database->execute("begin immediate"));
    auto stored = [&]() -> Result<void> {
        LEFTFOLD_TRY(Statement statement,
                     m_database->prepare("insert or ignore into sample values(?,?,?,?,?,?,?,?,?)"));
        for (const auto& [of, history] : samples) {
            for (const LagSample& sample : history) LEFTFOLD_CHECK(insert(statement, cluster, of, sample));
        }
        return {};
    }();
    if (stored) return m_database->execute("commit");
    (void)m_database->execute("rollback");
    return stored;
}

Result<LagHistory> LagStore::read(const std::string& cluster, const std::optional<std::string>& view, base::Time until,
                                  std::size_t perPartition) const
{
    LEFTFOLD_TRY(Statement rows, m_database->prepare(R"sql(
select view, topic, partition, time, committedAt, committed, start, end from (
  select *, row_number() over (partition by view, topic, partition order by time desc) as place from sample
  where cluster = ?1 and (?2 is null or view = ?2) and time <= ?3)
where place <= ?4 order by view, topic, partition, time)sql"));
    rows.bindText(0, cluster);
    if (view) {
        rows.bindText(1, *view);
    } else {
        rows.bindNull(1);
    }
    rows.bind(2, milliseconds(until)).bind(3, static_cast<std::int64_t>(perPartition));
    LagHistory history;
    for (;;) {
        LEFTFOLD_TRY(const bool isRow, rows.step());
        if (!isRow) return history;
        auto [of, sample] = rowOf(rows);
        history[std::move(of)].push_back(sample);
    }
}

Result<void> LagStore::forget(base::Time before)
{
    LEFTFOLD_TRY(Statement statement, m_database->prepare("delete from sample where time < ?1"));
    return statement.bind(0, milliseconds(before)).run();
}

Result<std::string> lagStorePath()
{
    const char* state = std::getenv("XDG_STATE_HOME");
    const char* home = std::getenv("HOME");
    std::string folder;
    if (state != nullptr && *state == '/') {
        folder = std::string(state) + "/leftfold";
    } else if (home != nullptr && *home == '/') {
        folder = std::string(home) + "/.local/state/leftfold";
    } else {
        return base::fail(base::ErrorCode::BadArgument,
                          "there is no folder for the history of views: neither XDG_STATE_HOME nor HOME is set");
    }
    LEFTFOLD_CHECK(base::makeFolders(folder));
    return folder + "/lag.sqlite";
}

} // namespace leftfold::views
