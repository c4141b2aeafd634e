// SPDX-License-Identifier: GPL-3.0-or-later
// The window on a real broker: the way in, a timeline that fills, following live, views and their lag. Keeps pictures of each.
#include "tests/kafka/broker.h"
#include "tests/ui/settled.h"
#include "ui/kafka/connect_dialog.h"
#include "ui/timeline/lag_lanes.h"
#include "ui/timeline/timeline_widget.h"
#include "ui/views/views_model.h"
#include "ui/views/views_panel.h"
#include "ui/window/log_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/start_page.h"
#include "ui/window/status_line.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

#include <cmath>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::kafka_test;
using namespace std::chrono_literals;
using leftfold::ui::test::isSettled;
using leftfold::workspace::Open;

namespace {

constexpr qint64 kFirstTime = 1'700'000'000'000; // long ago: brokers refuse what is to come

/// What happens to orders of a shop, by day more than by night, spread over the partitions.
void produce(const Broker& broker, const QString& topic, int partitions, int first, int count, int padding = 0)
{
    static const char* const kTypes[] = {"ItemAdded",   "ItemAdded",       "ItemAdded",    "OrderPlaced",
                                         "OrderPlaced", "PaymentReceived", "OrderShipped", "OrderShipped"};
    Producer producer(broker, {{"linger.ms", "50"}});
    for (int i = first; i < first + count; ++i) {
        const QByteArray id = "order-" + QByteArray::number(i % 400 / 4);
        QByteArray value = R"({"orderId":")" + id + R"(","type":")"
                           + kTypes[static_cast<unsigned>(i) * 2654435761U >> 29U] + R"(","amount":)"
                           + QByteArray::number(i % 97) + "." + QByteArray::number(10 + i % 89);
        if (padding > 0) value += R"(,"note":")" + QByteArray(padding, 'x') + '"';
        const double days = i * 20.0 / 86'400;
        const qint64 time = kFirstTime + i * 20'000LL + std::llround(10'800'000 * std::sin(6.283185 * days));
        producer.send(topic, i % 400 / 4 % partitions, {id, value + '}', time, {}});
    }
    producer.flush();
}

/// A window with settings and a cache of its own, at the broker.
struct Made {
    QTemporaryDir folder;
    MainWindow window;

    explicit Made(workspace::RunnerOptions runner = {}) : window(options(folder, std::move(runner)))
    {
        window.setTheme(Theme::Light);
        window.resize(1600, 1000);
        window.show();
        (void)QTest::qWaitForWindowExposed(&window);
    }
    static WindowOptions options(const QTemporaryDir& folder, workspace::RunnerOptions runner)
    {
        WindowOptions options;
        options.settingsFile = folder.filePath("desktop.ini");
        options.cacheRoot = folder.filePath("cache");
        options.runner = std::move(runner);
        options.runner.version = "test";
        options.runner.lookForMore = 100ms;
        return options;
    }

