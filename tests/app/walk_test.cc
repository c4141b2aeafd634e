// SPDX-License-Identifier: GPL-3.0-or-later
// The walk through the sample log that README.md describes: each command is run, and answers what stands there.
#include "tests/app/program.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>

namespace {

struct Step {
    QString command;
    QByteArray answer;
};

QString readText(const QString& name)
{
    QFile file(QString(LEFTFOLD_SOURCE_DIR "/") + name);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// Commands, each with the lines that stand below it up to the next.
QList<Step> stepsOf(const QString& page)
{
    const QRegularExpression block("^```console walk\\n(.*?)^```$",
                                   QRegularExpression::MultilineOption
                                       | QRegularExpression::DotMatchesEverythingOption);
    QList<Step> steps;
    for (auto match = block.globalMatch(page); match.hasNext();) {
        for (const QString& line : match.next().captured(1).split('\n', Qt::SkipEmptyParts)) {
            if (line.startsWith("$ ")) {
                steps.push_back({line.mid(2), {}});
            } else if (!steps.isEmpty()) {
                steps.last().answer += line.toUtf8() + '\n';
            }
        }
    }
    return steps;
}

} // namespace

class WalkTest : public QObject {
    Q_OBJECT

private slots:
    void theReadmeSaysWhatIsAnswered();
    void everyFaultOfTheSampleIsMet() const;

private:
    QList<Step> m_steps = stepsOf(readText("README.md"));
};

/// By a shell, in the root of the project, as a reader would type them.
void WalkTest::theReadmeSaysWhatIsAnswered()
{
    QVERIFY(m_steps.size() >= 6);
    const QTemporaryDir place;
    QVERIFY(QDir(place.path()).mkpath("bin"));
    QVERIFY(QFile::link(LEFTFOLD_BINARY, place.filePath("bin/leftfold")));
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_CACHE_HOME", place.filePath("cache"));
    environment.insert("PATH", place.filePath("bin") + ":" + environment.value("PATH"));
    for (const Step& step : std::as_const(m_steps)) {
        QProcess shell;
        shell.setProcessEnvironment(environment);
        shell.setWorkingDirectory(LEFTFOLD_SOURCE_DIR);
        shell.start("/bin/sh", {"-c", step.command});
        shell.closeWriteChannel();
        const Ended ended = Program::ended(shell);
        QVERIFY2(ended.exitCode == 0 || ended.exitCode == 1, qPrintable(step.command + ": " + ended.errors));
        if (ended.out != step.answer) qWarning("%s", qPrintable("$ " + step.command));
        QCOMPARE(QString(ended.out), QString(step.answer));
    }
}

/// Those that the sample's own page lists; what no line holds cannot be run to.
void WalkTest::everyFaultOfTheSampleIsMet() const
{
    QByteArray answers;
    for (const Step& step : m_steps) answers += step.answer;
    const QRegularExpression fault("^\\| `(shop\\[0\\]@\\d+)` \\| ([a-z ]+) \\|(.*)$",
                                   QRegularExpression::MultilineOption);
    int count = 0;
    for (auto match = fault.globalMatch(readText("resources/samples/README.md")); match.hasNext(); ++count) {
        const auto found = match.next();
        const QRegularExpression pair("`(shop\\[0\\]@\\d+)`\\) that came first");
        const QString other = pair.match(found.captured(3)).captured(1); // out of order: the event that is late
        QVERIFY2(answers.contains((other.isEmpty() ? found.captured(1) : other).toUtf8()),
                 qPrintable(found.captured(2)));
    }
    QCOMPARE(count, 5);
}

QTEST_GUILESS_MAIN(WalkTest)
#include "walk_test.moc"
