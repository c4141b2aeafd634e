// SPDX-License-Identifier: GPL-3.0-or-later
// What the window shows of clusters and views, without one: models, words, lanes.
#include "tests/ui/kafka_values.h"
#include "tests/ui/widget_test.h"
#include "ui/kafka/kafka_texts.h"
#include "ui/kafka/profile_form.h"
#include "ui/kafka/topics_model.h"
#include "ui/timeline/lag_lanes.h"
#include "ui/views/lag_plot.h"
#include "ui/views/views_model.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;
using Mode = QAbstractItemModelTester::FailureReportingMode;

class KafkaModelsTest : public QObject {
    Q_OBJECT

private slots:
    void topicsAreListedAndTicked();
    void lastRecordsAreShown();
    void viewsAreATree();
    void whatIsChosenSurvivesALook();
    void retentionIsSaidInWords_data();
    void retentionIsSaidInWords();
    void everyRuleAndStatusHasWords();
    void labelsAreSaidInWords();
    void aFormSaysWhatIsFilledIn();
    void aLaneIsLaidOut_data();
    void aLaneIsLaidOut();
    void aLagLineReachesItsTop();
};

void KafkaModelsTest::topicsAreListedAndTicked()
{
    TopicsModel model;
    const QAbstractItemModelTester tester(&model, Mode::QtTest);
    QSignalSpy ticked(&model, &TopicsModel::tickedChanged);
    model.setTopics(listOf({topic("audit", 1), topic("orders", 3)}, false));
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(1, TopicsModel::Partitions).data().toString(), QString("3"));
    QCOMPARE(model.index(1, TopicsModel::Records).data().toString(), QString("…"));
    QVERIFY(model.setData(model.index(1, 0), Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(model.ticked(), QStringList{"orders"});
    // The second telling knows more of the same topics.
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setTopics(listOf({topic("audit", 1), topic("orders", 3, {{"cleanup.policy", "compact"}})}, true));
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.ticked(), QStringList{"orders"});
    QCOMPARE(model.index(1, TopicsModel::Records).data().toString(), countText(2970));
    QCOMPARE(model.index(1, TopicsModel::Cleanup).data().toString(), QString("compact"));
    // Another cluster does not have it.
    model.setTopics(listOf({topic("audit", 1)}, true));
    QVERIFY(model.ticked().isEmpty());
    model.setTopics(nullptr);
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(ticked.count() >= 4);
}