    [[nodiscard]] const Open* open() const { return window.store()->open(); }
    [[nodiscard]] const workspace::Clusters& clusters() const { return window.store()->state().clusters; }
    [[nodiscard]] bool until(const std::function<bool()>& isSo) const { return QTest::qWaitFor(isSo, 60'000); }
    [[nodiscard]] bool settled() const
    {
        return until([this] { return isSettled(window) && (open() == nullptr || !open()->isFilling); });
    }
    [[nodiscard]] bool opened(const QString& address, bool isLive = false)
    {
        window.openKafka(address, isLive);
        return settled() && open() != nullptr;
    }
    [[nodiscard]] bool has(std::uint64_t events) const
    {
        return until([this, events] { return open() != nullptr && open()->facts->events == events; }) && settled();
    }
    template <class Widget>
    Widget* named(const QString& accessibleName)
    {
        for (Widget* widget : window.findChildren<Widget*>()) {
            if (widget->accessibleName() == accessibleName && widget->isVisible()) return widget;
        }
        qFatal("there is no %s", qPrintable(accessibleName));
    }
    /// Waits until it can be clicked.
    void click(const QString& words)
    {
        QPushButton* button = nullptr;
        const bool isThere = until([&] {
            const auto all = window.findChildren<QPushButton*>();
            const auto found = std::ranges::find_if(all, [&](const QPushButton* each) {
                return each->text() == words && each->isVisible() && each->isEnabled();
            });
            button = found == all.end() ? nullptr : *found;
            return button != nullptr;
        });
        if (!isThere) qFatal("there is no button %s", qPrintable(words));
        QTest::mouseClick(button, Qt::LeftButton);
    }
    [[nodiscard]] bool says(const QString& words) const
    {
        const auto labels = window.findChildren<QLabel*>();
        return std::ranges::any_of(
            labels, [&](const QLabel* label) { return label->isVisible() && label->text().contains(words); });
    }
    void raise(const QString& dock)
    {
        window.findChild<QDockWidget*>(dock)->raise();
        QTest::qWait(30);
    }
};

void keep(QWidget& widget, const QString& name)
{
    const QDir folder(QCoreApplication::applicationDirPath());
    folder.mkpath("pictures");
    QTest::qWait(30);
    QVERIFY(widget.grab().save(folder.filePath("pictures/kafka-" + name + ".png")));
}

} // namespace

class WindowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        // Profiles and samples of its own.
        qputenv("XDG_CONFIG_HOME", m_home.filePath("config").toUtf8());
        qputenv("XDG_STATE_HOME", m_home.filePath("state").toUtf8());
        LEFTFOLD_START_BROKER(m_broker);
    }
    void init() { m_broker->countTest(); }
    void cleanupTestCase() { m_broker.reset(); }

    void aClusterIsTestedAndItsTopicsAreChosen();
    void aProfileIsKeptWithoutItsSecret();
    void aTestSaysWhichStepFailed();
    void theTimelineFillsWhileATopicIsCaptured();
    void whatIsCapturedStaysWhenItIsCancelled();
    void liveStaysAtTheEndUntilOneSteps();
    void aBrokerThatGoesComesBack();
    void viewsAreSampledAndHaveLanes();
    void errorsAreToldInWords();

private:
    static constexpr int kEvents = 500'000;
    /// What is captured while one watches; made by the first test that needs it.
    void makeLargeTopic()
    {
        if (m_broker->topics().contains("large")) return;
        m_broker->createTopic("large", 4, {{"segment.bytes", "67108864"}});
        produce(*m_broker, "large", 4, 0, kEvents, 120);
    }
    [[nodiscard]] QString address() const { return m_broker->address(); }

    QTemporaryDir m_home;
    std::unique_ptr<Broker> m_broker;
};

