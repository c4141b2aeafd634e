// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/links/main_stretch.h"

#include <QTest>

using namespace leftfold;

namespace {

/// Events at these seconds.
replay::Density densityAt(const std::vector<std::int64_t>& seconds)
{
    replay::DensityMaker maker({{seconds.front(), 0}, {seconds.back() + 1, 0}}, {"Sold"});
    for (const std::int64_t each : seconds) maker.add({each, 0}, 0);
    return maker.finish();
}

std::vector<std::int64_t> everySecond(std::int64_t from, std::int64_t count)
{
    std::vector<std::int64_t> out;
    for (std::int64_t i = 0; i < count; ++i) out.push_back(from + i);
    return out;
}

} // namespace

class MainStretchTest : public QObject {
    Q_OBJECT

private slots:
    void anEvenLogIsShownWhole()
    {
        const auto density = densityAt(everySecond(1000, 5000));
        QVERIFY(ui::mainStretch(density) == density.span());
    }

    void oneEventFarOffIsNotWaitedFor()
    {
        for (const bool isLater : {true, false}) {
            auto seconds = everySecond(1'000'000, 1000);
            seconds.insert(isLater ? seconds.end() : seconds.begin(), isLater ? 2'000'000 : 0);
            const base::TimeRange range = ui::mainStretch(densityAt(seconds));
            QVERIFY(range.from < (base::Time{1'000'010, 0}));
            QVERIFY(range.from > (base::Time{990'000, 0}));
            QVERIFY(range.to > (base::Time{1'000'990, 0}));
            QVERIFY(range.to < (base::Time{1'010'000, 0}));
        }
    }

    void twoFarHalvesAreBothShown()
    {
        auto seconds = everySecond(0, 1000);
        const auto later = everySecond(1'000'000, 1000);
        seconds.insert(seconds.end(), later.begin(), later.end());
        const auto density = densityAt(seconds);
        QVERIFY(ui::mainStretch(density) == density.span());
    }

    void oneEventIsItsOwnStretch()
    {
        const auto density = densityAt({1000});
        QVERIFY(ui::mainStretch(density).contains(density.span().from));
    }
};

QTEST_APPLESS_MAIN(MainStretchTest)
#include "main_stretch_test.moc"
