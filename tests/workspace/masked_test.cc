// SPDX-License-Identifier: GPL-3.0-or-later
// What is masked is nowhere in what a workspace answers, copies and exports; the aggregates it hides can still be chosen and walked.
#include "core/event/document.h"
#include "tests/capture/made_batches.h"
#include "tests/workspace/run_workspace.h"

#include <fstream>
#include <sstream>

using namespace leftfold;
using namespace leftfold::workspace;
using namespace leftfold::capture::test;
using leftfold::workspace::test::RunWorkspace;

namespace {

constexpr int kEvents = 60;
constexpr const char* kRules = "/customer\nheader:Authorization\nkey\ntext:secret[0-9]*\n";

/// As kcat prints it.
std::string inQuotes(const std::string& text)
{
    event::DocumentBuilder out;
    out.text(text);
    return toJson(out.finish().root());
}

/// Orders of three customers, whose secrets stand in payloads, keys, headers, names of members and texts that are no JSON.
void makeLog(const std::string& path)
{
    std::ofstream out(path);
    for (int number = 0; number < kEvents; ++number) {
        const std::string customer = "secret" + std::to_string(number % 3);
        std::string value = R"({"type":"Paid","customer":{"name":")" + customer + R"("},"note":"for )" + customer
                            + R"(!","sum":)" + std::to_string(number) + R"(,")" + customer + R"(":1})";
        if (number == kEvents - 1) value = "no JSON of " + customer;
        out << R"({"topic":"orders","partition":0,"offset":)" << number << R"(,"tstype":"create","ts":17672616)"
            << 10'000 + number << R"(,"broker":1,"headers":["authorization","secret","trace","t1"],"key":")" << customer
            << R"(","payload":)" << inQuotes(value) << "}\n";
    }
}

struct Masked {
    Folder folder;
    RunWorkspace workspace{folder.path("cache")};

    [[nodiscard]] bool opened()
    {
        makeLog(folder.path("orders.jsonl"));
        LoadOptions options;
        options.log = {folder.path("orders.jsonl")};
        options.cacheRoot = folder.path("cache");
        options.mapping.id = must(decode::parseFieldRef("key"));
        options.masks = std::make_shared<const snapshot::Masks>(must(snapshot::parseMaskRules(kRules)));
        workspace.act(OpenLog{options});
        return workspace.settled() && workspace.state().open() != nullptr;
    }
    [[nodiscard]] bool does(const Action& action)
    {
        workspace.act(action);
        return workspace.settled();
    }
    template <class Question>
    const typename Question::Answer& answerOf()
    {
        const auto& asked = workspace.open().of<Question>();
        if (asked.error) qFatal("%s", base::render(*asked.error).c_str());
        if (!asked.answer) qFatal("no answer: %s", Q_FUNC_INFO);
        return *asked.answer;
    }
};

std::string jsonOf(const std::optional<event::Document>& document)
{
    return document ? toJson(document->root()) : "none";
}

/// Everything of them that people see.
std::string told(const EventRow& row)
{
    std::string out = row.key + ' ' + row.summary + ' ' + row.event.id.value_or("none");
    for (const auto& cell : row.columns) out += ' ' + cell.value_or("none");
    return out + '\n';
}
std::string told(const WholeEvent& event)
{
    std::string out = told(event.row) + event.value.value_or("none") + event.key.value_or("none")
                      + event.rawValue.value_or("none") + event.rawKey.value_or("none") + jsonOf(event.document);
    for (const HeaderText& header : event.headers) out += ' ' + header.name + '=' + header.value.value_or("none");
    return out + (event.undecodable ? base::render(*event.undecodable) : "") + '\n';
}
std::string told(const AggregateView& view)
{
    return view.id + ' ' + jsonOf(view.blame.document()) + ' ' + jsonOf(view.before) + ' ' + jsonOf(view.after) + '\n';
}
std::string told(const SnapshotTable& table)
{
    std::string out;
    for (const SnapshotRow& row : table.rows) {
        out += row.id;
        for (const auto& cell : row.cells) out += ' ' + cell.value_or("none");
        out += '\n';
    }
    for (const event::Pointer& path : table.knownPaths) out += toText(path) + '\n';
    return out;
}
std::string told(const snapshot::AggregateDiff& diff)
{
    std::string out = diff.id + ' ' + jsonOf(diff.before) + ' ' + jsonOf(diff.after);
    for (const event::Change& change : diff.changes)
        out += ' ' + toText(change.pointer) + ' ' + jsonOf(change.before) + ' ' + jsonOf(change.after);
    return out + '\n';
}