void WindowTest::aClusterIsTestedAndItsTopicsAreChosen()
{
    m_broker->createTopic("shop.orders", 3);
    m_broker->createTopic("shop.payments", 1, {{"cleanup.policy", "compact"}});
    m_broker->createTopic("audit", 2, {{"retention.ms", "604800000"}});
    produce(*m_broker, "shop.orders", 3, 0, 4000);
    produce(*m_broker, "shop.payments", 1, 0, 900);
    Made made;
    QVERIFY(made.window.findChild<StartPage*>()->isVisible());
    keep(made.window, "start-light");
    made.click("Connect to Kafka…");
    auto* dialog = made.window.findChild<ConnectDialog*>();
    QVERIFY(dialog->isVisible());
    made.named<QLineEdit>("Brokers")->setFocus();
    QTest::keyClicks(made.named<QLineEdit>("Brokers"), address());
    made.click("Test the connection");
    QVERIFY(made.until([&] { return made.clusters().connection.answer != nullptr; }));
    auto* steps = made.named<QListWidget>("Steps of the connection test");
    QCOMPARE(steps->count(), 4);
    for (int row = 0; row < 4; ++row)
        QVERIFY2(steps->item(row)->text().startsWith("✓"), qPrintable(steps->item(row)->text()));
    keep(*dialog, "connect-light");

    made.click("Choose topics");
    QVERIFY(made.until([&] {
        const auto& topics = made.clusters().topics;
        return topics.answer && topics.answer->hasFacts && !topics.isWaiting;
    }));
    auto* table = made.named<QTableView>("Topics");
    QStringList names;
    for (int row = 0; row < table->model()->rowCount(); ++row) names += table->model()->index(row, 0).data().toString();
    QVERIFY2(names.contains("shop.orders") && !names.contains("__consumer_offsets"), qPrintable(names.join(' ')));
    auto* filter = made.named<QLineEdit>("Filter the topics");
    QTest::keyClicks(filter, "SHOP");
    QCOMPARE(table->model()->rowCount(), 2);
    table->setFocus();
    for (int row = 0; row < 2; ++row) {
        table->setCurrentIndex(table->model()->index(row, 0));
        QTest::keyClick(table, Qt::Key_Space);
    }
    QCOMPARE(dialog->address(), "kafka://" + address() + "/shop.orders,shop.payments");
    table->setCurrentIndex(table->model()->index(0, 0));
    QVERIFY(made.until(
        [&] { return made.clusters().preview.answer && made.clusters().preview.answer->topic == "shop.orders"; }));
    auto* last = made.named<QTableView>("Last records");
    QVERIFY(last->model()->rowCount() > 0);
    QVERIFY(last->model()->index(0, 3).data().toString().contains("orderId"));
    keep(*dialog, "topics-light");
    made.window.setTheme(Theme::Dark);
    keep(*dialog, "topics-dark");
    made.window.setTheme(Theme::Light);

    made.click("Open 2 topics");
    QVERIFY(made.settled());
    QVERIFY(made.open() != nullptr);
    QVERIFY(!dialog->isVisible());
    QCOMPARE(made.open()->facts->events, 4900U);
    QCOMPARE(made.open()->facts->isolation, std::optional(source::Isolation::Committed));
    QVERIFY(made.says("read_committed"));
    QVERIFY(made.says("read-only"));
    QCOMPARE(made.window.windowTitle(), "shop.orders, shop.payments at " + address() + " – Leftfold");
    // It is among the recent ones, also after its log is closed.
    made.window.store()->act(workspace::CloseLog{});
    auto* recent = made.named<QListWidget>("Recent logs");
    QCOMPARE(recent->count(), 1);
    emit recent->itemActivated(recent->item(0));
    QVERIFY(made.has(4900));
    keep(made.window, "opened-light");
}

