// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/store.h"
#include "ui/time_text.h"

#include <QObject>
#include <deque>

namespace leftfold::ui {

class AggregatePanel;
class AggregatesPanel;
class DiffPanel;
class EventPanel;
class EventsPanel;
class ProblemsPanel;
class TimelineWidget;

// Each joins one panel with the store: what is in the state is shown in the panel, what a person does there becomes an
// action. They live as long as both.

class TimelineLink : public QObject {
    Q_OBJECT

public:
    TimelineLink(Store* store, TimelineWidget* timeline, QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);
    void showIncomplete(const workspace::Open& open);
    void follow(const replay::Density& before, const replay::Density& now, const base::TimeRange& seen);
    void showBookmarks(const workspace::Open& open);
    void showDots(const workspace::Open& open);

    Store* m_store;
    TimelineWidget* m_timeline;
    bool m_isScrubbing = false;
    bool m_isFilling = false; ///< until all of the log that fills is on the axis
};

class EventsLink : public QObject {
    Q_OBJECT

public:
    EventsLink(Store* store, EventsPanel* panel, QObject* parent);

signals:
    void told(QString words); ///< what came of a copy

private:
    struct Wanted {
        quint64 revision = 0;
        quint64 first = 0;
        quint32 count = 0;
    };
    void show(const workspace::WorkspaceState& before);
    void showList(const workspace::Open* before, const workspace::Open& open);
    void showMatches(const workspace::Open& open);
    void showPlayhead(const workspace::Open& open);
    void showChoices(const workspace::Open& open);
    void want(quint64 revision, quint64 first, quint32 count);
    void askNext();
    void takeRows(const workspace::Open& open);
    void copyRows(int as, const std::vector<quint64>& rows);
    [[nodiscard]] std::optional<event::EventIndex> indexAt(quint64 place) const;
    [[nodiscard]] workspace::Target behind(quint64 place) const;

    Store* m_store;
    EventsPanel* m_panel;
    std::deque<Wanted> m_waiting; ///< the newest last
    std::optional<Wanted> m_asked;
    workspace::Ticket m_ticket = 0; ///< of what is asked
    std::uint64_t m_copied = 0; ///< the ticket of the copy that was taken last
    std::uint64_t m_copying = 0; ///< events of the one on its way
};

class EventLink : public QObject {
    Q_OBJECT

public:
    EventLink(Store* store, EventPanel* panel, QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);

    Store* m_store;
    EventPanel* m_panel;
};

class AggregateLink : public QObject {
    Q_OBJECT

public:
    AggregateLink(Store* store, AggregatePanel* panel, QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);

    Store* m_store;
    AggregatePanel* m_panel;
};

class AggregatesLink : public QObject {
    Q_OBJECT

public:
    AggregatesLink(Store* store, AggregatesPanel* panel, QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);
    void deliver(quint64 revision, quint64 first, quint32 count);

    Store* m_store;
    AggregatesPanel* m_panel;
};

class DiffLink : public QObject {
    Q_OBJECT

public:
    DiffLink(Store* store, DiffPanel* panel, QObject* parent);
    void setZone(Zone zone);

private:
    void show(const workspace::WorkspaceState& before);
    void showState(const workspace::Open& open);
    void showPair(const workspace::Open& open);
    void deliver(quint64 revision, quint64 first, quint32 count);

    Store* m_store;
    DiffPanel* m_panel;
    Zone m_zone = Zone::Utc;
};

class ProblemsLink : public QObject {
    Q_OBJECT

public:
    ProblemsLink(Store* store, ProblemsPanel* panel, QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);
    void deliver(quint64 revision, quint64 first, quint32 count);

    Store* m_store;
    ProblemsPanel* m_panel;
};

/// Whether a member of an open log is another one than before: also where there was none before.
template <class Member>
[[nodiscard]] bool isOther(const workspace::WorkspaceState& before, const workspace::Open& now, Member member)
{
    const auto* was = before.open();
    return was == nullptr || was->*member != now.*member;
}

} // namespace leftfold::ui
