// SPDX-License-Identifier: GPL-3.0-or-later
// Git as an oracle: the tree of a commit is what `latest` makes of the changes before it.
#include "tests/oracle/made_repository.h"
#include "tests/oracle/program_runs.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <iterator>
#include <random>

namespace {

/// One path changed by one commit.
struct Change {
    QByteArray status; ///< A, M, T or D
    QByteArray mode;
    QByteArray blob;
    QByteArray path;
};

struct Commit {
    QByteArray id;
    QByteArray time; ///< ISO 8601
    int parents = 0;
    QList<Change> changes;
    qsizetype eventsUpToHere = 0;
};

QByteArray git(const QString& repository, const QStringList& arguments, const QByteArray& input = {})
{
    return outputOf(
        "git", QStringList{"-c", "safe.directory=*", "-c", "log.showRoot=true", "-C", repository} + arguments, input);
}

Commit commitOf(const QByteArray& head)
{
    const QByteArrayList words = head.split(' ');
    Commit commit;
    commit.id = words[1];
    commit.time = QDateTime::fromSecsSinceEpoch(words[2].toLongLong(), Qt::UTC).toString(Qt::ISODate).toUtf8();
    commit.parents = static_cast<int>(words.size()) - 3;
    return commit;
}

/// The history along first parents, oldest first. The oldest commit of a shallow clone adds all its paths.
QList<Commit> historyOf(const QString& repository)
{
    const QByteArrayList tokens = git(repository, {"log", "--first-parent", "-m", "--no-renames", "--raw", "--reverse",
                                                   "-z", "--no-abbrev", "--format=tformat:commit %H %ct %P", "HEAD"})
                                      .split('\0');
    QList<Commit> commits;
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const QByteArray head = tokens[i].trimmed();
        if (head.startsWith("commit ")) {
            commits.append(commitOf(head));
            commits.last().eventsUpToHere = commits.size() > 1 ? commits[commits.size() - 2].eventsUpToHere : 0;
        } else if (!head.isEmpty()) {
            const QByteArrayList words = head.split(' '); // :mode mode blob blob status
            commits.last().changes.append({words[4], words[1], words[3], tokens[++i]});
            ++commits.last().eventsUpToHere;
        }
    }
    return commits;
}

QByteArray jsonText(const QByteArray& text)
{
    return QJsonDocument(QJsonArray{QString::fromUtf8(text)}).toJson(QJsonDocument::Compact).chopped(1).sliced(1);
}

/// The event of a change: its key is the path; a deletion has no value.
QByteArray envelopeOf(const Commit& commit, const Change& change, qsizetype offset)
{
    QByteArray line = R"({"leftfold":1,"position":"git[0]@)" + QByteArray::number(offset) + R"(","timestamp":")"
                      + commit.time + R"(","timestampType":"create","key":)" + jsonText(change.path);
    if (change.status != "D") {
        line += R"(,"value":{"type":")" + change.status + R"(","path":)" + jsonText(change.path) + R"(,"mode":")"
                + change.mode + R"(","blob":")" + change.blob + R"(","commit":")" + commit.id + R"(","at":")"
                + commit.time + R"("})";
    }
    return line + "}\n";
}

void writeLog(const QList<Commit>& commits, const QString& file)
{
    QFile log(file);
    QVERIFY(log.open(QIODevice::WriteOnly));
    qsizetype offset = 0;
    for (const Commit& commit : commits) {
        for (const Change& change : commit.changes) {
            log.write(envelopeOf(commit, change, offset++));
        }
    }
}

/// Paths with "mode blob".
using Tree = QMap<QString, QString>;

Tree treeInGit(const QString& repository, const QByteArray& commit)
{
    Tree tree;
    for (const QByteArray& entry : git(repository, {"ls-tree", "-r", "-z", "--full-tree", commit}).split('\0')) {
        const qsizetype tab = entry.indexOf('\t');
        if (tab > 0) {
            const QByteArrayList words = entry.first(tab).split(' '); // mode type blob
            tree[QString::fromUtf8(entry.sliced(tab + 1))] = QString::fromUtf8(words[0] + " " + words[2]);
        }
    }
    return tree;
}

