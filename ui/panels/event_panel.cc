// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/event_panel.h"

#include "core/decode/text.h"
#include "ui/panels/hex_view.h"
#include "ui/panels/json_tree.h"
#include "ui/panels/parts.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace leftfold::ui {

namespace {

/// A pane of text lays out every line it has: more than this of one event is for a file.
constexpr std::size_t kMaxRaw = std::size_t{64} << 10;

QString fromStd(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// The value of a header: text, else its bytes, and the number that eight of them are to many producers.
QString headerText(const std::string& value)
{
    if (decode::isUtf8(value) && value.find('\0') == std::string::npos) return fromStd(value);
    const QByteArray bytes = QByteArray::fromStdString(value);
    const QString hex = QStringLiteral("0x") + QString::fromLatin1(bytes.toHex());
    if (value.size() != 8) return hex;
    qint64 number = 0;
    for (const char byte : value)
        number = static_cast<qint64>((static_cast<quint64>(number) << 8) | static_cast<unsigned char>(byte));
    return QStringLiteral("%1 (%2)").arg(hex).arg(number);
}

} // namespace

QString readable(std::string_view bytes, std::size_t maxBytes)
{
    if (bytes.size() <= maxBytes) return fromStd(bytes);
    while (maxBytes > 0 && (static_cast<unsigned char>(bytes[maxBytes]) & 0xc0) == 0x80) --maxBytes;
    return fromStd(bytes.substr(0, maxBytes)) + QLatin1Char('\n')
           + EventPanel::tr("… and %1 more bytes").arg(countText(bytes.size() - maxBytes));
}

class EventPanel::Parts {
public:
    explicit Parts(EventPanel& panel) : m_panel(panel)
    {
        asPanel(panel);
        auto* const layout = new QVBoxLayout(&panel);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addLayout(buildTop());
        layout->addWidget(buildPages(), 1);
        connect(m_tabs, &QButtonGroup::idClicked, &panel, [this](int tab) { show(static_cast<Tab>(tab)); });
        show(Tab::Tree);
        update();
    }

    void show(Tab tab)
    {
        m_tabs->button(static_cast<int>(tab))->setChecked(true);
        m_pages->setCurrentIndex(static_cast<int>(tab));
        fill();
    }
    [[nodiscard]] Tab tab() const { return static_cast<Tab>(m_pages->currentIndex()); }

    void update()
    {
        m_facts->setText(event ? facts() : QString());
        m_aggregate->setVisible(event && event->aggregate);
        if (event && event->aggregate) m_aggregate->setText(fromStd(*event->aggregate));
        m_go->setVisible(event.has_value());
        m_decode->setVisible(event.has_value());
        m_schema->setVisible(event && !event->schema.isEmpty());
        if (event) m_schema->setText(event->decoded);
        m_filled = {};
        fill();
    }

    void restyle()
    {
        m_tree->setColours(colours);
        m_hex->setColours(colours);
        m_headersHeader->setColours(colours);
        setSecondary(m_facts, colours);
        setInk(m_raw, colours.text);
    }

    std::optional<EventDetail> event;
    Colours colours = lightColours();
    Zone zone = Zone::Utc;

private:
    QLayout* buildTop()
    {
        m_facts = new ElidedLabel;
        m_facts->setFont(dataFont(m_panel.font()));
        m_aggregate = new QToolButton;
        m_aggregate->setAutoRaise(true);
        m_aggregate->setToolTip(tr("Show this aggregate"));
        m_go = new QToolButton;
        m_go->setAutoRaise(true);
        m_go->setText(tr("Go here"));
        m_schema = new QToolButton;
        m_schema->setAutoRaise(true);
        m_schema->setToolTip(tr("Show this schema, and what changed in it"));
        m_decode = new QToolButton;
        m_decode->setAutoRaise(true);
        m_decode->setText(tr("Decode…"));
        m_decode->setToolTip(tr("Choose how payloads like this one are read"));
        m_tabs = new QButtonGroup(&m_panel);
        auto* const top = new QHBoxLayout;
        top->setContentsMargins(12, 4, 8, 4);
        top->setSpacing(4);
        const QStringList names = {tr("Tree"), tr("Raw"), tr("Hex"), tr("Headers")};
        for (int i = 0; i < names.size(); ++i) {
            QToolButton* const button = makeSwitch(names[i]);
            m_tabs->addButton(button, i);
            top->addWidget(button);
        }
        top->addSpacing(12);
        top->addWidget(m_facts, 1);
        top->addWidget(m_schema);
        top->addWidget(m_decode);
        top->addWidget(m_aggregate);
        top->addWidget(m_go);
        connect(m_schema, &QToolButton::clicked, &m_panel, [this] { emit m_panel.schemaWanted(event->schema); });
        connect(m_decode, &QToolButton::clicked, &m_panel, [this] { emit m_panel.decodersWanted(event->index.value); });
        connect(m_aggregate, &QToolButton::clicked, &m_panel,
                [this] { emit m_panel.aggregateWanted(m_aggregate->text()); });
        connect(m_go, &QToolButton::clicked, &m_panel, [this] { emit m_panel.goToWanted(event->index.value); });
        return top;
    }
    QWidget* buildPages()
    {
        m_pages = new QStackedWidget;
        m_tree = new JsonTree;
        m_raw = new QPlainTextEdit;
        m_raw->setReadOnly(true);
        m_raw->setFrameShape(QFrame::NoFrame);
        m_raw->setFont(dataFont(m_panel.font()));
        m_raw->setWordWrapMode(QTextOption::WrapAnywhere);
        m_raw->setAccessibleName(tr("Payload as it is"));
        m_raw->document()->setDocumentMargin(10);
        m_hex = new HexView;
        m_headers = new QTableWidget(0, 2);
        m_headersHeader = new QuietHeader;
        m_headers->setItemDelegate(new PaddedDelegate(m_headers));
        m_headers->setHorizontalHeader(m_headersHeader);
        m_headers->setHorizontalHeaderLabels({tr("header"), tr("value")});
        m_headers->setAccessibleName(tr("Headers"));
        m_headers->setFrameShape(QFrame::NoFrame);
        m_headers->setShowGrid(false);
        m_headers->setEditTriggers(QAbstractItemView::NoEditTriggers);
        m_headers->setSelectionBehavior(QAbstractItemView::SelectRows);
        m_headers->verticalHeader()->hide();
        m_headers->verticalHeader()->setDefaultSectionSize(rowHeight(m_panel.font()));
        m_headersHeader->setDefaultSectionSize(220);
        m_pages->addWidget(m_tree);
        m_pages->addWidget(m_raw);
        m_pages->addWidget(m_hex);
        m_pages->addWidget(m_headers);
        return m_pages;
    }

