// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/architecture/architecture_rules.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStringList>
#include <QTest>

namespace architecture = leftfold::architecture;

namespace {

const QString kRoot = QStringLiteral(LEFTFOLD_SOURCE_DIR);

/// What git knows or would add; nothing where there is no git or no clone.
QStringList filesByGit()
{
    QProcess git;
    git.setWorkingDirectory(kRoot);
    git.start("git", {"ls-files", "-z", "--cached", "--others", "--exclude-standard"});
    if (!git.waitForFinished() || git.exitStatus() != QProcess::NormalExit || git.exitCode() != 0) return {};
    return QString::fromUtf8(git.readAllStandardOutput()).split(QChar::Null, Qt::SkipEmptyParts);
}

QStringList filesByWalking()
{
    QStringList out;
    QDirIterator files(kRoot, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = QDir(kRoot).relativeFilePath(files.next());
        const bool ours = !path.startsWith(".git/") && !path.startsWith("build/") && !path.startsWith(".cache/")
                          && !path.contains("__pycache__/");
        if (ours) out.push_back(path);
    }
    return out;
}

QStringList filesOfTheProject()
{
    const QStringList known = filesByGit();
    return known.isEmpty() ? filesByWalking() : known;
}

QString joined(const architecture::Findings& findings)
{
    QStringList lines;
    for (const std::string& finding : findings) lines.push_back(QString::fromStdString(finding));
    return lines.join('\n');
}

} // namespace

class ArchitectureTest : public QObject {
    Q_OBJECT

private slots:
    void noFileOfTheProjectBreaksARule();
    void bothWaysOfListingSeeTheSources();
    void arrows_data();
    void arrows();
    void everyArrowOfCoreGoesOneWay();
    void anIncludeIsFoundHoweverItIsWritten();
    void licences_data();
    void licences();
    void topLevel_data();
    void topLevel();
    void aFolderOutsideTheOrderIsReported();
    void everyModelIsTestedAsOne();
};

void ArchitectureTest::noFileOfTheProjectBreaksARule()
{
    architecture::Findings all;
    int read = 0;
    for (const QString& path : filesOfTheProject()) {
        QFile file(kRoot + "/" + path);
        if (!file.open(QIODevice::ReadOnly)) continue; // removed here, not yet in git
        ++read;
        const QByteArray text = file.readAll();
        const auto found = architecture::findingsOf(path.toStdString(), {text.data(), std::size_t(text.size())});
        all.insert(all.end(), found.begin(), found.end());
    }
    QVERIFY2(read > 50, "the list of files is not that of the project");
    QVERIFY2(all.empty(), qPrintable("\n" + joined(all)));
}

void ArchitectureTest::bothWaysOfListingSeeTheSources()
{
    for (const QStringList& files : {filesByWalking(), filesOfTheProject()}) {
        QVERIFY(files.contains("core/base/error.h"));
        QVERIFY(files.contains("tests/architecture/architecture_test.cc"));
    }
}

