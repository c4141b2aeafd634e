// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/replayer.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::workspace {

/// A projection as a person chooses it (README.md, "Folds and projections").
struct ProjectionChoice {
    std::string by{}; ///< a FIELD; empty: the mapping's id
    std::string
        fold{}; ///< empty: debezium where aggregates are named by it, else tally; a path that ends in .js or .mjs: that script
    std::vector<std::string> types{}; ///< only events of these change states; empty: all
    bool numbersAsText = false; ///< for scripts: fold::ScriptOptions::exactNumbers
    std::string root{}; ///< for scripts: fold::ScriptOptions::root
    friend bool operator==(const ProjectionChoice&, const ProjectionChoice&) = default;
};

/// The index of `field`, or of the mapping's id where that is empty: BadFieldRef, or BadArgument if there is none. Built
/// where the cache has none, which takes a pass over the log; `progress` may be empty.
[[nodiscard]] base::Result<std::shared_ptr<const capture::KeyIndex>> openIndex(
    capture::Reader& reader, const std::string& field, unsigned workers, std::stop_token stop,
    const capture::KeyIndex::Progress& progress);
/// An index whose aggregates are database transactions, by `field` or what is found to name them: BadArgument if nothing does.
[[nodiscard]] base::Result<std::shared_ptr<const capture::KeyIndex>> openTransactions(
    capture::Reader& reader, const std::string& field, unsigned workers, std::stop_token stop,
    const capture::KeyIndex::Progress& progress);

/// Whether a fold is asked for as the path of a script.
[[nodiscard]] bool isScript(std::string_view fold);
/// A fold by name, or the script at a path. Fails with NoSuchFold, or as fold::Script::load does.
[[nodiscard]] base::Result<std::shared_ptr<const fold::Fold>> openFold(const std::string& fold,
                                                                       bool numbersAsText = false,
                                                                       const std::string& root = {});
/// A choice, opened over a log: with its index, which a script may make by itself. `known` is what `openFold` said of its fold, where
/// that was asked before. Fails as `openFold` and `openIndex` do, and with ScriptFailed where a script fails to name aggregates.
[[nodiscard]] base::Result<replay::Projection> openProjection(capture::Reader& reader, const ProjectionChoice& choice,
                                                              std::shared_ptr<const fold::Fold> known, unsigned workers,
                                                              std::stop_token stop,
                                                              const capture::KeyIndex::Progress& progress);

/// The fold of a choice over an index; not for scripts. Fails with NoSuchFold.
[[nodiscard]] base::Result<replay::Projection> makeProjection(const ProjectionChoice& choice,
                                                              std::shared_ptr<const capture::KeyIndex> index);

} // namespace leftfold::workspace
