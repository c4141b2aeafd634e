// SPDX-License-Identifier: GPL-3.0-or-later
// The manual page and the completions say what --help says, and their readers (groff, bash, zsh) take them.
#include "tests/app/program.h"

#include <QRegularExpression>
#include <QTest>

namespace {

/// What another program says to a file.
Ended runOther(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.closeWriteChannel();
    return Program::ended(process);
}

} // namespace

class ManualTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void theManualHasNoFault() const;
    void theManualHasAllThatHelpHas() const;
    void completionsHaveAllThatHelpHas_data();
    void completionsHaveAllThatHelpHas() const;
    void bashCompletes_data();
    void bashCompletes() const;
    void zshTakesItsScript() const;
    void anotherShellIsRefused() const;
    void helpThatCannotBeWrittenIsAFailure_data();
    void helpThatCannotBeWrittenIsAFailure() const;

private:
    [[nodiscard]] QByteArray said(const QStringList& arguments) const
    {
        const Ended ended = m_program.run(arguments);
        if (ended.exitCode != 0) qFatal("%s", ended.errors.constData());
        return ended.out;
    }
    Program m_program;
    QStringList m_verbs;
    QMap<QString, QStringList> m_options; ///< by verb, as its help names them
    QString m_manual;
};

void ManualTest::initTestCase()
{
    const QString help = said({"--help"});
    const QRegularExpression verb("^  ([a-z]+) ", QRegularExpression::MultilineOption);
    for (auto match = verb.globalMatch(help.mid(help.indexOf("Subcommands:"))); match.hasNext();)
        m_verbs += match.next().captured(1);
    QVERIFY(m_verbs.size() >= 9 && m_verbs.contains("blame") && m_verbs.contains("fetch"));
    const QRegularExpression option("^  (-[-a-zA-Z]+)(?:,(--[-a-z]+))?", QRegularExpression::MultilineOption);
    for (const QString& name : m_verbs) {
        const QString text = said({name, "--help"});
        for (auto match = option.globalMatch(text); match.hasNext();) {
            const auto found = match.next();
            for (const QString& each : {found.captured(1), found.captured(2)}) {
                if (!each.isEmpty()) m_options[name] += each;
            }
        }
        // Whatever reads a log has a cache.
        const bool isOfClusters = name == "topics" || name == "views" || name == "profile";
        QVERIFY2(m_options[name].contains("--cache") != isOfClusters && m_options[name].contains("-h"),
                 qPrintable(text));
    }
    m_manual = m_program.write("leftfold.1", said({"--man"}));
}

void ManualTest::theManualHasNoFault() const
{
    const Ended groff = runOther("groff", {"-man", "-ww", "-z", "-Tutf8", m_manual});
    QCOMPARE(groff.errors, QByteArray());
    QCOMPARE(groff.exitCode, 0);
}

void ManualTest::theManualHasAllThatHelpHas() const
{
    const Ended groff = runOther("groff", {"-man", "-Tascii", "-P-cbou", m_manual});
    QCOMPARE(groff.exitCode, 0);
    const QString page = groff.out;
    for (const char* section : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "VERBS"})
        QVERIFY2(page.contains(QRegularExpression(QString("^%1$").arg(section), QRegularExpression::MultilineOption)),
                 section);
    for (const QString& verb : m_verbs) {
        const qsizetype begin = page.indexOf("\n   " + verb + "\n");
        QVERIFY2(begin > 0, qPrintable(verb));
        const qsizetype end = page.indexOf(QRegularExpression("\n {0,3}[a-zA-Z]+\n"), begin + 5);
        const QString part = page.mid(begin, end - begin);
        for (const QString& option : m_options[verb]) {
            const QRegularExpression there("(^|\\s)" + QRegularExpression::escape(option) + "([\\s,]|$)");
            QVERIFY2(part.contains(there), qPrintable(verb + " " + option + " in:" + part));
        }
    }
}

void ManualTest::completionsHaveAllThatHelpHas_data()
{
    QTest::addColumn<QString>("shell");
    QTest::newRow("bash") << "bash";
    QTest::newRow("zsh") << "zsh";
    QTest::newRow("fish") << "fish";
}