void ArchitectureTest::arrows_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("reported");

    const QString nothing;
    QTest::newRow("own folder") << "core/fold/a.cc"
                                << "#include \"core/fold/fold.h\"" << nothing;
    QTest::newRow("leftwards") << "core/replay/a.cc"
                               << "#include \"core/capture/reader.h\"" << nothing;
    QTest::newRow("far leftwards") << "core/workspace/a.cc"
                                   << "#include \"core/base/time.h\"" << nothing;
    QTest::newRow("ui to core") << "ui/a.cc"
                                << "#include \"core/workspace/update.h\"" << nothing;
    QTest::newRow("app to ui") << "app/main.cc"
                               << "#include \"ui/main_window.h\"" << nothing;
    QTest::newRow("ui and Qt") << "ui/a.cc"
                               << "#include <QWidget>" << nothing;
    QTest::newRow("the standard") << "core/base/a.h"
                                  << "#include <queue>" << nothing;
    QTest::newRow("a library") << "core/base/a.cc"
                               << "#include <tl/expected.hpp>" << nothing;
    QTest::newRow("a test may see all") << "tests/fold/a.cc"
                                        << "#include \"core/source/a.h\"" << nothing;
    QTest::newRow("a comment") << "core/base/a.h"
                               << "// #include \"ui/x.h\"" << nothing;

    QTest::newRow("the engine of scripts, where it belongs") << "core/fold/script_engine.cc"
                                                             << "#include <jsapi.h>" << nothing;
    QTest::newRow("the engine of scripts") << "core/fold/script.cc"
                                           << "#include <js/Promise.h>"
                                           << "only script_engine.cc";
    QTest::newRow("rightwards") << "core/base/a.h"
                                << "#include \"core/event/cut.h\""
                                << "must not include";
    QTest::newRow("neighbours") << "core/fold/a.h"
                                << "#include \"core/capture/a.h\""
                                << "must not include";
    QTest::newRow("neighbours too") << "core/source/a.h"
                                    << "#include \"core/capture/a.h\""
                                    << "must not include";
    QTest::newRow("replay to source") << "core/replay/a.h"
                                      << "#include \"core/source/a.h\""
                                      << "must not include";
    QTest::newRow("core to ui") << "core/workspace/a.h"
                                << "#include \"ui/a.h\""
                                << "must not include";
    QTest::newRow("ui to app") << "ui/a.h"
                               << "#include \"app/a.h\""
                               << "must not include";
    QTest::newRow("core and Qt") << "core/base/a.h"
                                 << "#include <QString>"
                                 << "core includes Qt";
    QTest::newRow("core and QtCore") << "core/base/a.h"
                                     << "#include <QtCore/QString>"
                                     << "core includes Qt";
    QTest::newRow("core and old Qt") << "core/base/a.h"
                                     << "#include <qglobal.h>"
                                     << "core includes Qt";
    QTest::newRow("not from the root") << "core/base/a.cc"
                                       << "#include \"time.h\""
                                       << "not a path from the root";
    QTest::newRow("upwards") << "core/base/a.cc"
                             << "#include \"../event/cut.h\""
                             << "not a path from the root";
    QTest::newRow("angles") << "core/event/a.cc"
                            << "#include <core/base/time.h>"
                            << "angle brackets";
    QTest::newRow("tests") << "core/event/a.cc"
                           << "#include \"tests/support/a.h\""
                           << "not a path from the root";
}

void ArchitectureTest::arrows()
{
    QFETCH(QString, path);
    QFETCH(QString, line);
    QFETCH(QString, reported);
    const std::string text = ("// first\n" + line + "\n").toStdString();
    auto findings = architecture::includeFindings(path.toStdString(), text);
    std::ranges::copy(architecture::engineFindings(path.toStdString(), text), std::back_inserter(findings));
    QCOMPARE(findings.size(), reported.isEmpty() ? 0U : 1U);
    if (reported.isEmpty()) return;
    QVERIFY2(joined(findings).contains(reported), qPrintable(joined(findings)));
    QVERIFY2(joined(findings).startsWith(path + ":2: "), qPrintable(joined(findings)));
}

void ArchitectureTest::everyArrowOfCoreGoesOneWay()
{
    const auto& arrows = architecture::coreArrows();
    for (const auto& [from, targets] : arrows) {
        for (const std::string& to : targets) {
            QVERIFY2(arrows.contains(to), to.c_str());
            QVERIFY2(!arrows.at(to).contains(from), (from + " and " + to + " include each other").c_str());
        }
    }
}

void ArchitectureTest::anIncludeIsFoundHoweverItIsWritten()
{
    const auto includes = architecture::includesOf("#pragma once\n  #  include\t\"a/b.h\" // why\n#include<c>\nint x;");
    QCOMPARE(includes.size(), 2U);
    QCOMPARE(includes[0].path, std::string("a/b.h"));
    QCOMPARE(includes[0].line, 2U);
    QVERIFY(includes[0].quoted);
    QCOMPARE(includes[1].path, std::string("c"));
    QVERIFY(!includes[1].quoted);
}

