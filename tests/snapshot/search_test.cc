// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/search.h"

#include "core/event/json_walker.h"

#include "core/event/number.h"
#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::snapshot;
using namespace leftfold::replay::test;
using event::Kind;
using event::SoughtValue;
using event::Value;

namespace {

/// Every place of a number or a text, by looking everywhere: "/a/0 /b".
void appendPlaces(std::string& out, const std::string& path, Value value, const std::string& typed, bool isNumber)
{
    const bool sameNumber = isNumber && value.kind() == Kind::Number && event::equalNumbers(value.digits(), typed);
    if (sameNumber || (value.kind() == Kind::Text && value.text() == typed)) out += (out.empty() ? "" : " ") + path;
    std::size_t index = 0;
    for (const Value item : value.items())
        appendPlaces(out, path + '/' + std::to_string(index++), item, typed, isNumber);
    for (const event::Member& member : value.members()) {
        if (member.shadowed) continue;
        std::string deeper = path;
        event::appendToken(deeper, member.key);
        appendPlaces(out, deeper, member.value, typed, isNumber);
    }
}

std::string placesOf(const event::Document& document, const std::string& typed)
{
    std::string out;
    appendPlaces(out, "", document.root(), typed, event::isJsonNumber(typed));
    return out;
}

std::string textOf(const std::vector<event::Pointer>& places)
{
    std::string out;
    for (const event::Pointer& place : places) out += (out.empty() ? "" : " ") + toText(place);
    return out;
}

/// What a search of states should tell, worked out event by event: "id: places after #n", a line each.
QString expectedStates(const Made& made, const fold::Fold& rule, const capture::OrdinalCut& cut,
                       const std::string& typed)
{
    struct Aggregate {
        std::unique_ptr<fold::State> state;
        std::optional<std::size_t> broughtBy;
    };
    const auto folder = rule.folder();
    std::map<std::string, Aggregate> aggregates;
    for (std::size_t i = 0; i < made.order().size(); ++i) {
        const capture::test::MadeEvent& event = *made.order()[i].event;
        if (!event.id || !cut.contains(made.location(i))) continue;
        Aggregate& aggregate = aggregates[*event.id];
        if (!aggregate.state) aggregate.state = folder->begin();
        const std::string value = event.value.value_or("") + std::string(base::kReadablePadding, '\0');
        fold::FoldEvent seen;
        seen.partition = &event.partition;
        seen.offset = {event.offset};
        seen.time = made.order()[i].effective;
        seen.type = event.type;
        if (event.value) seen.value = base::ByteView(value).substr(0, event.value->size());
        seen.decodable = event.decodable;
        folder->apply(*aggregate.state, seen);
        if (aggregate.broughtBy || !folder->exists(*aggregate.state)) continue;
        if (!placesOf(folder->read(*aggregate.state), typed).empty()) aggregate.broughtBy = i;
    }
    std::string out;
    for (const auto& [id, aggregate] : aggregates) {
        if (!folder->exists(*aggregate.state)) continue;
        const std::string places = placesOf(folder->read(*aggregate.state), typed);
        if (!places.empty()) out += id + ": " + places + " after #" + std::to_string(*aggregate.broughtBy) + '\n';
    }
    return text(out);
}

/// A value that a state at the end holds under `latest`: the id of the last event that has one.
std::string someId(const Made& made)
{
    for (std::size_t i = made.order().size(); i-- > 0;) {
        const capture::test::MadeEvent& event = *made.order()[i].event;
        if (event.id && event.value && event.decodable) return *event.id;
    }
    return {};
}

} // namespace

class SearchTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void valuesAreWhatWasTyped_data();
    void valuesAreWhatWasTyped();
    void onlyDocumentsThatCannotHoldItAreSpared();
    void statesAreFoundAsByLookingEverywhere_data();
    void statesAreFoundAsByLookingEverywhere();
    void theFirstPayloadIsFound();
    void theLimitIsForTellingOnly();
    void damagedEventsAreCounted();
    void itStops();

private:
    unsigned m_seed = 0;
};