void WindowTest::aProfileIsKeptWithoutItsSecret()
{
    Made made;
    made.window.windowActions().named("connect")->trigger();
    QTest::keyClicks(made.named<QLineEdit>("Brokers"), "k1.example.org:9093");
    QTest::keyClicks(made.named<QLineEdit>("Name"), "production");
    auto* security = made.named<QComboBox>("Security");
    security->setCurrentIndex(security->findData("SASL_SSL"));
    auto* mechanism = made.named<QComboBox>("Mechanism");
    mechanism->setCurrentIndex(mechanism->findData("SCRAM-SHA-512"));
    QTest::keyClicks(made.named<QLineEdit>("User"), "reader");
    QCOMPARE(made.named<QLineEdit>("Password")->echoMode(), QLineEdit::Password);
    auto* store = made.named<QComboBox>("Keep secrets");
    const QString secrets = m_home.filePath("secrets");
    store->addItem("file", "file:" + secrets);
    store->setCurrentIndex(store->count() - 1);
    QTest::keyClicks(made.named<QLineEdit>("Password"), "hush-hush");
    keep(*made.window.findChild<ConnectDialog*>(), "profile-light");
    made.click("Save");
    QVERIFY(made.until([&] {
        const auto& profiles = made.clusters().profiles;
        return !profiles.isWaiting && (profiles.error || (profiles.answer && profiles.answer->changed == "production"));
    }));
    QVERIFY(!made.clusters().profiles.error);
    QCOMPARE(made.named<QListWidget>("Profiles")->currentItem()->text(), QString("production"));
    QVERIFY(made.named<QLineEdit>("Password")->text().isEmpty());
    QFile written(m_home.filePath("config/leftfold/profiles/production.profile"));
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QByteArray text = written.readAll();
    QVERIFY2(text.contains("sasl.username=reader") && !text.contains("hush"), text);
    QFile kept(secrets);
    QVERIFY(kept.open(QIODevice::ReadOnly) && kept.readAll().contains("hush-hush"));
    // It asks before it forgets.
    const auto answer = [&](QMessageBox::ButtonRole role) {
        QTimer::singleShot(0, &made.window, [role] {
            auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            for (QAbstractButton* button : question->buttons()) {
                if (question->buttonRole(button) == role) return button->click();
            }
        });
        made.click("Remove");
    };
    answer(QMessageBox::RejectRole);
    QVERIFY(written.exists());
    answer(QMessageBox::DestructiveRole);
    QVERIFY(made.until(
        [&] { return !made.clusters().profiles.isWaiting && made.clusters().profiles.answer->profiles.empty(); }));
    QVERIFY(!written.exists());
}

void WindowTest::aTestSaysWhichStepFailed()
{
    Made made;
    made.window.windowActions().named("connect")->trigger();
    QTest::keyClicks(made.named<QLineEdit>("Brokers"), "127.0.0.1:1");
    made.click("Test the connection");
    QVERIFY(made.until([&] { return made.clusters().connection.answer != nullptr; }));
    auto* steps = made.named<QListWidget>("Steps of the connection test");
    QCOMPARE(steps->count(), 2);
    QVERIFY(steps->item(0)->text().startsWith("✓  Find the address"));
    QVERIFY2(steps->item(1)->text().startsWith("✗  Connect: 127.0.0.1:1 cannot be reached"),
             qPrintable(steps->item(1)->text()));
    made.click("Choose topics");
    QVERIFY(made.until([&] { return made.clusters().topics.error.has_value(); }));
    QVERIFY(made.says("cannot be reached"));
    keep(*made.window.findChild<ConnectDialog*>(), "unreachable-light");
}

void WindowTest::theTimelineFillsWhileATopicIsCaptured()
{
    makeLargeTopic();
    workspace::RunnerOptions runner;
    runner.showWhileFilling = 40ms;
    Made made(runner);
    std::vector<std::uint64_t> seen;
    QImage picture;
    bool hasWork = false;
    connect(made.window.store(), &Store::changed, &made.window, [&] {
        if (made.open() == nullptr || !made.open()->isFilling) return;
        const auto& density = made.open()->of<workspace::AskDensity>().answer;
        if (!density || (!seen.empty() && seen.back() == density->events())) return;
        seen.push_back(density->events());
        hasWork = hasWork || workOf(*made.open()).has_value();
        picture = made.window.grab().toImage();
    });
    QVERIFY(made.opened(m_broker->url("large")));
    QVERIFY2(!seen.empty() && seen.front() > 0 && seen.front() < kEvents,
             qPrintable(QString("%1 pictures on the way").arg(seen.size())));
    QVERIFY(std::ranges::is_sorted(seen));
    QVERIFY(hasWork);
    QCOMPARE(made.open()->facts->events, std::uint64_t{kEvents});
    QVERIFY(made.open()->facts->isComplete);
    // What was shown on the way is put right at the end: the order, and the aggregates.
    QVERIFY(made.until([&] { return made.open()->projection().opened.has_value(); }) && made.settled());
    QVERIFY(made.open()->isFollowing);
    const QDir folder(QCoreApplication::applicationDirPath());
    QVERIFY(picture.save(folder.filePath("pictures/kafka-filling-light.png")));
    keep(made.window, "filled-light");
}