std::string contentOf(const std::string& path)
{
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

} // namespace

class MaskedTest : public QObject {
    Q_OBJECT

private slots:
    void eventsAreShownAndCopiedWithoutIt();
    void statesAreShownAndExportedWithoutIt();
    void hiddenAggregatesAreToldApartAndWalked();
    void masksComeAndGoWhereOneStands();
};

void MaskedTest::eventsAreShownAndCopiedWithoutIt()
{
    Masked made;
    QVERIFY(made.opened());
    QVERIFY(made.does(ChooseEventColumns{{event::Pointer{{"customer", "name"}}, event::Pointer{{"note"}}}}));
    QVERIFY(made.does(WantRows{0, kEvents}));
    std::string all;
    const Rows rows = made.answerOf<AskRows>();
    QCOMPARE(rows.rows.size(), std::size_t{kEvents});
    for (const EventRow& row : rows.rows) all += told(row);
    QVERIFY(all.find("\"for ***!\"") != std::string::npos);
    for (const std::uint64_t index : {std::uint64_t{1}, std::uint64_t{kEvents - 1}}) {
        QVERIFY(made.does(GoTo{Target(event::When(event::EventIndex{index}))}));
        all += told(made.answerOf<AskEvent>());
        all += made.workspace.open().playhead->last->id.value_or("none");
    }
    for (const EventForm form : {EventForm::Json, EventForm::Kcat, EventForm::Csv}) {
        QVERIFY(made.does(CopyEvents{form, {event::EventIndex{2}, event::EventIndex{kEvents - 1}}}));
        all += made.answerOf<AskCopy>().text;
        QCOMPARE(made.answerOf<AskCopy>().leftOut, 0U);
    }
    QVERIFY(made.does(SeePanel{Panel::Problems, true}));
    for (const ProblemRow& row : made.answerOf<AskProblems>().rows) all += row.id + ' ' + base::render(row.error);
    QVERIFY2(all.find("secret") == std::string::npos, all.c_str());
}

void MaskedTest::statesAreShownAndExportedWithoutIt()
{
    Masked made;
    QVERIFY(made.opened());
    QVERIFY(made.does(ChooseProjections{{{"", "merge"}}}));
    QVERIFY(made.does(SetMark{Mark::A, Target(event::When(event::EventIndex{10}))}));
    QVERIFY(made.does(SetMark{Mark::B, Target(event::When(event::EventIndex{40}))}));
    QVERIFY(made.does(GoTo{Target(event::When(event::EventIndex{40}))}));
    QVERIFY(made.does(SeePanel{Panel::Aggregates, true}));
    SnapshotChoice choice;
    choice.columns = {event::Pointer{{"note"}}, event::Pointer{{"customer"}}};
    QVERIFY(made.does(ListSnapshot{choice}));
    std::string all = told(made.answerOf<AskSnapshot>());
    QCOMPARE(made.answerOf<AskSnapshot>().rows.size(), std::size_t{3});
    QVERIFY(made.does(SeePanel{Panel::Diff, true}));
    const DiffTable diff = made.answerOf<AskDiff>();
    QCOMPARE(diff.rows->size(), std::size_t{3});
    for (const DiffRow& row : *diff.rows) all += row.id + ' ' + row.summary + '\n';
    QVERIFY(made.does(ChoosePair{diff.rows->front().id}));
    const DiffPair& pair = made.answerOf<AskPair>();
    all += told(pair.diff);
    QVERIFY(!pair.diff.changes.empty());
    QVERIFY(!pair.causes.front().empty());
    const AggregateView& view = made.answerOf<AskAggregate>();
    all += told(view);
    // The writers stand beside what is shown.
    const auto sum = view.blame.document()->root().find(event::Pointer{{"sum"}});
    QVERIFY(sum.has_value());
    QCOMPARE(view.blame.of(*sum)->by.value, 39U); // the last of its own
    // All aggregates would have one name in a file.
    const std::string path = made.folder.path("states.jsonl");
    QVERIFY(made.does(ExportStates{path, snapshot::ExportFormat::JsonLines, false}));
    QVERIFY(made.workspace.open().of<AskExport>().error->code == base::ErrorCode::NotExportable);
    QVERIFY(made.does(
        MaskLog{std::make_shared<const snapshot::Masks>(must(snapshot::parseMaskRules("/customer\n/note\n")))}));
    QVERIFY(made.does(ExportStates{path, snapshot::ExportFormat::JsonLines, false}));
    const std::string exported = contentOf(path);
    for (const char* hidden : {"\"name\"", "for secret"}) QVERIFY2(exported.find(hidden) == std::string::npos, hidden);
    QVERIFY(exported.find(R"("customer":"***")") != std::string::npos);
    QVERIFY2(all.find("secret") == std::string::npos, all.c_str());
}

