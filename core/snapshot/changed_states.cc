// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/changed_states.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace leftfold::snapshot {

namespace {

using base::Hash256;
using base::Result;

struct IdHash {
    std::string id;
    Hash256 hash{};
};

/// Ids and hashes on disk, written one after the other, then read again.
class HashFile {
public:
    static Result<HashFile> open()
    {
        HashFile file;
        file.m_file.reset(std::tmpfile());
        if (!file.m_file) return base::failErrno("a temporary file", errno);
        return file;
    }

    Result<void> write(const IdHash& row)
    {
        const std::uint64_t size = row.id.size();
        const bool written = std::fwrite(&size, sizeof size, 1, m_file.get()) == 1
                             && std::fwrite(row.id.data(), 1, size, m_file.get()) == size
                             && std::fwrite(row.hash.data(), row.hash.size(), 1, m_file.get()) == 1;
        if (!written) return base::failErrno("a temporary file", errno);
        return {};
    }

    Result<void> rewind()
    {
        if (std::fflush(m_file.get()) != 0 || std::fseek(m_file.get(), 0, SEEK_SET) != 0)
            return base::failErrno("a temporary file", errno);
        return advance();
    }

    /// The row to be read next; none behind the last.
    [[nodiscard]] const std::optional<IdHash>& row() const { return m_row; }

    Result<void> advance()
    {
        m_row.reset();
        std::uint64_t size = 0;
        if (std::fread(&size, sizeof size, 1, m_file.get()) != 1) {
            if (std::ferror(m_file.get()) != 0) return base::failErrno("a temporary file", errno);
            return {};
        }
        IdHash row;
        row.id.resize(size);
        const bool read = std::fread(row.id.data(), 1, size, m_file.get()) == size
                          && std::fread(row.hash.data(), row.hash.size(), 1, m_file.get()) == 1;
        if (!read) return base::failErrno("a temporary file", EIO);
        m_row = std::move(row);
        return {};
    }

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    HashFile() = default;
    std::unique_ptr<std::FILE, Close> m_file;
    std::optional<IdHash> m_row;
};

/// Some states: their hashes, and where they are wanted the states as JSON.
class StateShare : public Share {
public:
    explicit StateShare(bool withStates) : m_withStates(withStates) {}
    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        const event::Document document = folder.read(state);
        rows.push_back({std::string(id), hashOf(id, document.root())});
        if (m_withStates) states.push_back(document);
    }
    std::vector<IdHash> rows;
    std::vector<event::Document> states;

private:
    bool m_withStates;
};

using TakeShare = std::function<Result<void>(StateShare&)>;

class StateConsumer : public Consumer {
public:
    StateConsumer(bool withStates, StateTotal& total, const TakeShare& take)
        : m_withStates(withStates),
          m_total(total),
          m_take(take)
    {}
    std::unique_ptr<Share> makeShare(Share* /*sibling*/) override { return std::make_unique<StateShare>(m_withStates); }
    Result<void> take(Share& share) override
    {
        auto& taken = static_cast<StateShare&>(share);
        for (const IdHash& row : taken.rows) m_total.hash = base::addModulo(m_total.hash, row.hash);
        m_total.aggregates += taken.rows.size();
        LEFTFOLD_CHECK(m_take(taken));
        taken.rows = {};
        taken.states = {};
        return {};
    }

private:
    bool m_withStates;
    StateTotal& m_total;
    const TakeShare& m_take;
};

/// The states of the later cut beside the hashes of the earlier one.
class Comparison {
public:
    using Tell = std::function<Result<void>(const ExportedState&)>;
    Comparison(HashFile& before, const Tell& tell) : m_before(before), m_tell(tell) {}

    Result<void> compare(const IdHash& after, const event::Document& state)
    {
        while (m_before.row() && m_before.row()->id < after.id) LEFTFOLD_CHECK(tellDeleted());
        const bool isThere = m_before.row() && m_before.row()->id == after.id;
        const bool isSame = isThere && m_before.row()->hash == after.hash;
        if (isThere) LEFTFOLD_CHECK(m_before.advance());
        if (isSame) return {};
        return m_tell({after.id, isThere ? RowChange::Changed : RowChange::Created, state});
    }

    Result<void> finish()
    {
        while (m_before.row()) LEFTFOLD_CHECK(tellDeleted());
        return {};
    }

private:
    Result<void> tellDeleted()
    {
        LEFTFOLD_CHECK(m_tell({m_before.row()->id, RowChange::Deleted, event::Document()}));
        return m_before.advance();
    }

    HashFile& m_before;
    const Tell& m_tell;
};

} // namespace

Result<ChangeSummary> changedStates(capture::Reader& reader, const replay::Projection& projection,
                                    const capture::OrdinalCut& from, const capture::OrdinalCut& to,
                                    const SnapshotOptions& options, std::stop_token stop, const Progress& progress,
                                    const std::function<Result<void>(const ExportedState&)>& tell)
{
    ChangeSummary summary;
    LEFTFOLD_TRY(HashFile before, HashFile::open());
    const TakeShare keep = [&](StateShare& share) -> Result<void> {
        for (const IdHash& row : share.rows) LEFTFOLD_CHECK(before.write(row));
        return {};
    };
    StateConsumer earlier(false, summary.from, keep);
    LEFTFOLD_CHECK(foldAll(reader, projection, from, options, stop, progress, earlier));
    LEFTFOLD_CHECK(before.rewind());
    Comparison comparison(before, tell);
    const TakeShare compare = [&](StateShare& share) -> Result<void> {
        for (std::size_t i = 0; i < share.rows.size(); ++i)
            LEFTFOLD_CHECK(comparison.compare(share.rows[i], share.states[i]));
        return {};
    };
    StateConsumer later(true, summary.to, compare);
    LEFTFOLD_TRY(const auto folded, foldAll(reader, projection, to, options, std::move(stop), progress, later));
    LEFTFOLD_CHECK(comparison.finish());
    summary.damagedEvents = folded.damagedEvents;
    return summary;
}

} // namespace leftfold::snapshot
