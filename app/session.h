// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/terminal.h"
#include "core/replay/replayer.h"
#include "core/replay/steps.h"
#include "core/snapshot/mask.h"
#include "core/workspace/loader.h"

#include <memory>
#include <string>
#include <vector>

namespace leftfold::app {

/// What a verb needs of a session beyond the log's options.
struct SessionNeeds {
    std::vector<std::string> fields{}; ///< to index while capturing; empty texts do not count
    std::string capturePath{}; ///< where to capture a source; empty: in the cache
    bool mustCapture = false; ///< not content with what another program has captured so far
    bool decodesAgain = false; ///< all events are decoded anew
    bool follows = false; ///< the capture stays open for more
};

/// A log opened as the command line asks: the source captured, the capture open for reading.
class Session {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Session>> open(const LogOptions& options,
                                                                     const SessionNeeds& needs, std::stop_token stop);
    /// The same of options that are read already.
    [[nodiscard]] static base::Result<std::unique_ptr<Session>> open(const workspace::LoadOptions& load,
                                                                     snapshot::Masks masks, const SessionNeeds& needs,
                                                                     std::stop_token stop);

    [[nodiscard]] capture::Reader& reader() { return *m_reader; }
    [[nodiscard]] const capture::Catalog& catalog() const { return m_reader->catalog(); }
    [[nodiscard]] unsigned workers() const { return m_workers; }
    [[nodiscard]] const std::string& indexFolder() const { return m_loader->indexFolder(); }
    /// What must not be shown.
    [[nodiscard]] const snapshot::Masks& masks() const { return m_masks; }
    /// Whether ids that are read by the field (empty: by the mapping's) are masked as a whole.
    [[nodiscard]] bool areIdsMasked(const std::string& field) const;
    /// An id, a type, a document and an error to be shown: without what is masked.
    [[nodiscard]] std::string shownId(base::ByteView id, const std::string& field) const;
    [[nodiscard]] std::string shownText(base::ByteView text) const;
    [[nodiscard]] event::Document shown(const event::Document& document) const;
    [[nodiscard]] base::Error shown(base::Error error) const;

    /// The index of `field`, or of the mapping's id where that is empty: BadArgument if there is none.
    [[nodiscard]] base::Result<std::shared_ptr<const capture::KeyIndex>> index(const std::string& field,
                                                                               std::stop_token stop);
    /// The same, for ids shown beside events: null where nobody asked for ids and the mapping has none.
    [[nodiscard]] base::Result<std::shared_ptr<const capture::KeyIndex>> idsBeside(const std::string& field,
                                                                                   bool needed, std::stop_token stop);
    /// An index whose aggregates are database transactions, by `field` or what is found to name them: BadArgument if nothing does.
    [[nodiscard]] base::Result<std::shared_ptr<const capture::KeyIndex>> transactions(const std::string& field,
                                                                                      std::stop_token stop);
    /// How to step over whole transactions: of the database, else those of Kafka that the log told. BadArgument if there are none.
    [[nodiscard]] base::Result<replay::StepKind> transactionSteps(const std::string& field, std::stop_token stop);
    [[nodiscard]] base::Result<replay::Projection> projection(const ProjectionOptions& options, std::stop_token stop);
    [[nodiscard]] base::Result<capture::OrdinalCut> resolve(const std::string& when);
    /// Waits until the source has more; false after a stop. Without a reader, which would keep the writer out:
    /// `refresh` gives a new one.
    [[nodiscard]] base::Result<bool> waitForMore(std::stop_token stop);
    /// Captures what the source has got since.
    [[nodiscard]] base::Result<void> update(std::stop_token stop);
    /// Captures what the source has got since, and looks at the capture anew.
    [[nodiscard]] base::Result<void> refresh(std::stop_token stop);

    /// Looks at the capture anew.
    [[nodiscard]] base::Result<void> openReader();
    /// Leaves the capture as one file. The reader is gone then.
    [[nodiscard]] base::Result<void> close();

    /// Whether the capture itself has lost something, or an index was used that lacks damaged events: the answer may be
    /// incomplete, which was said on standard error.
    [[nodiscard]] bool lacksEvents() const { return m_lacksEvents; }

private:
    Session() = default;
    void warnOfDamage();
    void warnOfMissing(const base::Result<std::shared_ptr<const capture::KeyIndex>>& index);
    [[nodiscard]] base::Result<void> bringUpToDate(const std::string& log, const SessionNeeds& needs,
                                                   std::stop_token stop);

    std::unique_ptr<workspace::Loader> m_loader;
    snapshot::Masks m_masks;
    std::unique_ptr<capture::Reader> m_reader;
    unsigned m_workers = 2;
    bool m_lacksEvents = false;
};

/// What the command line asks the loader for. Fails where an option says nothing that can be meant.
[[nodiscard]] base::Result<workspace::LoadOptions> loadOptions(const LogOptions& options, const SessionNeeds& needs);
/// The mapping as far as it was given. Fails with BadFieldRef.
[[nodiscard]] base::Result<decode::Mapping> mappingOf(const LogOptions& options);
/// Fails with BadMask, or where a file of rules cannot be read.
[[nodiscard]] base::Result<snapshot::Masks> masksOf(const LogOptions& options);
/// How many threads `--workers` asks for.
[[nodiscard]] unsigned workersOf(const LogOptions& options);

} // namespace leftfold::app