void MaskedTest::hiddenAggregatesAreToldApartAndWalked()
{
    Masked made;
    QVERIFY(made.opened());
    QVERIFY(made.does(SearchIds{""}));
    const std::vector<std::string> ids = made.answerOf<AskIds>().ids;
    QCOMPARE(ids.size(), std::size_t{3});
    QCOMPARE(std::set<std::string>(ids.begin(), ids.end()).size(), std::size_t{3});
    for (const std::string& id : ids) QVERIFY2(id.starts_with("***#"), id.c_str());
    QVERIFY(made.does(ChooseAggregate{ids[1]}));
    QCOMPARE(made.answerOf<AskAggregate>().id, ids[1]);
    QCOMPARE(made.answerOf<AskHistory>().total, std::uint64_t{kEvents / 3});
    const std::uint64_t before = made.workspace.open().playhead->eventsBehind;
    QVERIFY(made.does(Step{replay::Direction::Forward, StepKind::ThisAggregate}));
    QVERIFY(made.does(Step{replay::Direction::Forward, StepKind::ThisAggregate}));
    QVERIFY(made.workspace.open().playhead->eventsBehind > before);
    QCOMPARE(*made.workspace.open().playhead->last->id, ids[1]);
    // A breakpoint of it, as the menus of the window write it.
    QVERIFY(made.does(GoTo{Target(event::When(event::AtStart{}))}));
    QVERIFY(made.does(ListBreakpoint{"of " + ids[1] + " changes /last"}));
    QVERIFY(made.does(ListBreakpoint{"of " + ids[1] + " log js: (before, event, after) => event.body.note"}));
    QVERIFY(made.does(Continue{}));
    const Ran ran = made.answerOf<AskRun>();
    QVERIFY(ran.moment.has_value());
    QCOMPARE(ran.hits.front().aggregate, ids[1]);
    QVERIFY(made.does(Step{replay::Direction::Back, StepKind::AnyEvent}));
    std::string all = told(made.answerOf<AskAggregate>());
    QVERIFY(made.answerOf<AskAggregate>().after.has_value());
    QVERIFY(ran.told && !ran.told->empty());
    for (const RunHit& hit : *ran.told) all += hit.aggregate + ' ' + hit.said;
    QVERIFY2(all.find("secret") == std::string::npos, all.c_str());
    EventChoice own;
    own.filter.aggregate = ids[1];
    QVERIFY(made.does(ListEvents{own}));
    QCOMPARE(made.answerOf<AskMatches>().events->size(), std::size_t{kEvents / 3});
    // Whoever knows an id may ask for it.
    QVERIFY(made.does(ChooseAggregate{"secret1"}));
    QVERIFY(made.answerOf<AskAggregate>().isInLog);
    QVERIFY(made.does(ChooseAggregate{"***#99"}));
    QVERIFY(!made.answerOf<AskAggregate>().isInLog);
}

void MaskedTest::masksComeAndGoWhereOneStands()
{
    Masked made;
    QVERIFY(made.opened());
    QVERIFY(made.does(GoTo{Target(event::When(event::EventIndex{20}))}));
    QVERIFY(made.does(MaskLog{nullptr}));
    QCOMPARE(made.workspace.open().playhead->last->index.value, 20U);
    QVERIFY(made.answerOf<AskEvent>().value->find("secret2") != std::string::npos);
    QCOMPARE(*made.workspace.open().playhead->last->id, std::string("secret2"));
    QVERIFY(made.does(
        MaskLog{std::make_shared<const snapshot::Masks>(must(snapshot::parseMaskRules("/customer/name\n")))}));
    QCOMPARE(made.workspace.open().playhead->last->index.value, 20U);
    QVERIFY(made.answerOf<AskEvent>().value->find(R"("customer":{"name":"***"})") != std::string::npos);
    QCOMPARE(*made.workspace.open().playhead->last->id, std::string("secret2"));
}

QTEST_GUILESS_MAIN(MaskedTest)
#include "masked_test.moc"