    [[nodiscard]] QString facts() const
    {
        const QTimeZone shown = timeZone(zone);
        QStringList out = {fromStd(toText(event->index)), fromStd(toText(event->position)),
                           fullTimeText(event->effective, shown), fromStd(event->type)};
        if (event->time && *event->time != event->effective)
            out += tr("own time %1").arg(dateTimeText(*event->time, shown));
        if (event->timestamp && event->timestamp != event->time)
            out += tr("log's time %1").arg(dateTimeText(*event->timestamp, shown));
        if (event->key) out += tr("key %1").arg(fromStd(decode::printable(*event->key, 60)));
        if (event->value) out += tr("%1 bytes").arg(countText((event->raw ? *event->raw : *event->value).size()));
        if (event->schema.isEmpty() && !event->decoded.isEmpty()) out += event->decoded;
        return out.join(QStringLiteral("   "));
    }
    [[nodiscard]] QString whyNoTree() const
    {
        if (!event) return tr("Choose an event to see it here.");
        if (!event->problem.isEmpty()) return event->problem;
        return event->value ? tr("The payload is no document.") : tr("A tombstone: the payload is null.");
    }

    /// Only the page that is seen.
    void fill()
    {
        const auto page = static_cast<std::size_t>(tab());
        if (std::exchange(m_filled[page], true)) return;
        const std::string value = event && event->value ? *event->value : std::string();
        switch (tab()) {
        case Tab::Tree:
            m_tree->setEmptyText(whyNoTree());
            return m_tree->setDocument(event ? event->document : std::nullopt);
        case Tab::Raw:
            m_raw->setPlaceholderText(event && event->value ? QString() : whyNoTree());
            return m_raw->setPlainText(readable(value, kMaxRaw));
        case Tab::Hex:
            return m_hex->setBytes(event && event->raw ? *event->raw : value);
        case Tab::Headers:
            return fillHeaders();
        }
    }
    void fillHeaders()
    {
        const auto count = event ? static_cast<int>(event->headers.size()) : 0;
        m_headers->setRowCount(count);
        for (int row = 0; row < count; ++row) {
            const auto& [name, value] = event->headers[static_cast<std::size_t>(row)];
            auto* const first = new QTableWidgetItem(fromStd(decode::printable(name, 200)));
            auto* const second = new QTableWidgetItem(value ? headerText(*value) : tr("null"));
            if (!value) second->setForeground(colours.secondary);
            for (QTableWidgetItem* const item : {first, second}) item->setFont(dataFont(m_panel.font()));
            m_headers->setItem(row, 0, first);
            m_headers->setItem(row, 1, second);
        }
    }

    EventPanel& m_panel;
    QLabel* m_facts = nullptr;
    QToolButton* m_aggregate = nullptr;
    QToolButton* m_go = nullptr;
    QToolButton* m_schema = nullptr;
    QToolButton* m_decode = nullptr;
    QButtonGroup* m_tabs = nullptr;
    QStackedWidget* m_pages = nullptr;
    JsonTree* m_tree = nullptr;
    QPlainTextEdit* m_raw = nullptr;
    HexView* m_hex = nullptr;
    QTableWidget* m_headers = nullptr;
    QuietHeader* m_headersHeader = nullptr;
    std::array<bool, 4> m_filled{}; ///< the page shows the event
};

EventPanel::EventPanel(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>(*this)) {}

EventPanel::~EventPanel() = default;

void EventPanel::setColours(const Colours& colours)
{
    m_parts->colours = colours;
    m_parts->restyle();
}

void EventPanel::setZone(Zone zone)
{
    m_parts->zone = zone;
    m_parts->update();
}

void EventPanel::setEvent(std::optional<EventDetail> event)
{
    m_parts->event = std::move(event);
    m_parts->update();
}

void EventPanel::showTab(Tab tab)
{
    m_parts->show(tab);
}

EventPanel::Tab EventPanel::tab() const
{
    return m_parts->tab();
}

} // namespace leftfold::ui