void KafkaModelsTest::lastRecordsAreShown()
{
    PreviewModel model;
    const QAbstractItemModelTester tester(&model, Mode::QtTest);
    workspace::Preview preview{"here", "orders", {}};
    preview.rows.push_back({{{"orders", 1}, {7}}, at("2026-11-22T12:00:00.5Z"), "k", "{}", false, 2});
    preview.rows.push_back({{{"orders", 0}, {3}}, std::nullopt, std::nullopt, {}, true, 0});
    model.setPreview(std::make_shared<const workspace::Preview>(preview));
    const auto cell = [&](int row, int column) { return model.index(row, column).data().toString(); };
    QCOMPARE(cell(0, PreviewModel::Position), QString("orders[1]@7"));
    QCOMPARE(cell(0, PreviewModel::Time), QString("2026-11-22 12:00:00.500"));
    QCOMPARE(cell(1, PreviewModel::Key), QString("no key"));
    QCOMPARE(cell(1, PreviewModel::Value), QString("tombstone"));
    model.setPreview(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void KafkaModelsTest::viewsAreATree()
{
    ViewsModel model;
    const QAbstractItemModelTester tester(&model, Mode::QtTest);
    model.setLook(lookOf({{"cache", {"5-10", "-4"}}, {"search", {"10-10"}}}));
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex cache = model.index(0, 0);
    QCOMPARE(model.rowCount(cache), 2);
    QCOMPARE(model.index(0, ViewsModel::Lag).data().toString(), QString("5"));
    const auto cell = [&](int row, int column) { return model.index(row, column, cache).data().toString(); };
    QCOMPARE(cell(0, ViewsModel::Name), QString("orders[0]"));
    QCOMPARE(cell(0, ViewsModel::Committed), QString("@5"));
    QCOMPARE(cell(0, ViewsModel::Retention), QString("50 %"));
    QCOMPARE(cell(1, ViewsModel::Committed), QString("none"));
    QCOMPARE(cell(1, ViewsModel::Lag), QString("–"));
    QCOMPARE(model.view(model.index(1, 0, cache))->name, std::string("cache"));
    QCOMPARE(model.find("search"), model.index(1, 0));
    QVERIFY(!model.find("gone").isValid());
    model.setLook(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void KafkaModelsTest::whatIsChosenSurvivesALook()
{
    ViewsModel model;
    const QAbstractItemModelTester tester(&model, Mode::QtTest);
    model.setLook(lookOf({{"cache", {"5-10"}}, {"search", {"10-10"}}}));
    const QPersistentModelIndex chosen = model.index(0, 0, model.index(0, 0));
    model.setLook(lookOf({{"cache", {"7-10"}}, {"search", {"10-10"}}}));
    QVERIFY(chosen.isValid());
    QCOMPARE(chosen.sibling(0, ViewsModel::Lag).data().toString(), QString("3"));
    // Another view comes: all is anew.
    model.setLook(lookOf({{"added", {"1-1"}}, {"cache", {"7-10"}}, {"search", {"10-10"}}}));
    QVERIFY(!chosen.isValid());
    QCOMPARE(model.rowCount(), 3);
}

void KafkaModelsTest::retentionIsSaidInWords_data()
{
    QTest::addColumn<QStringList>("settings");
    QTest::addColumn<QString>("words");
    QTest::newRow("not to be seen") << QStringList{} << "?";
    QTest::newRow("days") << QStringList{"cleanup.policy=delete", "retention.ms=604800000"} << "7 d";
    QTest::newRow("for ever") << QStringList{"cleanup.policy=delete", "retention.ms=-1"} << "for ever";
    QTest::newRow("compacted") << QStringList{"cleanup.policy=compact", "retention.ms=604800000"} << "for ever";
    QTest::newRow("both") << QStringList{"cleanup.policy=delete", "retention.ms=3600000", "retention.bytes=50000000"}
                          << "1 h, at most 50 MB a partition";
}

void KafkaModelsTest::retentionIsSaidInWords()
{
    QFETCH(QStringList, settings);
    QFETCH(QString, words);
    source::TopicFacts facts;
    for (const QString& setting : settings)
        facts.settings[setting.section(u'=', 0, 0).toStdString()] = setting.section(u'=', 1).toStdString();
    QCOMPARE(retentionText(facts), words);
}

void KafkaModelsTest::everyRuleAndStatusHasWords()
{
    QSet<QString> words;
    for (int status = 0; status <= static_cast<int>(views::ViewStatus::Rewind); ++status) {
        const auto as = static_cast<views::ViewStatus>(status);
        words.insert(statusText(as));
        QVERIFY(!statusSign(as).isEmpty());
    }
    QCOMPARE(words.size(), 7);
    QVERIFY(!words.contains(QString()));
    words.clear();
    for (int rule = 0; rule <= static_cast<int>(views::LagRule::BecomesLess); ++rule) {
        views::Verdict verdict;
        verdict.by = static_cast<views::LagRule>(rule);
        words.insert(ruleText(verdict));
    }
    QCOMPARE(words.size(), 9);
    QVERIFY(!words.contains(QString()));
}

void KafkaModelsTest::labelsAreSaidInWords()
{
    auto facts = partition(0, "5-10");
    QCOMPARE(labelText(facts.look), QString());
    facts.look.label = "open transaction";
    QCOMPARE(labelText(facts.look), QString("waits for an open transaction"));
    facts.look.sample.start = {8};
    QCOMPARE(labelText(facts.look), QString("3 offsets were deleted before it read them"));
    facts = partition(0, "15-10");
    facts.look.label = "ahead by 5";
    QVERIFY(labelText(facts.look).startsWith("5 ahead of the end"));
}

void KafkaModelsTest::aFormSaysWhatIsFilledIn()
{
    ProfileForm form;
    QVERIFY(!form.isPlain());
    source::KafkaProfile profile{"production",
                                 {{"bootstrap.servers", "k1:9093,k2:9093"},
                                  {"security.protocol", "SASL_SSL"},
                                  {"sasl.mechanisms", "SCRAM-SHA-512"},
                                  {"sasl.username", "reader"},
                                  {"secret.store", "environment"},
                                  {"ssl.ca.location", "/ca.pem"},
                                  {"socket.timeout.ms", "9000"}}};
    form.setProfile(profile);
    QCOMPARE(form.profile(), profile);
    QVERIFY(form.secrets().empty());
    form.setProfile({"", {{"bootstrap.servers", "localhost:9092"}}});
    QVERIFY(form.isPlain());
    // A file as a store is none of the choices, and stays all the same.
    profile.properties["secret.store"] = "file:/secrets";
    form.setProfile(profile);
    QCOMPARE(form.profile(), profile);
}

void KafkaModelsTest::aLaneIsLaidOut_data()
{
    QTest::addColumn<int>("from"); // seconds of the axis; -1: all was read
    QTest::addColumn<int>("end");
    QTest::addColumn<QString>("shape");
    QTest::newRow("behind") << 30 << 90 << "| at 30, lag 30 to 90";
    QTest::newRow("caught up") << -1 << 90 << "| at 90";
    QTest::newRow("stands before what is seen") << -50 << 90 << "lag 0 to 90";
    QTest::newRow("ends behind what is seen") << 30 << 500 << "| at 30, lag 30 to 100";
    QTest::newRow("lies behind what is seen") << 300 << 500 << "";
}

void KafkaModelsTest::aLaneIsLaidOut()
{
    QFETCH(int, from);
    QFETCH(int, end);
    QFETCH(QString, shape);
    const base::Time start = at("2026-11-22T12:00:00Z");
    const auto after = [&](int seconds) { return base::Time{start.seconds + seconds, 0}; };
    LagLane lane{"view", "✓", "", QColor(), std::nullopt, after(end)};
    if (from != -1) lane.from = after(from);
    const LaneShape laid = laneShape(lane, {{start, after(100)}, 100});
    QStringList words;
    if (laid.mark) words += QString("| at %1").arg(*laid.mark);
    if (laid.lag) words += QString("lag %1 to %2").arg(laid.lag->first).arg(laid.lag->second);
    QCOMPARE(words.join(", "), shape);
}

void KafkaModelsTest::aLagLineReachesItsTop()
{
    const base::Time start = at("2026-11-22T12:00:00Z");
    const std::vector<workspace::LagPoint> points = {
        {start, 0}, {{start.seconds + 50, 0}, 10}, {{start.seconds + 100, 0}, 5}};
    const QPolygonF line = lagLine(points, QRectF(0, 0, 200, 40), 10);
    QCOMPARE(line, QPolygonF({{0, 40}, {100, 0}, {200, 20}}));
    QVERIFY(lagLine({points.front()}, QRectF(0, 0, 200, 40), 10).isEmpty());
    LagPlot plot;
    plot.resize(200, 80);
    const QImage empty = grabbed(plot);
    plot.setHistory(points);
    QVERIFY(grabbed(plot) != empty);
}

QTEST_MAIN(KafkaModelsTest)
#include "kafka_models_test.moc"
