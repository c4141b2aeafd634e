// SPDX-License-Identifier: GPL-3.0-or-later
// Masking in the window: rules are checked while they are typed, and what they hide is painted nowhere, now and in the next run.
#include "ui/window/masks_dialog.h"

#include "tests/ui/made_window.h"
#include "tests/ui/painted_texts.h"
#include "tests/ui/widget_test.h"
#include "ui/window/aggregate_panel.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include <fstream>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

void makeLog(const std::string& path)
{
    std::ofstream out(path);
    for (int number = 0; number < 40; ++number)
        out << R"({"orderId":"secret)" << number % 4 << R"(","type":"Paid","at":")" << 2000 + number
            << R"(-01-01T00:00:00Z","customer":{"name":"secret","city":"Bern"},"sum":)" << number << "}\n";
}

/// What the window paints, every panel in front once.
QString paintedIn(MadeWindow& made)
{
    QString all;
    for (auto* dock : made.window.findChildren<QDockWidget*>()) {
        dock->show();
        dock->raise();
        if (!made.settled()) qFatal("no end");
        for (const PaintedText& painted : paintedTexts(made.window)) all += painted.text + QLatin1Char('\n');
    }
    return all;
}

} // namespace

class MasksTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsMaskedIsPaintedNowhere();
};

void MasksTest::whatIsMaskedIsPaintedNowhere()
{
    MadeWindow made;
    const QString log = QString::fromStdString(made.folder.path("orders.jsonl"));
    makeLog(log.toStdString());
    made.window.openPaths({log});
    QVERIFY(made.settled());
    made.act(workspace::GoTo{workspace::Target(event::When(event::EventIndex{20}))});
    QVERIFY(made.settled());
    QVERIFY(paintedIn(made).contains("secret"));

    made.action("masks")->trigger();
    auto* const dialog = made.window.findChild<MasksDialog*>();
    auto* const rules = dialog->findChild<QPlainTextEdit*>();
    auto* const use = made.button<QPushButton>("Mask nothing");
    QVERIFY(use != nullptr && use->isEnabled());
    rules->setPlainText("/customer/name\ntext:secret[\n");
    QVERIFY(!use->isEnabled());
    const auto labels = dialog->findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) { return label->text().contains("line 2"); }));
    keep(*dialog, "masks");
    rules->setPlainText("/customer/name\ntext:secret[0-9]*\n");
    QCOMPARE(use->text(), QString("Mask"));
    QTest::mouseClick(use, Qt::LeftButton);
    QVERIFY(made.settled());

    QCOMPARE(made.behind(), 21U);
    const QString painted = paintedIn(made);
    QVERIFY2(!painted.contains("secret"), qUtf8Printable(painted));
    QVERIFY(painted.contains("Bern"));
    QVERIFY(painted.contains("***#"));
    QVERIFY(painted.contains("masked"));
    keep(made.window, "masked");

    // The next run knows the rules.
    MainWindow next(MadeWindow::options(made.folder));
    next.openPaths({log});
    QVERIFY(QTest::qWaitFor([&] { return isSettled(next) && next.store()->open() != nullptr; }, 60'000));
    QVERIFY(!QString::fromStdString(*next.store()->open()->aggregate).contains("secret"));
}

QTEST_MAIN(MasksTest)
#include "masks_test.moc"
