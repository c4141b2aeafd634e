// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/filter_bar.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWidgetAction>
#include <algorithm>

namespace leftfold::ui {

namespace {

enum class Chip { Time, Key, Type, Partition, Text };
constexpr int kChips = 5;
constexpr int kMaxValue = 52; ///< characters of a value in a chip: two times

QString shortened(const QString& text)
{
    return text.size() > kMaxValue ? text.left(kMaxValue - 1) + QStringLiteral("…") : text;
}

QString fromStd(const std::string& text)
{
    return QString::fromStdString(text);
}

/// A pill: quiet while it filters nothing, in the accent's colours with a cross when it does.
class ChipButton : public QToolButton {
public:
    ChipButton()
    {
        setAutoRaise(true);
        setFocusPolicy(Qt::StrongFocus);
        setPopupMode(QToolButton::InstantPopup);
        setCursor(Qt::PointingHandCursor);
    }
    void show(const QString& name, const QString& value)
    {
        m_isSet = !value.isEmpty();
        setText(m_isSet ? name + QLatin1Char(' ') + shortened(value) : name);
        setToolTip(value);
        setAccessibleName(m_isSet ? FilterBar::tr("Filter by %1, now %2").arg(name, value)
                                  : FilterBar::tr("Filter by %1").arg(name));
        updateGeometry();
        update();
    }
    void setColours(const Colours& colours)
    {
        m_colours = colours;
        update();
    }
    [[nodiscard]] bool isSet() const { return m_isSet; }
    [[nodiscard]] QRect cross() const { return {width() - height(), 0, height(), height()}; }
    std::function<void()> cleared;

    [[nodiscard]] QSize sizeHint() const override
    {
        const QFontMetrics metrics(font());
        const int height = std::max(22, metrics.height() + 6);
        return {metrics.horizontalAdvance(text()) + 22 + (m_isSet ? height - 8 : 0), height};
    }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const bool isStrong = m_isSet || hasFocus();
        painter.setPen(isStrong ? m_colours.accent : m_colours.line);
        painter.setBrush(m_isSet ? m_colours.selection : underMouse() ? m_colours.window : m_colours.header);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), height() / 2.0, height() / 2.0);
        painter.setPen(m_colours.text);
        painter.drawText(rect().adjusted(11, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
        if (m_isSet) paintCross(painter);
    }
    void mousePressEvent(QMouseEvent* event) override
    {
        if (m_isSet && cross().contains(event->position().toPoint())) return cleared();
        QToolButton::mousePressEvent(event);
    }
    void keyPressEvent(QKeyEvent* event) override
    {
        if (m_isSet && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)) return cleared();
        QToolButton::keyPressEvent(event);
    }

private:
    void paintCross(QPainter& painter) const
    {
        const QPointF centre = QRectF(cross()).center() - QPointF(2, 0);
        painter.setPen(QPen(m_colours.secondary, 1.4));
        painter.drawLine(centre + QPointF(-3, -3), centre + QPointF(3, 3));
        painter.drawLine(centre + QPointF(-3, 3), centre + QPointF(3, -3));
    }
    bool m_isSet = false;
    Colours m_colours = lightColours();
};

} // namespace

class FilterBar::Parts {
public:
    explicit Parts(FilterBar& bar) : m_bar(bar)
    {
        auto* const layout = new QHBoxLayout(&bar);
        layout->setContentsMargins(10, 6, 10, 6);
        layout->setSpacing(6);
        for (int i = 0; i < kChips; ++i) {
            auto* const menu = new QMenu(&bar);
            chips[i] = new ChipButton;
            chips[i]->setMenu(menu);
            chips[i]->cleared = [this, i] { clear(static_cast<Chip>(i)); };
            connect(menu, &QMenu::aboutToShow, &bar, [this, i, menu] { fill(static_cast<Chip>(i), menu); });
            layout->addWidget(chips[i]);
        }
        layout->addStretch(1);
        show();
    }

    [[nodiscard]] ChipButton& chip(Chip which) const { return *chips[static_cast<int>(which)]; }

    void show()
    {
        chip(Chip::Time).show(tr("time"), timeValue());
        chip(Chip::Key).show(tr("key"), query.filter.aggregate ? fromStd(*query.filter.aggregate) : QString());
        chip(Chip::Type).show(tr("type"), listed(query.filter.types, fromStd));
        chip(Chip::Partition).show(tr("partition"), listed(query.partitions, [](const event::Partition& partition) {
                                       return fromStd(toText(partition));
                                   }));
        chip(Chip::Text).show(tr("text"), query.filter.text ? fromStd(*query.filter.text) : QString());
    }

