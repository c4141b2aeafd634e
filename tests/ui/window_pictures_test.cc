// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"
#include "tests/ui/settled.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QImage>

using namespace leftfold;
using namespace leftfold::ui;
using leftfold::capture::test::Folder;
using leftfold::ui::test::isSettled;

namespace {

const QString kShop = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

/// How many of the pixels of two pictures of one size differ.
double difference(const QImage& a, const QImage& b)
{
    qsizetype different = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) different += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
    }
    return static_cast<double>(different) / (static_cast<double>(a.width()) * a.height());
}

} // namespace

/// Pictures of the window for people, in pictures/ beside the test.
class WindowPicturesTest : public QObject {
    Q_OBJECT

private slots:
    void pictures_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QSize>("size");
        QTest::newRow("light") << static_cast<int>(Theme::Light) << QSize(1600, 1000);
        QTest::newRow("dark") << static_cast<int>(Theme::Dark) << QSize(1600, 1000);
        QTest::newRow("small") << static_cast<int>(Theme::Light) << QSize(1280, 720);
    }
    void pictures()
    {
        QFETCH(int, theme);
        QFETCH(QSize, size);
        const Folder folder;
        WindowOptions options;
        options.settingsFile = QString::fromStdString(folder.path("desktop.ini"));
        options.cacheRoot = QString::fromStdString(folder.path("cache"));
        options.samplePath = kShop;
        MainWindow window(options);
        window.setTheme(static_cast<Theme>(theme));
        window.resize(size);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QCOMPARE(window.size(), size);
        const QImage start = picture(window, "start");

        window.openSample();
        settle(window);
        workspace::EventChoice choice;
        window.store()->act(workspace::GoToText{"#1731"});
        settle(window);
        window.store()->act(workspace::ChooseAggregate{"payment-1271"});
        window.store()->act(
            workspace::SetMark{workspace::Mark::A, workspace::Target(event::When(event::EventIndex{1200}))});
        window.store()->act(
            workspace::SetMark{workspace::Mark::B, workspace::Target(event::When(event::EventIndex{2600}))});
        settle(window);
        window.store()->act(workspace::Step{replay::Direction::Forward, workspace::StepKind::ThisAggregate});
        settle(window);
        QVERIFY(difference(start, picture(window, "stepped")) > 0.02);
        for (const QString& panel :
             {QString("aggregates"), QString("diff"), QString("projection"), QString("problems")}) {
            const QImage before = window.grab().toImage();
            window.findChild<QDockWidget*>(panel)->raise();
            QTest::qWait(20);
            settle(window);
            if (panel == "diff") window.store()->act(workspace::ChoosePair{"payment-1271"});
            settle(window);
            QVERIFY(difference(before, picture(window, panel)) > 0.002);
        }
        choice.filter.text = "no such text";
        window.store()->act(workspace::ListEvents{choice});
        settle(window);
        (void)picture(window, "nothing-listed");
        window.openPaths({QString::fromStdString(folder.path("none.jsonl"))});
        settle(window);
        (void)picture(window, "error");
    }

private:
    static void settle(MainWindow& window)
    {
        QVERIFY(QTest::qWaitFor([&] { return isSettled(window); }, 60'000));
        QTest::qWait(20); // what is painted
    }
    static QImage picture(MainWindow& window, const QString& name)
    {
        const QDir folder(QCoreApplication::applicationDirPath());
        folder.mkpath("pictures");
        const QImage image = window.grab().toImage();
        image.save(folder.filePath(QString("pictures/%1-%2.png").arg(name, QTest::currentDataTag())));
        return image;
    }
};

QTEST_MAIN(WindowPicturesTest)
#include "window_pictures_test.moc"