void WindowTest::whatIsCapturedStaysWhenItIsCancelled()
{
    makeLargeTopic();
    workspace::RunnerOptions runner;
    runner.showWhileFilling = 20ms;
    Made made(runner);
    connect(made.window.store(), &Store::changed, &made.window, [&made, isDone = false]() mutable {
        if (isDone || made.open() == nullptr || !made.open()->isFilling) return;
        isDone = true;
        made.window.windowActions().named("cancel")->trigger();
    });
    QVERIFY(made.opened(m_broker->url("large")));
    QVERIFY(made.open()->facts->events > 0 && made.open()->facts->events < kEvents);
    QVERIFY(!made.open()->isFollowing);
    QVERIFY(made.says("opening it again goes on"));
    QVERIFY(made.opened(m_broker->url("large")));
    QVERIFY(made.has(kEvents));
}

void WindowTest::liveStaysAtTheEndUntilOneSteps()
{
    m_broker->createTopic("live", 2);
    produce(*m_broker, "live", 2, 0, 800);
    Made made;
    QVERIFY(made.opened(m_broker->url("live"), true));
    const auto behind = [&] { return made.open()->playhead ? made.open()->playhead->eventsBehind : 0; };
    QCOMPARE(behind(), 800U);
    produce(*m_broker, "live", 2, 800, 200);
    QVERIFY(made.until([&] { return behind() == 1000; }) && made.settled());
    QVERIFY(made.window.windowActions().named("live")->isChecked());
    keep(made.window, "live-light");
    // A step leaves it: what comes then does not move the playhead.
    QTest::keyClick(&made.window, Qt::Key_F10, Qt::ShiftModifier);
    QVERIFY(made.settled());
    QCOMPARE(behind(), 999U);
    QVERIFY(!made.window.windowActions().named("live")->isChecked());
    produce(*m_broker, "live", 2, 1000, 50);
    QVERIFY(made.has(1050));
    QCOMPARE(behind(), 999U);
    QTest::keyClick(&made.window, Qt::Key_L, Qt::ControlModifier);
    QVERIFY(made.until([&] { return behind() == 1050; }));
    QVERIFY(made.open()->isLive);
}

void WindowTest::aBrokerThatGoesComesBack()
{
    m_broker->createTopic("away", 1);
    produce(*m_broker, "away", 1, 0, 20);
    Made made;
    QVERIFY(made.opened(m_broker->url("away"), true));
    m_broker->kill();
    QVERIFY(made.until([&] { return !made.open()->followNote.empty(); }));
    QVERIFY(made.says("the broker is away"));
    // What was captured can be opened meanwhile.
    made.window.store()->act(workspace::CloseLog{});
    QVERIFY(made.opened(m_broker->url("away")));
    QCOMPARE(made.open()->facts->events, 20U);
    m_broker->start();
    produce(*m_broker, "away", 1, 20, 10);
    QVERIFY(made.has(30));
    QVERIFY(made.until([&] { return made.open()->followNote.empty(); }));
    QVERIFY(!made.says("the broker is away"));
}

