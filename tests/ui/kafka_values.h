// SPDX-License-Identifier: GPL-3.0-or-later
// What a cluster would say, made up.
#pragma once

#include "core/workspace/cluster_questions.h"
#include "tests/ui/widget_test.h"

#include <QString>
#include <memory>

namespace leftfold::ui::test {

inline source::TopicFacts topic(const char* name, int partitions, std::map<std::string, std::string> settings = {})
{
    source::TopicFacts out;
    out.name = name;
    for (int i = 0; i < partitions; ++i) out.partitions.push_back({{name, i}, {10}, {1000}, {1000}});
    out.settings = std::move(settings);
    return out;
}

inline std::shared_ptr<const workspace::TopicList> listOf(std::vector<source::TopicFacts> topics, bool hasFacts)
{
    return std::make_shared<const workspace::TopicList>(workspace::TopicList{"here", std::move(topics), hasFacts, 0});
}

/// "committed-end", without what is not committed: "-end".
inline workspace::ViewPartitionFacts partition(int number, const char* spans)
{
    const QString text = QString::fromLatin1(spans);
    workspace::ViewPartitionFacts facts;
    facts.look.of = {"view", {"orders", number}};
    facts.look.sample.time = at("2026-11-22T12:00:00Z");
    if (!text.startsWith(u'-')) facts.look.sample.committed = event::Offset{text.section(u'-', 0, 0).toLongLong()};
    facts.look.sample.end = {text.section(u'-', 1, 1).toLongLong()};
    facts.retentionEaten = views::retentionEaten(facts.look.sample);
    return facts;
}

inline std::shared_ptr<const workspace::ViewsLook> lookOf(
    std::vector<std::pair<const char*, std::vector<const char*>>> views)
{
    workspace::ViewsLook look;
    for (const auto& [name, partitions] : views) {
        workspace::ViewFacts& view = look.views.emplace_back();
        view.name = name;
        view.lag = 0;
        for (std::size_t i = 0; i < partitions.size(); ++i) {
            view.partitions.push_back(partition(static_cast<int>(i), partitions[i]));
            view.lag = *view.lag + lagOf(view.partitions.back().look.sample).value_or(event::OffsetCount{}).value;
        }
    }
    return std::make_shared<const workspace::ViewsLook>(std::move(look));
}

} // namespace leftfold::ui::test