void ManualTest::completionsHaveAllThatHelpHas() const
{
    QFETCH(QString, shell);
    const QString script = said({"--completions", shell});
    for (const QString& verb : m_verbs) {
        QVERIFY2(script.contains(verb), qPrintable(verb));
        for (const QString& option : m_options[verb]) {
            const QString fishName =
                QString(option.startsWith("--") ? " -l " : " -s ") + option.mid(option.startsWith("--") ? 2 : 1) + " ";
            const QString wanted = shell == "fish" ? fishName : option;
            const bool found =
                script.contains(wanted) && (shell != "fish" || script.contains("__fish_seen_subcommand_from " + verb));
            QVERIFY2(found, qPrintable(verb + " " + option));
        }
    }
}

void ManualTest::bashCompletes_data()
{
    QTest::addColumn<QStringList>("words"); // the last is being typed
    QTest::addColumn<QStringList>("offered"); // at least; empty: nothing is
    QTest::newRow("verbs") << QStringList{"leftfold", ""} << m_verbs;
    QTest::newRow("a verb begun") << QStringList{"leftfold", "bla"} << QStringList{"blame"};
    for (const QString& verb : m_verbs)
        QTest::addRow("options of %s", qPrintable(verb))
            << QStringList{"leftfold", verb, "a.jsonl", "-"} << m_options[verb];
    QTest::newRow("an option begun") << QStringList{"leftfold", "blame", "a.jsonl", "x", "--jso"}
                                     << QStringList{"--json"};
    QTest::newRow("values") << QStringList{"leftfold", "show", "--color", ""} << QStringList{"auto", "always", "never"};
    QTest::newRow("a value begun") << QStringList{"leftfold", "show", "--fold", "la"} << QStringList{"latest"};
    QTest::newRow("units") << QStringList{"leftfold", "show", "--time-unit", ""} << QStringList{"s", "ms", "us", "ns"};
    QTest::newRow("an unknown verb has no options") << QStringList{"leftfold", "replay", "--"} << QStringList{};
}

void ManualTest::bashCompletes() const
{
    QFETCH(QStringList, words);
    QFETCH(QStringList, offered);
    const QString script = m_program.write("leftfold.bash", said({"--completions", "bash"}));
    QStringList quoted;
    for (const QString& word : words) quoted += "'" + word + "'";
    const QString line =
        QString("set -eu; . %1; complete -p leftfold >/dev/null; COMP_WORDS=(%2); COMP_CWORD=%3; COMPREPLY=(); "
                "_leftfold || true; printf '%s\\n' \"${COMPREPLY[@]+${COMPREPLY[@]}}\"")
            .arg(script, quoted.join(' '))
            .arg(words.size() - 1);
    const Ended bash = runOther("bash", {"--norc", "-c", line});
    QCOMPARE(bash.errors, QByteArray());
    const QStringList answers = QString(bash.out).split('\n', Qt::SkipEmptyParts);
    for (const QString& answer : answers) QVERIFY2(answer.startsWith(words.last()), qPrintable(answer));
    for (const QString& each : offered) QVERIFY2(answers.contains(each), qPrintable(each + " in " + bash.out));
    QCOMPARE(answers.isEmpty(), offered.isEmpty());
}

void ManualTest::zshTakesItsScript() const
{
    const QString script = m_program.write("_leftfold", said({"--completions", "zsh"}));
    const Ended zsh = runOther("zsh", {"-f", "-n", script});
    QCOMPARE(zsh.errors, QByteArray());
    QCOMPARE(zsh.exitCode, 0);
}

void ManualTest::anotherShellIsRefused() const
{
    const Ended ended = m_program.run({"--completions", "tcsh"});
    QCOMPARE(ended.exitCode, 2);
    QVERIFY(ended.errors.contains("not for 'tcsh'"));
}

void ManualTest::helpThatCannotBeWrittenIsAFailure_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("help") << QStringList{"--help"};
    QTest::newRow("of a verb") << QStringList{"blame", "--help"};
    QTest::newRow("version") << QStringList{"--version"};
    QTest::newRow("manual") << QStringList{"--man"};
    QTest::newRow("completions") << QStringList{"--completions", "bash"};
}

void ManualTest::helpThatCannotBeWrittenIsAFailure() const
{
    QFETCH(QStringList, arguments);
    const Ended ended = m_program.runInto("/dev/full", arguments);
    QCOMPARE(ended.exitCode, 3);
    QVERIFY2(ended.errors.contains("standard output"), ended.errors);
}

QTEST_GUILESS_MAIN(ManualTest)
#include "manual_test.moc"
