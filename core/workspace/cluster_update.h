// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/action.h"

namespace leftfold::workspace {

/// What becomes of a state by an action that is about clusters or views: `update` passes these on.
class ClusterUpdate {
public:
    ClusterUpdate(WorkspaceState& state, std::vector<Effect>& effects) : m_state(state), m_effects(effects) {}

    void operator()(const ChangeProfiles& action);
    void operator()(const TestConnection& action);
    void operator()(const ListTopics& action);
    void operator()(const PreviewTopic& action);
    void operator()(const LeaveClusters& action);
    void operator()(const AddViews& action);
    void operator()(const LookAtViews& action);
    void operator()(const Answered<AskProfiles>& action);
    void operator()(const Answered<AskConnection>& action);
    void operator()(const Answered<AskTopics>& action);
    void operator()(const Answered<AskPreview>& action);
    void operator()(const Answered<AskViews>& action);

    /// Looks at views while somebody wants to know: the panel is seen, or some are added.
    void watchViews(Open& open);
    /// Where they stand in the log as it is now.
    void askLanes(Open& open);

private:
    template <class Question>
    void ask(Asked<Question>& asked, Question question);

    WorkspaceState& m_state;
    std::vector<Effect>& m_effects;
};

template <class Action>
concept ClusterAction = requires(ClusterUpdate& update, const Action& action)
{
    update(action);
};

} // namespace leftfold::workspace