void WindowTest::viewsAreSampledAndHaveLanes()
{
    m_broker->createTopic("viewed", 2);
    produce(*m_broker, "viewed", 2, 0, 20'000);
    m_broker->setCommitted("search", "viewed", 0, 5000);
    m_broker->setCommitted("search", "viewed", 1, 5400);
    workspace::RunnerOptions runner;
    runner.lookAtViews = 150ms;
    Made made(runner);
    QVERIFY(made.opened(m_broker->url("viewed")));
    const auto ends = made.open()->facts->summary.partitions;
    for (const auto& partition : ends) {
        for (const QString& group : {QString("orders-db"), QString("cache")}) {
            const qint64 left = group == "cache" ? 900 : 0;
            m_broker->setCommitted(group, "viewed", partition.partition.number, partition.lastOffset.value + 1 - left);
        }
    }
    made.raise("views");
    QVERIFY(made.until([&] { return made.open()->views.answer && made.open()->views.answer->views.size() >= 3; }));
    auto* tree = made.named<QTreeView>("Views and their partitions");
    const QAbstractItemModelTester tester(tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const QString& view : {QString("cache"), QString("orders-db"), QString("search")}) {
        made.window.findChild<ViewsPanel*>()->choose(view);
        made.click("Add to the timeline");
        QVERIFY(made.until([&] { return made.open()->addedViews.contains(view.toStdString()); }));
    }
    const auto status = [&](const std::string& view) {
        const auto& views = made.open()->views.answer->views;
        const auto found = std::ranges::find(views, view, &workspace::ViewFacts::name);
        return found == views.end() ? views::ViewStatus::Unknown : found->status;
    };
    QVERIFY(made.until([&] { return status("search") == views::ViewStatus::NoProgress; }));
    QVERIFY(made.until([&] { return status("orders-db") == views::ViewStatus::Ok; }));
    QVERIFY(made.until([&] { return made.open()->of<workspace::AskLanes>().answer != nullptr; }));
    const auto& places = made.open()->of<workspace::AskLanes>().answer->places;
    QCOMPARE(places.size(), 3U);
    QVERIFY(places[0].from && !places[1].from && places[2].from && *places[2].from < *places[0].from);
    QCOMPARE(places[0].unread, 1800U);
    auto* lanes = made.window.findChild<LagLanes*>();
    QVERIFY(lanes->isVisible() && lanes->height() > 0);
    QVERIFY2(lanes->accessibleDescription().contains("search: no progress"),
             qPrintable(lanes->accessibleDescription()));

    made.window.findChild<ViewsPanel*>()->choose("search");
    made.click("Stand where it stands");
    QVERIFY(made.settled());
    QVERIFY2(made.open()->playhead->cut.events() == 10'400,
             qPrintable(QString::fromStdString(toText(made.open()->playhead->when)) + u' '
                        + made.window.findChild<StatusLine*>()->message()));
    keep(made.window, "views-light");
    made.window.resize(1280, 720);
    keep(made.window, "views-small");
    made.window.resize(1600, 1000);
    made.window.setTheme(Theme::Dark);
    keep(made.window, "views-dark");
    made.window.setTheme(Theme::Light);

    // The samples are there for the next time, and so is what was added.
    made.window.store()->act(workspace::CloseLog{});
    QVERIFY(made.opened(m_broker->url("viewed")));
    QCOMPARE(made.open()->addedViews.size(), 3U);
    QVERIFY(made.until([&] {
        return made.open()->views.answer && !made.open()->views.answer->views.empty()
               && made.open()->views.answer->views.front().history.size() > 10;
    }));
    made.raise("views");
    made.window.findChild<ViewsPanel*>()->choose("cache");
    made.click("Take away");
    QVERIFY(!made.open()->addedViews.contains("cache"));
}

void WindowTest::errorsAreToldInWords()
{
    Made made;
    made.window.openKafka("kafka://127.0.0.1:1/orders");
    QVERIFY(made.until([&] { return std::holds_alternative<workspace::Failed>(made.window.store()->state().log); }));
    QVERIFY(made.says("orders at 127.0.0.1:1 could not be opened"));
    QVERIFY(made.says("cannot be reached"));
    keep(made.window, "error-light");
    made.window.openKafka(m_broker->url("no-such-topic"));
    QVERIFY(made.until([&] { return made.says("there is no topic no-such-topic"); }));
    made.window.openKafka("kafka://nobody-knows-this-profile/orders");
    QVERIFY(made.until([&] { return made.says("there is no profile"); }));
}

QTEST_MAIN(WindowTest)
#include "window_test.moc"
