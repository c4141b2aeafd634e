// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_topics.h"
#include "core/views/samples.h"

namespace leftfold::views {

/// What one look at a view found in one partition.
struct PartitionLook {
    ViewPartition of;
    LagSample sample; ///< `end` is the high watermark
    event::Offset lastStable;
    std::optional<event::Offset>
        nextUnread; ///< of the first record that the view has yet to read, as far as one was found
    TimeLag time;
    std::string label; ///< why the lag is no lag that can be read away; empty: it is
    std::string member; ///< who reads it; empty: nobody
};

/// The label of a look: "never committed", "ahead by 3", "expired: 4 offsets lost", "open transaction", "marker only", "2 offsets before the next record
/// hold none"; empty where there is nothing to say. `hasLooked`: whether `nextUnread` was sought.
[[nodiscard]] std::string labelOf(const LagSample& sample, event::Offset lastStable,
                                  const std::optional<event::Offset>& nextUnread, bool hasLooked);

/// The views a cluster has now, or those named, partition by partition. Committed offsets are read before the ends. No group is joined; a
/// coordinator is asked only for groups that there are. Fails with NoSuchView.
[[nodiscard]] base::Result<std::vector<PartitionLook>> lookAtViews(const source::KafkaClients& clients,
                                                                   const std::vector<std::string>& views,
                                                                   base::Time now, std::stop_token stop);

} // namespace leftfold::views
