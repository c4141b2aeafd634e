// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fold/script_cases.h"
#include "tests/fold/script_runs.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::fold;
using test::ScriptRun;

/// The rules of KurrentDB's projections, and of the shorter form: a row names its rule.
class ScriptConformanceTest : public QObject {
    Q_OBJECT

private slots:
    void states_data() { rowsOf(test::kStateCases); }
    void states();
    void statesInBatches_data() { rowsOf(test::kStateCases); }
    void statesInBatches();
    void statesComeThroughCheckpoints_data() { rowsOf(test::kStateCases); }
    void statesComeThroughCheckpoints();
    void results_data() { rowsOf(test::kResultCases); }
    void results();
    void failures_data() { rowsOf(test::kFailureCases); }
    void failures();
    void definitions_data() { rowsOf(test::kDefinitionCases); }
    void definitions();
    void outputs_data() { rowsOf(test::kOutputCases); }
    void outputs();
    void thereAreEnoughCases();

private:
    static void rowsOf(const std::vector<test::ScriptCase>& cases)
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("events");
        QTest::addColumn<QString>("expected");
        for (const test::ScriptCase& each : cases)
            QTest::newRow(each.rule) << QString::fromUtf8(each.script) << QString::fromUtf8(each.events)
                                     << QString::fromUtf8(each.expected);
    }

    static std::string fetched(const char* column)
    {
        return (*static_cast<const QString*>(QTest::qData(column, QMetaType::QString))).toStdString();
    }

    /// Some cases cannot say the state itself.
    static QString picture(const std::string& states, const std::string& expected)
    {
        if (expected != "MATCHES-OK") return QString::fromStdString(states);
        const bool isOk =
            states.find("\"ok\":true") != std::string::npos && states.find("\"differs\":true") != std::string::npos;
        return isOk ? "MATCHES-OK" : QString::fromStdString(states);
    }
};

void ScriptConformanceTest::states()
{
    ScriptRun run(fetched("script"), fetched("events"));
    run.run(true);
    QCOMPARE(picture(run.statesJson(), fetched("expected")), QString::fromStdString(fetched("expected")));
}

/// Folding some events at a time changes nothing.
void ScriptConformanceTest::statesInBatches()
{
    ScriptRun run(fetched("script"), fetched("events"));
    run.run(false);
    QCOMPARE(picture(run.statesJson(), fetched("expected")), QString::fromStdString(fetched("expected")));
}

void ScriptConformanceTest::statesComeThroughCheckpoints()
{
    ScriptRun run(fetched("script"), fetched("events"));
    run.run(false);
    QVERIFY2(!run.failure(), run.failure() ? base::render(*run.failure()).c_str() : "");
    const auto other = run.script().scriptFolder();
    for (const auto& [id, state] : run.states()) {
        const std::string saved = run.folder().save(*state);
        const auto restored = other->restore(saved);
        QVERIFY(restored);
        QCOMPARE(other->exists(*restored), run.folder().exists(*state));
        if (!other->exists(*restored)) continue;
        QCOMPARE(event::toJson(other->read(*restored).root()), event::toJson(run.folder().read(*state).root()));
        QCOMPARE(other->save(*restored), saved);
    }
}

void ScriptConformanceTest::results()
{
    ScriptRun run(fetched("script"), fetched("events"));
    run.run(false);
    QCOMPARE(QString::fromStdString(run.resultsJson()), QString::fromStdString(fetched("expected")));
}

void ScriptConformanceTest::failures()
{
    ScriptRun run(fetched("script"), fetched("events"));
    run.run(false);
    const QString said = QString::fromStdString(run.statesJson());
    const QString expected = QString::fromStdString(fetched("expected"));
    QVERIFY2(said.contains(expected), qPrintable(said + " does not say " + expected));
}

void ScriptConformanceTest::definitions()
{
    ScriptRun run(fetched("script"), fetched("events"));
    QVERIFY2(!run.failure(), run.failure() ? base::render(*run.failure()).c_str() : "");
    const std::string expected = fetched("expected");
    const std::size_t equals = expected.find('=');
    const auto value = run.script().definition().root().find(base::ByteView(expected).substr(0, equals));
    QVERIFY(value.has_value());
    QCOMPARE(event::toJson(*value), expected.substr(equals + 1));
}

void ScriptConformanceTest::outputs()
{
    ScriptRun run(fetched("script"), fetched("events"));
    run.run(true);
    QCOMPARE(QString::fromStdString(run.outputsJson()), QString::fromStdString(fetched("expected")));
}

void ScriptConformanceTest::thereAreEnoughCases()
{
    const std::size_t cases = test::kStateCases.size() + test::kResultCases.size() + test::kFailureCases.size()
                              + test::kDefinitionCases.size() + test::kOutputCases.size();
    qInfo("%zu cases", cases);
    QVERIFY(cases >= 150);
}

QTEST_GUILESS_MAIN(ScriptConformanceTest)
#include "script_conformance_test.moc"
