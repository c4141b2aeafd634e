// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/answering.h"
#include "core/workspace/cluster_questions.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace leftfold::workspace {

/// What a worker that asks clusters keeps: its connection, as long as the next question is of the same cluster.
struct ClusterBench {
    std::shared_ptr<source::Draining> draining;
    std::optional<source::KafkaConnection> connection;
    source::KafkaClients clients;
};

/// The answers; each may block for some seconds, and is cancelled soon after a stop.
[[nodiscard]] base::Result<Profiles> answer(ClusterBench& bench, const AskProfiles& question, std::stop_token stop,
                                            const Telling<Profiles>& telling);
[[nodiscard]] base::Result<ConnectionReport> answer(ClusterBench& bench, const AskConnection& question,
                                                    std::stop_token stop, const Telling<ConnectionReport>& telling);
[[nodiscard]] base::Result<TopicList> answer(ClusterBench& bench, const AskTopics& question, std::stop_token stop,
                                             const Telling<TopicList>& telling);
[[nodiscard]] base::Result<Preview> answer(ClusterBench& bench, const AskPreview& question, std::stop_token stop,
                                           const Telling<Preview>& telling);
/// Ends only by a stop.
[[nodiscard]] base::Result<ViewsLook> answer(ClusterBench& bench, const AskViews& question, std::stop_token stop,
                                             const Telling<ViewsLook>& telling);

} // namespace leftfold::workspace
