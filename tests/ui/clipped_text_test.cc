// SPDX-License-Identifier: GPL-3.0-or-later
// No text of the window is cut where it should not be: in both languages, in a large and a small window, and with
// QT_SCALE_FACTOR=2 (an entry of ctest of its own). What is painted is compared with where it may be seen, and what controls
// ask for with what they have.
#include "tests/ui/made_window.h"
#include "tests/ui/painted_texts.h"
#include "ui/events/events_panel.h"
#include "ui/events/filter_bar.h"
#include "ui/language.h"
#include "ui/panels/event_panel.h"
#include "ui/panels/parts.h"
#include "ui/table/quiet_header.h"
#include "ui/window/command_palette.h"
#include "ui/window/export_dialog.h"
#include "ui/window/start_page.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>
#include <QTranslator>
#include <set>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

/// What may be cut, and why.
bool mayBeCut(const QWidget* widget)
{
    for (; widget != nullptr; widget = widget->parentWidget()) {
        // Lines of data that say so: ids, positions, messages. Whole in their tool tip.
        if (qobject_cast<const ElidedLabel*>(widget) != nullptr) return true;
        // Cells hold values of any length, and rows scroll; header sections are looked at one by one.
        if (qobject_cast<const QAbstractScrollArea*>(widget) != nullptr) return true;
        // What was typed, or the position of the playhead, scrolls in its field.
        const auto* field = qobject_cast<const QLineEdit*>(widget);
        if (field != nullptr && !field->text().isEmpty()) return true;
        if (widget->isWindow()) return false;
    }
    return false;
}

QString describe(const QWidget& widget)
{
    const QWidget* parent = widget.parentWidget();
    return QString("%1 '%2' in %3")
        .arg(widget.metaObject()->className(),
             widget.accessibleName().isEmpty() ? widget.objectName() : widget.accessibleName(),
             parent == nullptr ? "-" : parent->metaObject()->className());
}

QString plain(QString text)
{
    text.replace("&&", "\u0001").remove(u'&').replace(u'\u0001', u'&');
    return text;
}

/// Texts that end with "…" by themselves.
std::set<QString> textsWithDots()
{
    std::set<QString> out;
    const auto add = [&out](const QString& text) {
        for (const QString& line : text.split(u'\n')) {
            if (line.endsWith(u'…')) out.insert(plain(line));
        }
    };
    for (const QWidget* widget : QApplication::allWidgets()) {
        for (const char* property : {"text", "placeholderText", "title"}) add(widget->property(property).toString());
        for (const QAction* action : widget->actions()) add(action->text());
    }
    return out;
}

