// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/density.h"
#include "ui/colours.h"
#include "ui/events/events_model.h"

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

#include <random>

/// What the tests of widgets share.
namespace leftfold::ui::test {

/// A new seed each run, printed; LEFTFOLD_SEED repeats one.
inline unsigned newSeed()
{
    const unsigned seed = qEnvironmentVariableIsSet("LEFTFOLD_SEED") ? qEnvironmentVariable("LEFTFOLD_SEED").toUInt()
                                                                     : std::random_device()();
    qInfo("seed %u (LEFTFOLD_SEED repeats it)", seed);
    return seed;
}

/// A palette of these colours and the fonts of the window, for the whole program.
inline void dress(const Colours& colours)
{
    QPalette palette;
    palette.setColor(QPalette::Window, colours.panel);
    palette.setColor(QPalette::Base, colours.panel);
    palette.setColor(QPalette::AlternateBase, colours.header);
    palette.setColor(QPalette::Button, colours.header);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(role, colours.text);
    palette.setColor(QPalette::PlaceholderText, colours.secondary);
    palette.setColor(QPalette::Highlight, colours.selection);
    palette.setColor(QPalette::HighlightedText, colours.text);
    QApplication::setPalette(palette);
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(13);
    QApplication::setFont(font);
}

/// An argument of what a signal told last.
template <class T>
T told(const QSignalSpy& spy, int argument = 0)
{
    if (spy.isEmpty()) qFatal("nothing was told by %s", spy.signal().constData());
    return spy.last().at(argument).template value<T>();
}

/// Keeps a picture for a person to look at, in `pictures` of the folder the test runs in.
inline void keep(QWidget& widget, const QString& name)
{
    QDir().mkpath(QStringLiteral("pictures"));
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    QVERIFY(widget.grab().save(QStringLiteral("pictures/") + name + QStringLiteral(".png")));
}

/// How many pixels of a picture have just this colour.
inline int pixelsOf(const QImage& image, const QColor& colour, const QRect& in = {})
{
    const QRect area = in.isNull() ? image.rect() : in.intersected(image.rect());
    int count = 0;
    for (int y = area.top(); y <= area.bottom(); ++y)
        for (int x = area.left(); x <= area.right(); ++x) count += image.pixelColor(x, y).rgb() == colour.rgb() ? 1 : 0;
    return count;
}

inline QImage grabbed(QWidget& widget)
{
    return widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

inline base::Time at(const char* text)
{
    const auto time = base::parseTime(text);
    if (!time) qFatal("%s", base::render(time.error()).c_str());
    return *time;
}

inline event::Document json(const char* text)
{
    auto document = event::Document::parse(text);
    if (!document) qFatal("%s", base::render(document.error()).c_str());
    return *document;
}

/// A week of a shop with days and nights, six types, from `from` on.
inline replay::Density madeDensity(std::size_t events, base::Time from = at("2026-11-14T00:00:00Z"), unsigned seed = 1)
{
    constexpr double kDay = 86400e9;
    replay::DensityMaker maker(
        {from, base::plusNanos(from, 7 * kDay)},
        {"ItemAdded", "OrderPlaced", "StockReserved", "PaymentReceived", "OrderShipped", "RefundIssued"});
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> share(0, 1);
    std::discrete_distribution<std::size_t> type({34, 21, 20, 19, 17, 4});
    for (std::size_t i = 0; i < events;) {
        const double day = share(random);
        if (share(random) > 0.5 - 0.5 * std::cos(day * 6.283185)) continue;
        const double whole = std::floor(share(random) * 7);
        maker.add(base::plusNanos(from, (whole + day) * kDay), type(random));
        ++i;
    }
    return maker.finish();
}

/// Row number `place` of a made log.
inline EventRow madeRow(std::uint64_t place)
{
    static const char* const kTypes[] = {"ItemAdded", "PaymentReceived", "OrderPlaced", "StockReserved",
                                         "OrderShipped"};
    EventRow row;
    row.place = place;
    row.index = {place};
    row.time = base::plusNanos(at("2026-11-20T14:03:20.062Z"), static_cast<double>(place) * 254e6);
    row.position = {{"orders", static_cast<std::int32_t>(place % 3)}, {static_cast<std::int64_t>(place / 3)}};
    row.key = QStringLiteral("order-%1").arg(place * 7919 % 9000 + 1000);
    row.type = QString::fromLatin1(kTypes[place * 31 % 5]);
    row.bytes = 150 + place * 97 % 400;
    row.payload = QStringLiteral("{\"sku\":\"sku-118\",\"qty\":%1,\"price\":24.90}").arg(place % 7);
    return row;
}

inline const QStringList kMadeTypes = {"ItemAdded",       "OrderPlaced",  "StockReserved",
                                       "PaymentReceived", "OrderShipped", "RefundIssued"};

/// Delivers whatever the model wants, at once.
inline void serve(EventsModel& model)
{
    QObject::connect(&model, &EventsModel::rowsWanted, &model,
                     [&model](quint64 revision, quint64 first, quint32 count) {
                         std::vector<EventRow> rows;
                         for (quint64 row = first; row < first + count; ++row) rows.push_back(madeRow(row));
                         model.deliver(revision, first, std::move(rows));
                     });
}

} // namespace leftfold::ui::test