    /// By a person.
    void change(const EventQuery& next)
    {
        if (next == query) return;
        query = next;
        show();
        emit m_bar.queryChanged(query);
    }

    void clear(Chip which)
    {
        EventQuery next = query;
        if (which == Chip::Time) next.time.reset();
        if (which == Chip::Key) next.filter.aggregate.reset();
        if (which == Chip::Type) next.filter.types.clear();
        if (which == Chip::Partition) next.partitions.clear();
        if (which == Chip::Text) next.filter.text.reset();
        change(next);
    }

    EventQuery query;
    QueryChoices choices;
    Colours colours = lightColours();
    Zone zone = Zone::Utc;
    std::array<ChipButton*, kChips> chips{};

private:
    template <class List, class ToText>
    static QString listed(const List& list, const ToText& toText)
    {
        if (list.empty()) return {};
        const QString first = toText(list.front());
        return list.size() == 1 ? first : tr("%1 and %2 more").arg(first).arg(list.size() - 1);
    }

    [[nodiscard]] QString timeValue() const
    {
        if (!query.time) return {};
        const QTimeZone shown = timeZone(zone);
        const QString from = dateTimeText(query.time->from, shown);
        const QString to = dateTimeText(query.time->to, shown);
        const bool isOneDay = from.left(10) == to.left(10);
        return from + QStringLiteral(" – ") + (isOneDay ? to.mid(11) : to);
    }

    void fill(Chip which, QMenu* menu)
    {
        menu->clear();
        switch (which) {
        case Chip::Time:
            return fillTime(menu);
        case Chip::Key:
            return addField(menu, tr("Aggregate id, as a whole"), query.filter.aggregate,
                            [](EventQuery& to, const auto& text) { to.filter.aggregate = text; });
        case Chip::Text:
            return addField(menu, tr("Text in payload or key"), query.filter.text,
                            [](EventQuery& to, const auto& text) { to.filter.text = text; });
        case Chip::Type:
            return fillTypes(menu);
        case Chip::Partition:
            return fillPartitions(menu);
        }
    }

    static QWidget* addPane(QMenu* menu)
    {
        auto* const pane = new QWidget;
        auto* const action = new QWidgetAction(menu);
        action->setDefaultWidget(pane);
        menu->addAction(action);
        return pane;
    }

    using Put = void (*)(EventQuery& to, const std::optional<std::string>& text);
    void addField(QMenu* menu, const QString& hint, const std::optional<std::string>& now, Put put)
    {
        QWidget* const pane = addPane(menu);
        auto* const field = new QLineEdit(now ? fromStd(*now) : QString());
        field->setPlaceholderText(hint);
        field->setAccessibleName(hint);
        field->setMinimumWidth(260);
        field->setFont(dataFont(m_bar.font()));
        auto* const layout = new QVBoxLayout(pane);
        layout->setContentsMargins(8, 8, 8, 8);
        layout->addWidget(field);
        connect(field, &QLineEdit::returnPressed, &m_bar, [this, menu, field, put] {
            EventQuery next = query;
            put(next, field->text().isEmpty() ? std::nullopt : std::optional(field->text().toStdString()));
            menu->close();
            change(next);
        });
        QMetaObject::invokeMethod(
            field, [field] { field->setFocus(Qt::PopupFocusReason); }, Qt::QueuedConnection);
    }

    void fillTime(QMenu* menu)
    {
        QWidget* const pane = addPane(menu);
        auto* const form = new QFormLayout(pane);
        form->setContentsMargins(8, 8, 8, 8);
        const auto field = [&](const QString& name, const std::optional<base::Time>& time) {
            auto* const edit = new QLineEdit(time ? dateTimeText(*time, timeZone(zone)) : QString());
            edit->setPlaceholderText(QStringLiteral("2026-11-20 14:03:22.118"));
            edit->setFont(dataFont(m_bar.font()));
            edit->setMinimumWidth(230);
            edit->setAccessibleName(name);
            form->addRow(name, edit);
            return edit;
        };
        const QString where = zone == Zone::Utc ? QStringLiteral("UTC") : tr("local time");
        QLineEdit* const from =
            field(tr("From (%1)").arg(where), query.time ? std::optional(query.time->from) : std::nullopt);
        QLineEdit* const to =
            field(tr("Before (%1)").arg(where), query.time ? std::optional(query.time->to) : std::nullopt);
        const auto apply = [this, menu, from, to] {
            const auto first = parseTimeIn(from->text(), timeZone(zone));
            const auto last = parseTimeIn(to->text(), timeZone(zone));
            mark(from, first.has_value());
            mark(to, last.has_value() && (!first || *first < *last));
            if (!first || !last || !(*first < *last)) return;
            EventQuery next = query;
            next.time = base::TimeRange{*first, *last};
            menu->close();
            change(next);
        };
        connect(from, &QLineEdit::returnPressed, &m_bar, apply);
        connect(to, &QLineEdit::returnPressed, &m_bar, apply);
        QMetaObject::invokeMethod(
            from, [from] { from->setFocus(Qt::PopupFocusReason); }, Qt::QueuedConnection);
    }
    void mark(QLineEdit* field, bool isGood) const
    {
        QPalette palette = field->palette();
        palette.setColor(QPalette::Text, isGood ? colours.text : colours.bad);
        field->setPalette(palette);
        field->setToolTip(isGood ? QString() : tr("A date and time, as 2026-11-20 14:03:22.118"));
    }