void SearchTest::valuesAreWhatWasTyped_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("places");
    const auto row = [](const char* typed, const char* document, const char* places) {
        QTest::addRow("%s in %s", typed, document) << QByteArray(typed) << QByteArray(document) << QByteArray(places);
    };
    row("10", R"({"a":10.0,"b":"10","c":[1e1,"10.0"],"d":100})", "/a /b /c/0");
    row("\"10\"", R"({"a":10,"b":"10"})", "/b");
    row("red", R"({"a":"red","b":"redder","red":1,"c":["red"]})", "/a /c/0");
    row("true", R"([true,"true",1,"True"])", "/0 /1");
    row("null", R"({"a":null,"b":"null","c":0})", "/a /b");
    row("[1,2]", R"({"a":[1,2.0],"b":[2,1],"c":"[1,2]"})", "/a");
    row("{\"x\":1}", R"([{"x":1},{"x":1,"y":2},[{"x":1.0}]])", "/0 /2/0");
    row("a b", R"(["a b"])", "/0");
    row("", R"({"a":"","b":null})", "/a");
    row("1", "1", "");
    row("x", R"({"a":"y","a":"x","b":{"c~/d":"x"}})", "/a /b/c~0~1d");
    row("x", R"({"a":"x","a":"y"})", "(none)"); // shadowed
    row("9007199254740993", "[9007199254740992,9007199254740993]", "/1");
}

void SearchTest::valuesAreWhatWasTyped()
{
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, document);
    QFETCH(QByteArray, places);
    const SoughtValue sought(typed.toStdString());
    const auto found = sought.placesIn(must(event::Document::parse(document.toStdString())).root());
    QCOMPARE(found.empty() ? QByteArray("(none)") : QByteArray::fromStdString(textOf(found)), places);
    QCOMPARE(found.empty() || sought.mayStandIn(document.toStdString()), true);
}

void SearchTest::onlyDocumentsThatCannotHoldItAreSpared()
{
    const std::string blue = R"({"a":"blue"})";
    const std::string redder = R"({"a":"redder"})";
    const std::string escaped = R"({"a":"r\u0065d"})";
    const std::string number = R"({"a":10e-1})";
    const std::string quoted = R"({"a":"a\"b"})";
    QVERIFY(!SoughtValue("red").mayStandIn(blue));
    QVERIFY(SoughtValue("red").mayStandIn(redder));
    QVERIFY(SoughtValue("red").mayStandIn(escaped));
    QVERIFY(SoughtValue("1").mayStandIn(number));
    QVERIFY(SoughtValue("a\"b").mayStandIn(quoted));
}

void SearchTest::statesAreFoundAsByLookingEverywhere_data()
{
    QTest::addColumn<QString>("fold");
    QTest::newRow("latest") << "latest";
    QTest::newRow("tally") << "tally";
}

void SearchTest::statesAreFoundAsByLookingEverywhere()
{
    QFETCH(QString, fold);
    Random random(m_seed);
    const Made made(m_seed, spreadShape(900));
    const replay::Projection projection{made.index(), must(fold::builtInFold(fold.toStdString()))};
    int found = 0;
    for (int i = 0; i < 10; ++i) {
        const capture::OrdinalCut cut = made.randomCut(random);
        const std::string typed =
            random.oneIn(2) ? "f" + std::to_string(random.below(8)) : std::to_string(random.below(12));
        std::string told;
        const auto summary = must(findInStates(made.reader(), projection, cut, SoughtValue(typed), {.workers = 3},
                                               UINT64_MAX, {}, {}, [&](const FoundIn& each) -> base::Result<void> {
                                                   told += each.id + ": " + textOf(each.places) + " after #"
                                                           + std::to_string(each.broughtBy->value) + '\n';
                                                   return {};
                                               }));
        const QString expected = expectedStates(made, *projection.fold, cut, typed);
        QCOMPARE(text(told), expected);
        QCOMPARE(summary.aggregates, static_cast<std::uint64_t>(expected.count('\n')));
        found += static_cast<int>(summary.aggregates);
    }
    QVERIFY(found > 0);
}

