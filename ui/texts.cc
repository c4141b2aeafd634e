// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/texts.h"

#include "ui/error_text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>
#include <cmath>

namespace leftfold::ui {

using workspace::StepKind;

namespace {

class Texts {
    Q_DECLARE_TR_FUNCTIONS(leftfold::ui::Texts)
};

QString atStart()
{
    return Texts::tr("before the first event");
}

} // namespace

QString momentText(const workspace::Moment& moment, Zone zone)
{
    if (!moment.last) return QStringLiteral("@start");
    const QString time = fullTimeText(moment.last->time, timeZone(zone));
    const QString position = text(toText(moment.last->position));
    if (!moment.isPrefix) return QStringLiteral("%1  %2").arg(time, text(toText(moment.when)));
    return QStringLiteral("%1  %2  %3").arg(time, position, text(toText(moment.last->index)));
}

QString shortMomentText(const workspace::Moment& moment, Zone zone)
{
    if (!moment.last) return atStart();
    return QStringLiteral("%1 · %2").arg(fullTimeText(moment.last->time, timeZone(zone)), text(toText(moment.when)));
}

QString writerText(const workspace::EventAt& event)
{
    return QStringLiteral("%1 %2").arg(event.index.value).arg(typeText(event.type));
}

QString typeText(const std::string& type)
{
    return type.empty() ? Texts::tr("(no type)") : text(type);
}

QString stepText(StepKind kind)
{
    switch (kind) {
    case StepKind::AnyEvent:
        return Texts::tr("any event");
    case StepKind::ThisAggregate:
        return Texts::tr("this aggregate");
    case StepKind::ThisType:
        return Texts::tr("this type");
    case StepKind::ThisTransaction:
        return Texts::tr("this transaction");
    case StepKind::WatchedField:
        return Texts::tr("watched field");
    }
    return {};
}

namespace {

QString notChosenText(StepKind kind)
{
    switch (kind) {
    case StepKind::ThisAggregate:
        return Texts::tr("Choose an aggregate first: by its id in the panel Aggregate");
    case StepKind::ThisType:
        return Texts::tr("There is no event here whose type could be stepped along");
    case StepKind::WatchedField:
        return Texts::tr("Watch a field first: in the menu of a field in the panel Aggregate");
    case StepKind::AnyEvent:
    case StepKind::ThisTransaction:
        return {};
    }
    return {};
}

} // namespace

QString noticeText(const workspace::Notice& notice)
{
    switch (notice.kind) {
    case workspace::Notice::Kind::Error:
        return errorText(*notice.error);
    case workspace::Notice::Kind::NoneFurther:
        return Texts::tr("There is no such event further on");
    case workspace::Notice::Kind::NoneBefore:
        return Texts::tr("There is no such event before");
    case workspace::Notice::Kind::UnreadablePassed:
        return Texts::tr("%1 events that cannot be read were passed over: any of them may have been of this type")
            .arg(countText(notice.count));
    case workspace::Notice::Kind::NotChosen:
        return notChosenText(notice.step);
    case workspace::Notice::Kind::Stopped:
        return Texts::tr("Stopped at #%1: %2").arg(notice.count).arg(text(notice.what));
    case workspace::Notice::Kind::NoHitFurther:
        return Texts::tr("No breakpoint holds further on");
    case workspace::Notice::Kind::NoHitBefore:
        return Texts::tr("No breakpoint holds before");
    case workspace::Notice::Kind::NoBookmarkFurther:
        return Texts::tr("There is no bookmark further on");
    case workspace::Notice::Kind::NoBookmarkBefore:
        return Texts::tr("There is no bookmark before");
    case workspace::Notice::Kind::NoAggregates:
        return Texts::tr("A breakpoint asks for aggregates, and those of the log are not found yet");
    }
    return {};
}

QString projectionText(const workspace::ProjectionChoice& choice, const decode::Mapping& mapping)
{
    const std::string by = !choice.by.empty() ? choice.by : mapping.id ? toText(*mapping.id) : std::string();
    const bool isRow = by.starts_with("debezium");
    if (workspace::isScript(choice.fold)) {
        const QString name = QFileInfo(text(choice.fold)).fileName();
        return choice.by.empty() ? name : Texts::tr("%1 by %2").arg(name, text(choice.by));
    }
    const QString fold = !choice.fold.empty() ? text(choice.fold)
                         : isRow              ? QStringLiteral("debezium")
                                              : QStringLiteral("tally");
    QString out = Texts::tr("%1 by %2").arg(fold, text(by));
    if (!choice.types.empty()) out += Texts::tr(", %1 types").arg(choice.types.size());
    return out;
}

QString bytesText(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), bytes < 10'000'000 ? 1 : 0,
                                       QLocale::DataSizeSIFormat);
}

QString progressText(const workspace::Progress& progress, double seconds)
{
    if (progress.done == 0) return {};
    QString out = progress.total > 0 ? Texts::tr("%1 of %2").arg(countText(progress.done), countText(progress.total))
                                     : countText(progress.done);
    if (seconds < 0.5) return out;
    const double rate = static_cast<double>(progress.done) / seconds;
    out += Texts::tr(" · %1/s").arg(countText(static_cast<std::uint64_t>(std::llround(rate))));
    if (progress.total <= progress.done || seconds < 1) return out;
    const double left = static_cast<double>(progress.total - progress.done) / rate;
    return out + Texts::tr(" · %1 left").arg(spanText(std::max(1.0, std::round(left)) * 1e9));
}

} // namespace leftfold::ui