Tree treeInLeftfold(const LeftfoldProgram& leftfold, const QString& capture, const QString& when)
{
    Tree tree;
    for (const QByteArray& line :
         leftfold.run({"ls", capture, "--at", when, "--by", "key", "--fold", "latest", "--json"}).split('\n')) {
        if (!line.isEmpty()) {
            const QJsonObject entry = QJsonDocument::fromJson(line).object();
            const QJsonObject state = entry["state"].toObject();
            tree[entry["id"].toString()] = state["mode"].toString() + " " + state["blob"].toString();
        }
    }
    return tree;
}

/// Where a commit ends: just after its last event.
QString cutOf(const Commit& commit)
{
    return commit.eventsUpToHere == 0 ? QString("@start") : QString("git[0]@%1").arg(commit.eventsUpToHere - 1);
}

} // namespace

class GitOracleTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void madeHistoryHasEveryKindOfChange();
    void theTreeOfACommitIsAFoldOfItsLog_data();
    void theTreeOfACommitIsAFoldOfItsLog() const;

private:
    QString made() const { return m_folder.filePath("made"); }

    QTemporaryDir m_folder;
    std::uint32_t m_seed = std::random_device{}();
};

void GitOracleTest::initTestCase()
{
    qInfo("seed %u", m_seed);
    QVERIFY(QDir().mkpath(made()));
    git(made(), {"init", "--quiet", "--initial-branch=main"});
    git(made(), {"fast-import", "--quiet"}, MadeRepository(m_seed, 2'200).stream());
}

void GitOracleTest::madeHistoryHasEveryKindOfChange()
{
    QSet<QByteArray> kinds;
    qsizetype merges = 0;
    const QList<Commit> commits = historyOf(made());
    for (const Commit& commit : commits) {
        merges += commit.parents > 1 ? 1 : 0;
        for (const Change& change : commit.changes) {
            kinds.insert(change.status);
        }
    }
    QVERIFY(commits.size() >= 2'000);
    QVERIFY(merges >= 100);
    QCOMPARE(kinds, (QSet<QByteArray>{"A", "M", "T", "D"}));
}

void GitOracleTest::theTreeOfACommitIsAFoldOfItsLog_data()
{
    QTest::addColumn<QString>("repository");
    QTest::newRow("a repository made by fast-import") << made();
    if (QFile::exists(QString(LEFTFOLD_SOURCE_DIR) + "/.git")) {
        QTest::newRow("the project's own repository") << QString(LEFTFOLD_SOURCE_DIR);
    } else {
        qInfo("sources without their history: only the made repository is looked at");
    }
}

void GitOracleTest::theTreeOfACommitIsAFoldOfItsLog() const
{
    QFETCH(QString, repository);
    const QList<Commit> commits = historyOf(repository);
    QVERIFY(!commits.isEmpty());
    const QTemporaryDir folder;
    const LeftfoldProgram leftfold;
    const QString capture = folder.filePath("git.lflog");
    writeLog(commits, folder.filePath("git.jsonl"));
    leftfold.run({"fetch", folder.filePath("git.jsonl"), "-o", capture});

    QList<Commit> chosen;
    std::sample(commits.begin(), commits.end(), std::back_inserter(chosen), 20, std::mt19937(m_seed));
    for (const Commit& commit : chosen) {
        const Tree expected = treeInGit(repository, commit.id);
        const Tree found = treeInLeftfold(leftfold, capture, cutOf(commit));
        QVERIFY2(found == expected, qPrintable(QString("seed %1, commit %2 at %3: %4 paths in Git, %5 in Leftfold")
                                                   .arg(m_seed)
                                                   .arg(commit.id, cutOf(commit))
                                                   .arg(expected.size())
                                                   .arg(found.size())));
    }
    qInfo("%lld commits of %lld equal", static_cast<long long>(chosen.size()), static_cast<long long>(commits.size()));
}

QTEST_GUILESS_MAIN(GitOracleTest)
#include "git_oracle_test.moc"
