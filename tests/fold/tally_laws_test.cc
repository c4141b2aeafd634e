// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/number.h"
#include "core/fold/exact_sum.h"
#include "tests/fold/random_events.h"

#include <QtTest>

#include <map>
#include <thread>

using namespace leftfold;
using namespace leftfold::fold;

namespace {

/// What a tally says of numbers, found the slow way: by looking at whole documents.
class Reference {
public:
    void add(const std::string& payload) { add({}, event::Document::parse(payload).value().root()); }

    [[nodiscard]] event::Document numbers() const
    {
        std::string json;
        for (const auto& [pointer, digits] : m_digits) {
            json += json.empty() ? '{' : ',';
            event::escape(json, event::toText(pointer));
            json += ':' + tallied(digits);
        }
        return event::Document::parse(json.empty() ? "{}" : json + '}').value();
    }

private:
    void add(const event::Pointer& pointer, event::Value value)
    {
        if (value.kind() == event::Kind::Number) m_digits[pointer].emplace_back(value.digits());
        for (const event::Member& member : value.members()) {
            event::Pointer inner = pointer;
            inner.tokens.emplace_back(member.key);
            if (!member.shadowed) add(inner, member.value);
        }
    }

    [[nodiscard]] static std::string tallied(const std::vector<std::string>& digits)
    {
        ExactSum sum;
        for (const std::string& each : digits) sum.add(each);
        const auto less = [](const std::string& a, const std::string& b) { return event::compareNumbers(a, b) < 0; };
        const auto greater = [](const std::string& a, const std::string& b) { return event::compareNumbers(a, b) > 0; };
        return QString(R"({"count":%1,"sum":%2,"min":%3,"max":%4,"last":%5})")
            .arg(digits.size())
            .arg(QString::fromStdString(sum.beyond() ? '"' + sum.digits() + '"' : sum.digits()),
                 QString::fromStdString(*std::min_element(digits.begin(), digits.end(), less)),
                 QString::fromStdString(*std::min_element(digits.begin(), digits.end(), greater)),
                 QString::fromStdString(digits.back()))
            .toStdString();
    }

    std::map<event::Pointer, std::vector<std::string>> m_digits;
};

/// By pointer, and then byte by byte: the order of first appearance is another test's.
bool haveSameNumbers(event::Value a, event::Value b)
{
    if (a.size() != b.size()) return false;
    for (const event::Member& member : a.members()) {
        const auto other = b.find(member.key);
        if (!other || !event::identical(member.value, *other)) return false;
    }
    return true;
}

} // namespace

class TallyLawsTest : public QObject {
    Q_OBJECT

private slots:
    void numbersEqualThoseOfDocuments();
    void foldersOnThreadsShareStates();
};

void TallyLawsTest::numbersEqualThoseOfDocuments()
{
    const unsigned seed = std::random_device{}();
    test::RandomEvents random(seed);
    const auto folder = builtInFold("tally").value()->folder();
    for (int round = 0; round < 300; ++round) {
        Reference reference;
        const auto state = folder->begin();
        for (int i = 0; i <= round % 50; ++i) {
            const std::string payload = random.object(4).toStdString();
            reference.add(payload);
            test::TextEvent(QString("p[0]@%1 - T %2").arg(i).arg(QString::fromStdString(payload)).toStdString())
                .applyTo(*state, *folder);
        }
        const auto tally = folder->read(*state);
        const auto expected = reference.numbers();
        const auto numbers = tally.root().find("numbers").value();
        QVERIFY2(haveSameNumbers(numbers, expected.root()),
                 qPrintable(QString("seed %1, round %2: %3\nnot %4")
                                .arg(seed)
                                .arg(round)
                                .arg(QString::fromStdString(event::toJson(numbers)),
                                     QString::fromStdString(event::toJson(expected.root())))));
    }
}

/// Each thread folds the first half of its aggregate's events, then the second half of its neighbour's.
void TallyLawsTest::foldersOnThreadsShareStates()
{
    constexpr std::size_t kThreads = 4;
    const unsigned seed = std::random_device{}();
    const auto fold = builtInFold("tally").value();
    std::vector<std::unique_ptr<Folder>> folders;
    std::vector<std::unique_ptr<State>> states;
    std::vector<std::vector<test::TextEvent>> events;
    for (unsigned i = 0; i < kThreads; ++i) {
        folders.push_back(fold->folder());
        states.push_back(folders[0]->begin());
        events.push_back(test::RandomEvents(seed + i).some(400));
    }
    for (const std::size_t half : {0U, 1U}) {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < kThreads; ++i)
            threads.emplace_back([&, half, i, whose = (i + half) % kThreads] {
                for (std::size_t e = half * 200; e < half * 200 + 200; ++e)
                    events[whose][e].applyTo(*states[whose], *folders[i]);
            });
    }
    for (std::size_t i = 0; i < kThreads; ++i) {
        const auto alone = builtInFold("tally").value()->folder();
        const auto state = alone->begin();
        for (const test::TextEvent& event : events[i]) event.applyTo(*state, *alone);
        QVERIFY2(test::pictureOf(*alone, *state) == test::pictureOf(*folders[i], *states[i]),
                 qPrintable(QString("seed %1").arg(seed)));
    }
}

QTEST_APPLESS_MAIN(TallyLawsTest)
#include "tally_laws_test.moc"