void SearchTest::theFirstPayloadIsFound()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(900));
    int found = 0;
    int missing = 0;
    for (int i = 0; i < 40; ++i) {
        const capture::OrdinalCut cut = made.randomCut(random);
        const std::string typed = random.oneIn(4)   ? "f" + std::to_string(random.below(8))
                                  : random.oneIn(2) ? made.log().id(random.below(45))
                                                    : std::to_string(random.below(1200));
        std::optional<std::uint64_t> expected;
        std::string place;
        for (std::size_t index = 0; !expected && index < made.order().size(); ++index) {
            const capture::test::MadeEvent& event = *made.order()[index].event;
            if (!event.value || !event.decodable || !cut.contains(made.location(index))) continue;
            const std::string places = placesOf(must(event::Document::parse(*event.value)), typed);
            if (places.empty()) continue;
            expected = index;
            place = places.substr(0, places.find(' '));
        }
        const auto outcome = must(findInPayloads(made.reader(), cut, SoughtValue(typed), {}, {}));
        QCOMPARE(outcome.first.has_value(), expected.has_value());
        ++(expected ? found : missing);
        if (!expected) continue;
        QCOMPARE(outcome.first->event.value, *expected);
        QCOMPARE(text(toText(outcome.first->place)), text(place));
    }
    QVERIFY(found > 0 && missing > 0);
}

void SearchTest::theLimitIsForTellingOnly()
{
    const Made made(m_seed, spreadShape(900));
    const replay::Projection projection{made.index(), fold::latestFold()};
    const auto count = [&](std::uint64_t limit) {
        std::uint64_t told = 0;
        const auto summary =
            must(findInStates(made.reader(), projection, made.catalog().end(), SoughtValue(someId(made)), {}, limit, {},
                              {}, [&](const FoundIn&) -> base::Result<void> {
                                  ++told;
                                  return {};
                              }));
        return std::pair(told, summary.aggregates);
    };
    const auto [all, aggregates] = count(UINT64_MAX);
    QCOMPARE(all, aggregates);
    QVERIFY(all >= 1);
    QCOMPARE(count(0), std::pair(std::uint64_t{0}, aggregates));
    QCOMPARE(count(1), std::pair(std::uint64_t{1}, aggregates));
}

void SearchTest::damagedEventsAreCounted()
{
    const Made made(m_seed, spreadShape(3000));
    must(must(base::Database::open(made.path(), base::Database::Mode::ReadWrite))
             ->execute("UPDATE payload SET data = zeroblob(length(data)) WHERE id = 2"));
    const auto reader = capture::test::opened(made.path());
    const auto payloads = must(findInPayloads(*reader, reader->catalog().end(), SoughtValue("nowhere"), {}, {}));
    QVERIFY(!payloads.first);
    QVERIFY(payloads.damagedEvents > 0);
    const replay::Projection projection{made.index(), fold::latestFold()};
    std::uint64_t told = 0;
    const auto states = must(findInStates(*reader, projection, reader->catalog().end(), SoughtValue("f1"), {},
                                          UINT64_MAX, {}, {}, [&](const FoundIn&) -> base::Result<void> {
                                              ++told;
                                              return {};
                                          }));
    QCOMPARE(states.damagedEvents, payloads.damagedEvents);
    QCOMPARE(told, states.aggregates);
}

void SearchTest::itStops()
{
    const Made made(m_seed, spreadShape(3000));
    std::stop_source stop;
    stop.request_stop();
    const auto payloads =
        findInPayloads(made.reader(), made.catalog().end(), SoughtValue("nowhere"), stop.get_token(), {});
    QCOMPARE(failureOf(payloads), QString("cancelled"));
    std::stop_source later;
    int told = 0;
    const auto states =
        findInStates(made.reader(), {made.index(), fold::latestFold()}, made.catalog().end(), SoughtValue(someId(made)),
                     {}, UINT64_MAX, later.get_token(), {}, [&](const FoundIn&) -> base::Result<void> {
                         ++told;
                         later.request_stop();
                         return {};
                     });
    QVERIFY(told == 1 || failureOf(states) == "cancelled");
    QCOMPARE(told, 1);
}

QTEST_GUILESS_MAIN(SearchTest)
#include "search_test.moc"