    /// Check boxes, as many as there are choices; each takes effect at once.
    void addChoices(QMenu* menu, const QStringList& names, const std::function<bool(int)>& isChosen,
                    const std::function<void(int, bool)>& choose)
    {
        QWidget* const pane = addPane(menu);
        auto* const outer = new QVBoxLayout(pane);
        outer->setContentsMargins(4, 4, 4, 4);
        auto* const area = new QScrollArea;
        auto* const list = new QWidget;
        auto* const layout = new QVBoxLayout(list);
        layout->setContentsMargins(6, 4, 14, 4);
        layout->setSpacing(4);
        for (int i = 0; i < names.size(); ++i) {
            auto* const box = new QCheckBox(QString(names[i]).replace(QLatin1Char('&'), QLatin1String("&&")));
            box->setChecked(isChosen(i));
            connect(box, &QCheckBox::toggled, &m_bar, [choose, i](bool on) { choose(i, on); });
            layout->addWidget(box);
        }
        area->setWidget(list);
        area->setWidgetResizable(true);
        area->setFrameShape(QFrame::NoFrame);
        area->setFocusPolicy(Qt::NoFocus); // its boxes take it
        area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        area->setFixedSize(std::clamp(list->sizeHint().width() + 20, 160, 420),
                           std::min(list->sizeHint().height() + 2, 340));
        outer->addWidget(area);
    }

    template <class Item>
    static void putInto(std::vector<Item>& list, const Item& item, bool isIn)
    {
        std::erase(list, item);
        if (isIn) list.push_back(item);
    }

    void fillTypes(QMenu* menu)
    {
        QStringList names;
        for (const QueryChoices::Type& type : choices.types)
            names += tr("%1  (%2)").arg(type.name, countText(type.events));
        addChoices(
            menu, names,
            [this](int i) { return std::ranges::count(query.filter.types, choices.types[i].name.toStdString()) > 0; },
            [this](int i, bool on) {
                EventQuery next = query;
                putInto(next.filter.types, choices.types[i].name.toStdString(), on);
                change(next);
            });
    }
    void fillPartitions(QMenu* menu)
    {
        QStringList names;
        for (const event::Partition& partition : choices.partitions) names += fromStd(toText(partition));
        addChoices(
            menu, names, [this](int i) { return std::ranges::count(query.partitions, choices.partitions[i]) > 0; },
            [this](int i, bool on) {
                EventQuery next = query;
                putInto(next.partitions, choices.partitions[i], on);
                change(next);
            });
    }

    FilterBar& m_bar;
};

FilterBar::FilterBar(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>(*this)) {}

FilterBar::~FilterBar() = default;

void FilterBar::setColours(const Colours& colours)
{
    m_parts->colours = colours;
    for (ChipButton* const chip : m_parts->chips) chip->setColours(colours);
}

void FilterBar::setZone(Zone zone)
{
    m_parts->zone = zone;
    m_parts->show();
}

void FilterBar::setChoices(const QueryChoices& choices)
{
    m_parts->choices = choices;
}

void FilterBar::setQuery(const EventQuery& query)
{
    m_parts->query = query;
    m_parts->show();
}

const EventQuery& FilterBar::query() const
{
    return m_parts->query;
}

void FilterBar::editText()
{
    m_parts->chip(Chip::Text).showMenu();
}

QString matchText(const MatchCounts& counts)
{
    if (!counts.running) {
        return FilterBar::tr("%1 match · %2 scanned").arg(countText(counts.matched), countText(counts.scanned));
    }
    return FilterBar::tr("%1 match · %2 of %3 scanned")
        .arg(countText(counts.matched), countText(counts.scanned), countText(counts.total));
}

} // namespace leftfold::ui
