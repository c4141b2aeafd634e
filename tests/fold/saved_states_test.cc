// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fold/random_events.h"

#include <QtTest>

#include <map>

using namespace leftfold::fold;

class SavedStatesTest : public QObject {
    Q_OBJECT

private slots:
    void inPiecesEqualsInOneGo_data() { folds(); }
    void inPiecesEqualsInOneGo();
    void statesMoveBetweenFolders_data() { folds(); }
    void statesMoveBetweenFolders();
    void otherBytesAreNoState_data() { folds(); }
    void otherBytesAreNoState();
    void stateWithoutEventsIsSaved_data() { folds(); }
    void stateWithoutEventsIsSaved();

private:
    static void folds()
    {
        QTest::addColumn<QString>("fold");
        for (const char* name : {"latest", "tally", "merge", "patch", "debezium"}) QTest::newRow(name) << name;
    }
};

/// Saved anywhere and restored by a folder of a fold that has seen nothing, as after a restart.
void SavedStatesTest::inPiecesEqualsInOneGo()
{
    QFETCH(QString, fold);
    const unsigned seed = std::random_device{}();
    test::RandomEvents random(seed);
    const auto used = builtInFold(fold.toStdString()).value();
    const auto folder = used->folder();
    for (int round = 0; round < 200; ++round) {
        const auto said = QString("seed %1, round %2").arg(seed).arg(round);
        const auto fresh = round % 2 == 0 ? used->folder() : builtInFold(fold.toStdString()).value()->folder();
        const auto events = random.some(1 + random.below(60));
        const auto cut = static_cast<std::size_t>(random.below(static_cast<int>(events.size()) + 1));
        const auto whole = folder->begin();
        std::unique_ptr<State> pieces;
        for (std::size_t i = 0; i <= events.size(); ++i) {
            if (i == cut) pieces = fresh->restore(folder->save(*whole));
            QVERIFY2(i < cut || pieces, qPrintable(said));
            if (i == events.size()) break;
            events[i].applyTo(*whole, *folder);
            if (pieces) events[i].applyTo(*pieces, *fresh);
        }
        QVERIFY2(test::pictureOf(*fresh, *pieces) == test::pictureOf(*folder, *whole), qPrintable(said));
        QVERIFY2(fresh->save(*pieces) == folder->save(*whole), qPrintable(said + ": saved again"));
    }
}

void SavedStatesTest::statesMoveBetweenFolders()
{
    QFETCH(QString, fold);
    const unsigned seed = std::random_device{}();
    test::RandomEvents random(seed);
    const auto used = builtInFold(fold.toStdString()).value();
    const std::array folders{used->folder(), used->folder(), used->folder()};
    for (int round = 0; round < 50; ++round) {
        const auto moved = folders[0]->begin();
        const auto stays = folders[0]->begin();
        for (const test::TextEvent& event : random.some(40)) {
            event.applyTo(*moved, *folders[static_cast<std::size_t>(random.below(3))]);
            event.applyTo(*stays, *folders[0]);
        }
        QVERIFY2(test::pictureOf(*folders[1], *moved) == test::pictureOf(*folders[2], *stays),
                 qPrintable(QString("seed %1, round %2").arg(seed).arg(round)));
    }
}

void SavedStatesTest::otherBytesAreNoState()
{
    QFETCH(QString, fold);
    const auto folder = builtInFold(fold.toStdString()).value()->folder();
    QVERIFY(!folder->restore(""));
    QVERIFY(!folder->restore("\x7f"));
    if (fold == "latest") return; // whatever follows the first byte is a payload
    const auto state = folder->begin();
    for (const test::TextEvent& event : test::RandomEvents(1).some(20)) event.applyTo(*state, *folder);
    const std::string saved = folder->save(*state);
    for (std::size_t size = 0; size < saved.size(); ++size)
        QVERIFY2(!folder->restore(std::string_view(saved).substr(0, size)),
                 qPrintable(QString("cut at %1 of %2").arg(size).arg(saved.size())));
    QVERIFY(!folder->restore(saved + "x"));
    for (std::size_t at = 0; at < saved.size(); ++at) {
        std::string flipped = saved;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x81);
        if (const auto other = folder->restore(flipped)) QVERIFY(!test::pictureOf(*folder, *other).empty());
    }
}

void SavedStatesTest::stateWithoutEventsIsSaved()
{
    QFETCH(QString, fold);
    const auto folder = builtInFold(fold.toStdString()).value()->folder();
    const auto again = folder->restore(folder->save(*folder->begin()));
    QVERIFY(again);
    QVERIFY(!folder->exists(*again));
    const std::map<QString, std::string> kFirst = {
        {"patch", R"(a[0]@0 - A [{"op":"add","path":"","value":1}])"},
        {"debezium", R"(a[0]@0 - A {"op":"c","after":{"id":1}})"},
    };
    const auto first = kFirst.find(fold);
    test::TextEvent(first == kFirst.end() ? R"(a[0]@0 - A {"n":1})" : first->second).applyTo(*again, *folder);
    QVERIFY(folder->exists(*again));
}

QTEST_APPLESS_MAIN(SavedStatesTest)
#include "saved_states_test.moc"