void ArchitectureTest::licences_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("reported");

    const QString line = QString("SPDX-License-") + "Identifier: GPL-3.0-or-later\n";
    QTest::newRow("code with") << "core/a.cc"
                               << "// " + line << false;
    QTest::newRow("code without") << "core/a.cc"
                                  << "#pragma once\n"
                                  << true;
    QTest::newRow("empty code") << "core/a.cc"
                                << "" << true;
    QTest::newRow("too late") << "core/a.h"
                              << "\n\n\n// " + line << true;
    QTest::newRow("another licence") << "core/a.h" << QString("// SPDX-License-") + "Identifier: MIT\n" << true;
    QTest::newRow("script with") << "installer/try"
                                 << "#!/bin/sh\n# " + line << false;
    QTest::newRow("script without") << "installer/try"
                                    << "#!/bin/sh\nset -e\n"
                                    << true;
    QTest::newRow("CMake without") << "core/CMakeLists.txt"
                                   << "project(x)\n"
                                   << true;
    QTest::newRow("a page needs none") << "README.md"
                                       << "# Leftfold\n"
                                       << false;
    QTest::newRow("data needs none") << "resources/samples/a.jsonl"
                                     << "{}\n"
                                     << false;
}

void ArchitectureTest::licences()
{
    QFETCH(QString, path);
    QFETCH(QString, text);
    QFETCH(bool, reported);
    QCOMPARE(!architecture::licenceFindings(path.toStdString(), text.toStdString()).empty(), reported);
}

void ArchitectureTest::topLevel_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("reported");

    QTest::newRow("root file") << "README.md" << false;
    QTest::newRow("presets") << "CMakePresets.json" << false;
    QTest::newRow("dot file") << ".gitignore" << false;
    QTest::newRow("dot folder") << ".ci/run" << false;
    QTest::newRow("folder") << "resources/samples/shop.jsonl" << false;
    QTest::newRow("stray file") << "notes.txt" << true;
    QTest::newRow("stray folder") << "docs/index.md" << true;
    QTest::newRow("licence in the root") << "LICENSE" << true;
    QTest::newRow("folder's name on a file") << "core" << true;
    QTest::newRow("file's name on a folder") << "README.md/x" << true;
}

void ArchitectureTest::topLevel()
{
    QFETCH(QString, path);
    QFETCH(bool, reported);
    QCOMPARE(!architecture::topLevelFindings(path.toStdString()).empty(), reported);
}

void ArchitectureTest::aFolderOutsideTheOrderIsReported()
{
    QVERIFY(architecture::folderFindings("core/replay/replayer.h").empty());
    QVERIFY(architecture::folderFindings("core/CMakeLists.txt").empty());
    QVERIFY(architecture::folderFindings("ui/list.h").empty());
    QVERIFY(!architecture::folderFindings("core/util/strings.h").empty());
    QVERIFY(!architecture::folderFindings("core/strings.h").empty());
}

/// Each class that says it is a model stands in a test that puts it under QAbstractItemModelTester.
void ArchitectureTest::everyModelIsTestedAsOne()
{
    static const QRegularExpression kModel(
        R"(class (\w+)[^;{>]*: public (?:QAbstract\w*Model|WindowModel|CachedModel)\b)");
    static const QRegularExpression kTester(R"(QAbstractItemModelTester \w+\(&(\w+))");
    QSet<QString> models;
    QSet<QString> tested;
    for (const QString& path : filesOfTheProject()) {
        QFile file(kRoot + "/" + path);
        const bool isTest = path.startsWith("tests/ui/");
        if (!(isTest || path.startsWith("ui/")) || !file.open(QIODevice::ReadOnly)) continue;
        const QString text = QString::fromUtf8(file.readAll());
        for (const auto& match : kModel.globalMatch(text)) models.insert(match.captured(1));
        if (!isTest) continue;
        for (const auto& match : kTester.globalMatch(text)) {
            const QRegularExpression made(QString(R"(\b(\w+Model)(?: %1\b|& %1 = ))").arg(match.captured(1)));
            for (const auto& each : made.globalMatch(text)) tested.insert(each.captured(1));
        }
    }
    for (const char* base : {"WindowModel", "CachedModel"})
        models.remove(base); // tested as those that are made of them
    QVERIFY(models.size() >= 5);
    const QSet<QString> untested = models - tested;
    QVERIFY2(untested.isEmpty(), qPrintable(QStringList(untested.begin(), untested.end()).join(' ')));
}

QTEST_GUILESS_MAIN(ArchitectureTest)
#include "architecture_test.moc"
