// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace in the window: opened with all it says, asked about where it reaches out of its folder, saved again.
#include "ui/window/workspace_files.h"

#include "tests/ui/made_window.h"
#include "tests/ui/widget_test.h"

#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTimer>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

const QString kSamples = QStringLiteral(LEFTFOLD_SOURCE_DIR "/resources/samples/");

QString copied(const MadeWindow& made)
{
    for (const char* name : {"shop.jsonl", "shop.leftfold", "payments.js", "payments-fixed.js"})
        QFile::copy(kSamples + name, QString::fromStdString(made.folder.path(name)));
    return QString::fromStdString(made.folder.path("shop.leftfold"));
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Presses a button of the next message that pops up, and keeps what it said.
struct Answering {
    QString said;
    explicit Answering(QMessageBox::StandardButton button)
    {
        QTimer::singleShot(300, &context, [this, button] {
            auto* const box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (box == nullptr) return;
            said = box->text() + box->informativeText();
            box->button(button)->click();
        });
    }
    QObject context;
};

} // namespace

class WorkspaceFilesTest : public QObject {
    Q_OBJECT

private slots:
    void aWorkspaceIsOpenedAndSaved();
    void whatLiesOutsideIsAskedFor();
    void aWorkspaceThatIsNoneIsTold();
};

void WorkspaceFilesTest::aWorkspaceIsOpenedAndSaved()
{
    MadeWindow made;
    const QString path = copied(made);
    made.window.openPaths({path});
    QVERIFY(QTest::qWaitFor(
        [&] {
            const auto* open = made.window.store()->open();
            return open != nullptr && open->breakpoints.size() == 1 && isSettled(made.window);
        },
        60'000));
    QCOMPARE(made.open().projections.size(), std::size_t{4});
    QCOMPARE(*made.open().aggregate, std::string("payment-1219"));
    keep(made.window, "workspace");

    const QByteArray before = contentOf(path);
    made.action("saveWorkspace")->trigger();
    QCOMPARE(contentOf(path), before);
    made.act(workspace::SetMark{workspace::Mark::A, workspace::Target(event::When(event::EventIndex{632}))});
    QVERIFY(made.settled());
    made.action("saveWorkspace")->trigger();
    const auto saved = workspace::readWorkspace(path.toStdString());
    QVERIFY(saved.has_value());
    QCOMPARE(*saved->markA, std::string("#632"));
    QCOMPARE(saved->expectations.size(), std::size_t{6});
}

void WorkspaceFilesTest::whatLiesOutsideIsAskedFor()
{
    MadeWindow made;
    const QString path = copied(made);
    const std::string outside = (kSamples + "shop.jsonl").toStdString();
    workspace::WorkspaceFile file;
    file.log = {outside};
    QVERIFY(workspace::writeWorkspace(file, path.toStdString()).has_value());
    {
        const Answering no(QMessageBox::Cancel);
        made.window.openPaths({path});
        QVERIFY2(no.said.contains("shop.jsonl"), qPrintable(no.said));
        QVERIFY(made.window.store()->open() == nullptr);
    }
    const Answering yes(QMessageBox::Open);
    made.window.openPaths({path});
    QVERIFY(made.settled());
    QVERIFY(made.window.store()->open() != nullptr);
}

void WorkspaceFilesTest::aWorkspaceThatIsNoneIsTold()
{
    MadeWindow made;
    const QString path = QString::fromStdString(made.folder.path("none.leftfold"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"leftfoldWorkspace\": 1,\n \"log\": [7]}");
    file.close();
    const Answering ok(QMessageBox::Ok);
    made.window.openPaths({path});
    QVERIFY2(ok.said.contains("none.leftfold"), qPrintable(ok.said));
    QVERIFY(made.window.store()->open() == nullptr);
}

QTEST_MAIN(WorkspaceFilesTest)
#include "workspace_files_test.moc"