class Findings {
public:
    /// Of one window, as it is now.
    void look(QWidget& window, const QString& where)
    {
        m_where = where;
        QCoreApplication::sendPostedEvents(); // layouts of texts that are new
        lookAtPaint(window);
        for (const QWidget* widget : window.findChildren<QWidget*>()) {
            // Behind another tab it is not seen, and has any size.
            if (widget->window() == &window && !widget->visibleRegion().isEmpty()) lookAtSizes(*widget);
        }
    }
    [[nodiscard]] const std::set<QString>& all() const { return m_all; }
    [[nodiscard]] int texts() const { return m_texts; }

private:
    void lookAtPaint(QWidget& window)
    {
        const std::set<QString> withDots = textsWithDots();
        for (const PaintedText& painted : paintedTexts(window)) {
            ++m_texts;
            // A row that is half below the edge of its view is still its view's.
            const QWidget* widget = window.childAt((painted.clip & window.rect()).center().toPoint());
            if (widget == nullptr) widget = &window;
            if (mayBeCut(widget)) continue;
            const bool isElided = painted.text.endsWith(u'…') && !withDots.contains(painted.text);
            if (isElided || !painted.isSeen() || painted.isCutAcross() || painted.isCutAlong())
                add(*widget, painted.text,
                    isElided ? "elided" : "cut: " + ofRect(painted.ink) + " in " + ofRect(painted.clip));
        }
    }
    static QString ofRect(const QRectF& rect)
    {
        return QString("%1,%2 %3x%4").arg(rect.x()).arg(rect.y()).arg(rect.width()).arg(rect.height());
    }
    void lookAtSizes(const QWidget& widget)
    {
        if (const auto* label = qobject_cast<const QLabel*>(&widget)) return lookAtLabel(*label);
        if (const auto* tabs = qobject_cast<const QTabBar*>(&widget)) return lookAtTabs(*tabs);
        if (const auto* box = qobject_cast<const QComboBox*>(&widget)) return lookAtChoices(*box);
        if (const auto* header = qobject_cast<const QHeaderView*>(&widget)) return lookAtHeader(*header);
        const auto* button = qobject_cast<const QAbstractButton*>(&widget);
        if (button != nullptr && !button->text().isEmpty()) expect(widget, button->text(), widget.sizeHint());
        const auto* field = qobject_cast<const QLineEdit*>(&widget);
        if (field != nullptr && field->text().isEmpty() && !field->placeholderText().isEmpty()) {
            const int width = field->fontMetrics().horizontalAdvance(field->placeholderText());
            expect(widget, field->placeholderText(), {width + 12, 0});
        }
    }
    void lookAtLabel(const QLabel& label)
    {
        if (label.text().isEmpty() || mayBeCut(&label)) return;
        if (!label.wordWrap()) return expect(label, label.text(), label.sizeHint());
        expect(label, label.text(), {0, label.heightForWidth(label.width())});
    }
    void lookAtTabs(const QTabBar& tabs)
    {
        for (int tab = 0; tab < tabs.count(); ++tab) {
            const QRect rect = tabs.tabRect(tab);
            const int width = tabs.fontMetrics().horizontalAdvance(tabs.tabText(tab));
            if (rect.width() < width + 8 || !tabs.rect().adjusted(-1, -1, 1, 1).contains(rect))
                add(tabs, tabs.tabText(tab), "a tab without room");
        }
    }
    void lookAtChoices(const QComboBox& box)
    {
        constexpr int kArrow = 20;
        for (int i = 0; i < box.count(); ++i) {
            const int width = box.fontMetrics().horizontalAdvance(box.itemText(i));
            if (box.width() < width + kArrow + 8) add(box, box.itemText(i), "a choice without room");
        }
    }
    void lookAtHeader(const QHeaderView& header)
    {
        if (header.orientation() != Qt::Horizontal || header.isHidden()) return;
        for (int section = 0; section < header.count(); ++section) {
            const QString name = header.model()->headerData(section, Qt::Horizontal).toString();
            const int sort = header.isSortIndicatorShown() && header.sortIndicatorSection() == section ? 12 : 0;
            const int needed = header.fontMetrics().horizontalAdvance(name) + 16 + sort;
            if (!header.isSectionHidden(section) && header.sectionSize(section) < needed)
                add(header, name, "a column without room for its name");
        }
    }
    void expect(const QWidget& widget, const QString& text, QSize wanted)
    {
        if (widget.width() + 1 < wanted.width() || widget.height() + 1 < wanted.height())
            add(widget, text,
                QString("%1x%2 of %3x%4")
                    .arg(widget.width())
                    .arg(widget.height())
                    .arg(wanted.width())
                    .arg(wanted.height()));
    }
    void add(const QWidget& widget, const QString& text, const QString& what)
    {
        m_all.insert(QString("%1: %2: \"%3\": %4").arg(m_where, describe(widget), text.left(60), what));
    }

    QString m_where;
    std::set<QString> m_all;
    int m_texts = 0;
};

} // namespace

class ClippedTextTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const bool isDoubled = qEnvironmentVariable("QT_SCALE_FACTOR") == "2";
        QCOMPARE(qApp->devicePixelRatio(), isDoubled ? 2.0 : 1.0);
    }

    void aTextThatIsCutIsFound()
    {
        QWidget window;
        auto* narrow = new QPushButton("A text that has no room here", &window);
        narrow->setFixedSize(60, 24);
        auto* low = new QLabel("Lower than its text", &window);
        low->setGeometry(0, 40, 300, 6);
        auto* good = new QLabel("All of it", &window);
        good->setGeometry(0, 80, 300, 30);
        window.resize(400, 200);
        window.show();
        Findings findings;
        findings.look(window, "made");
        QCOMPARE(findings.texts(), 3);
        const QString all = listed(findings);
        QVERIFY2(all.contains("A text that has no room here") && all.contains("Lower than its text"), qPrintable(all));
        QVERIFY2(!all.contains("All of it"), qPrintable(all));
    }

    void nothingIsCut_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QSize>("size");
        for (const char* language : {"en", "zh_CN"}) {
            QTest::addRow("%s 1600x1000", language) << language << QSize(1600, 1000);
            QTest::addRow("%s 1280x720", language) << language << QSize(1280, 720);
        }
    }
    void nothingIsCut()
    {
        QFETCH(QString, language);
        QFETCH(QSize, size);
        speak(*qApp, localeOf(language));
        MadeWindow made(false);
        made.window.resize(size);
        made.window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&made.window));
        Findings findings;
        lookAtStart(made, findings);
        QVERIFY(made.openedSample());
        made.act(workspace::GoToText{"#1731"});
        made.act(workspace::ChooseAggregate{"payment-1271"});
        made.act(workspace::SetMark{workspace::Mark::A, workspace::Target(event::When(event::EventIndex{1200}))});
        made.act(workspace::SetMark{workspace::Mark::B, workspace::Target(event::When(event::EventIndex{2600}))});
        QVERIFY(made.settled());
        made.press(Qt::Key_F11);
        QVERIFY(made.settled());
        lookAtPanels(made, findings);
        if (QTest::currentTestFailed()) return;
        lookAtDialogs(made, findings);
        lookAtMenus(made, findings);
        lookAtFilters(made, findings);
        QVERIFY(findings.texts() > 1000);
        for (const QString& finding : findings.all()) qWarning("%s", qPrintable(finding));
        QVERIFY(findings.all().empty());
    }

    void cleanup()
    {
        for (auto* translator : qApp->findChildren<QTranslator*>()) delete translator;
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

private:
    static QString listed(const Findings& findings)
    {
        return QStringList(findings.all().begin(), findings.all().end()).join(u'\n');
    }

    static void lookAtStart(MadeWindow& made, Findings& findings)
    {
        auto* page = made.window.findChild<StartPage*>();
        page->setRecent({kShop});
        QTest::qWait(20);
        findings.look(made.window, "start");
        workspace::LoadOptions options;
        options.log = {"/var/log/a-log-with-a-rather-long-name-of-many-words-that-is-still-one-name.jsonl"};
        workspace::WorkspaceState state;
        workspace::LoadProgress progress;
        progress.events = 123'456'789;
        progress.source.done = 12'345'678'901;
        progress.source.total = 98'765'432'109;
        state.log = workspace::Loading{options, progress};
        page->show(state);
        QTest::qWait(20);
        findings.look(made.window, "loading");
        state.log = workspace::Failed{options, base::Error{base::ErrorCode::FileNotFound, options.log, {}}};
        page->show(state);
        QTest::qWait(20);
        findings.look(made.window, "failed");
    }

    static void lookAtPanels(MadeWindow& made, Findings& findings)
    {
        auto* event = made.window.findChild<EventPanel*>();
        using Tab = EventPanel::Tab;
        for (const Tab tab : {Tab::Tree, Tab::Raw, Tab::Hex, Tab::Headers}) {
            event->showTab(tab);
            QTest::qWait(20);
            findings.look(made.window, QString("event %1").arg(static_cast<int>(tab)));
        }
        for (const char* panel : {"aggregates", "diff", "projection", "problems"}) {
            made.dock(panel)->raise();
            QTest::qWait(20);
            QVERIFY(made.settled());
            if (panel == QString("diff")) {
                made.act(workspace::ChoosePair{"payment-1271"});
                QVERIFY(made.settled());
            }
            QTest::qWait(20);
            findings.look(made.window, panel);
        }
    }

    static void lookAtDialogs(MadeWindow& made, Findings& findings)
    {
        made.action("palette")->trigger();
        QTest::qWait(20);
        auto* palette = made.window.findChild<CommandPalette*>();
        QVERIFY(palette->isVisible());
        findings.look(*palette, "palette");
        palette->hide();
        made.action("export")->trigger();
        auto* dialog = made.window.findChild<ExportDialog*>();
        QTRY_VERIFY(dialog->isVisible());
        QTest::qWait(20);
        findings.look(*dialog, "export");
        dialog->findChild<QLineEdit*>()->setText(QString::fromStdString(made.folder.path("states.jsonl")));
        for (auto* button : dialog->findChildren<QPushButton*>()) {
            if (button->isDefault()) QTest::mouseClick(button, Qt::LeftButton);
        }
        QVERIFY(made.settled());
        QTest::qWait(20);
        findings.look(*dialog, "exported");
        qobject_cast<QDialog*>(dialog)->reject();
        QTimer::singleShot(0, [&findings] {
            QWidget* about = QApplication::activeModalWidget();
            findings.look(*about, "about");
            about->close();
        });
        made.action("about")->trigger();
    }

    /// All of them, opened one after the other.
    static void lookAtMenus(MadeWindow& made, Findings& findings)
    {
        int looked = 0;
        for (auto* menu : made.window.findChildren<QMenu*>()) {
            menu->popup(made.window.mapToGlobal(QPoint(10, 10)));
            QTest::qWait(5);
            findings.look(*menu, QString("menu %1").arg(++looked));
            menu->close();
        }
        QVERIFY(looked > 10);
    }

    static void lookAtFilters(MadeWindow& made, Findings& findings)
    {
        workspace::EventChoice choice;
        choice.filter.types = {made.open().types.front(), made.open().types.back()};
        choice.partitions = {made.open().facts->summary.partitions.front().partition};
        choice.filter.text = "no such text";
        made.act(workspace::ListEvents{choice});
        QVERIFY(made.settled());
        QTest::qWait(20);
        findings.look(made.window, "nothing listed");
        choice = {};
        choice.time =
            base::TimeRange{made.open().playhead->last->time, base::plusNanos(made.open().playhead->last->time, 5e9)};
        made.act(workspace::ListEvents{choice});
        QVERIFY(made.settled());
        QTest::qWait(20);
        findings.look(made.window, "a time chosen");
    }
};

QTEST_MAIN(ClippedTextTest)
#include "clipped_text_test.moc"
