// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kafka/kafka_texts.h"

#include "ui/error_text.h"
#include "ui/texts.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace leftfold::ui {

using views::LagRule;
using views::ViewStatus;

namespace {

class KafkaTexts {
    Q_DECLARE_TR_FUNCTIONS(leftfold::ui::KafkaTexts)
};

std::optional<qint64> numberOf(const source::TopicFacts& topic, const char* name)
{
    const auto found = topic.settings.find(name);
    if (found == topic.settings.end()) return std::nullopt;
    bool isNumber = false;
    const qint64 number = text(found->second).toLongLong(&isNumber);
    return isNumber && number >= 0 ? std::optional(number) : std::nullopt;
}

} // namespace

QString stepName(const source::ConnectionStep& step)
{
    if (step.name == "resolve") return KafkaTexts::tr("Find the address");
    if (step.name == "connect") return KafkaTexts::tr("Connect");
    if (step.name == "TLS") return KafkaTexts::tr("Encrypt (TLS)");
    if (step.name == "SASL") return KafkaTexts::tr("Sign in (SASL)");
    if (step.name == "metadata") return KafkaTexts::tr("Ask for the topics");
    return KafkaTexts::tr("Permissions");
}

QString stepOutcome(const source::ConnectionStep& step)
{
    if (step.error) return errorText(*step.error);
    if (step.name == "metadata") {
        const qint64 topics = text(step.text).section(u' ', 0, 0).toLongLong();
        return KafkaTexts::tr("%1 topics").arg(countText(static_cast<std::uint64_t>(topics)));
    }
    if (step.name == "authorisation") {
        return step.isGood ? KafkaTexts::tr("topics can be read")
                           : KafkaTexts::tr("No topic can be seen: there are none, or this user may not see them. Ask "
                                            "for READ and DESCRIBE on the topics.");
    }
    return text(step.text);
}

QString retentionText(const source::TopicFacts& topic)
{
    const auto policy = topic.settings.find("cleanup.policy");
    if (policy == topic.settings.end()) return QStringLiteral("?");
    if (policy->second.find("delete") == std::string::npos) return KafkaTexts::tr("for ever");
    QStringList parts;
    if (const auto ms = numberOf(topic, "retention.ms")) parts += spanText(static_cast<double>(*ms) * 1e6);
    if (const auto bytes = numberOf(topic, "retention.bytes"))
        parts += KafkaTexts::tr("at most %1 a partition").arg(bytesText(static_cast<std::uint64_t>(*bytes)));
    return parts.isEmpty() ? KafkaTexts::tr("for ever") : parts.join(QStringLiteral(", "));
}

QString cleanupText(const source::TopicFacts& topic)
{
    const auto policy = topic.settings.find("cleanup.policy");
    return policy == topic.settings.end() ? QStringLiteral("?")
                                          : text(policy->second).replace(u',', QStringLiteral(", "));
}

QString statusText(ViewStatus status)
{
    switch (status) {
    case ViewStatus::Ok:
        return KafkaTexts::tr("OK");
    case ViewStatus::Unknown:
        return KafkaTexts::tr("not known yet");
    case ViewStatus::Warn:
        return KafkaTexts::tr("falls behind");
    case ViewStatus::NoProgress:
        return KafkaTexts::tr("no progress");
    case ViewStatus::Stop:
        return KafkaTexts::tr("stopped");
    case ViewStatus::Stall:
        return KafkaTexts::tr("stalled");
    case ViewStatus::Rewind:
        return KafkaTexts::tr("went back");
    }
    return {};
}

QString statusSign(ViewStatus status)
{
    switch (status) {
    case ViewStatus::Ok:
        return QStringLiteral("✓");
    case ViewStatus::Unknown:
        return QStringLiteral("…");
    case ViewStatus::Warn:
        return QStringLiteral("▲");
    case ViewStatus::NoProgress:
    case ViewStatus::Stop:
    case ViewStatus::Stall:
        return QStringLiteral("■");
    case ViewStatus::Rewind:
        return QStringLiteral("◀");
    }
    return {};
}

QColor statusColour(ViewStatus status, const Colours& colours)
{
    if (status == ViewStatus::Ok) return colours.good;
    if (status == ViewStatus::Unknown) return colours.secondary;
    return status == ViewStatus::Warn ? colours.warning : colours.bad;
}

QString ruleText(const views::Verdict& verdict)
{
    switch (verdict.by) {
    case LagRule::NeverCommitted:
        return KafkaTexts::tr("it never committed anything");
    case LagRule::TooFewSamples:
        return KafkaTexts::tr("%1 of %2 samples so far").arg(verdict.have).arg(verdict.want);
    case LagRule::CaughtUp:
        return KafkaTexts::tr("it has read everything");
    case LagRule::Stopped:
        return verdict.status == ViewStatus::Stop
                   ? KafkaTexts::tr("nothing was committed for longer than the samples before took, and there was "
                                    "something to read")
                   : KafkaTexts::tr("what it committed did not change for longer than the samples before took, and "
                                    "there was something to read");
    case LagRule::WentBack:
        return KafkaTexts::tr("what it committed went back and has not been reached again");
    case LagRule::HadCaughtUp:
        return KafkaTexts::tr("within these samples it had caught up");
    case LagRule::SameOffset:
        return verdict.status == ViewStatus::Stall
                   ? KafkaTexts::tr("it commits, but always the same offset")
                   : KafkaTexts::tr("what it committed is the same in every sample, and there was something to read");
    case LagRule::NeverLess:
        return KafkaTexts::tr("it makes progress, but its lag never became less");
    case LagRule::BecomesLess:
        return KafkaTexts::tr("its lag becomes less");
    }
    return {};
}

QString samplesText(const views::Verdict& verdict, Zone zone)
{
    if (verdict.samples.empty()) return {};
    const auto one = [&](const views::LagSample& sample) {
        const base::Time time = sample.committedAt.value_or(sample.time);
        return KafkaTexts::tr("%1 at %2").arg(offsetText(sample.committed), timeOfDayText(time, timeZone(zone)));
    };
    if (verdict.samples.size() == 1) return one(verdict.samples.front());
    return KafkaTexts::tr("%1 samples, %2 to %3")
        .arg(verdict.samples.size())
        .arg(one(verdict.samples.front()), one(verdict.samples.back()));
}

QString labelText(const views::PartitionLook& look)
{
    if (look.label.empty()) return {};
    const auto count = [](std::int64_t value) { return countText(static_cast<std::uint64_t>(value)); };
    if (!look.sample.committed) return KafkaTexts::tr("never committed");
    if (const auto ahead = aheadOf(look.sample).value; ahead > 0)
        return KafkaTexts::tr("%1 ahead of the end: the partition was truncated or made anew").arg(count(ahead));
    if (const auto expired = expiredOf(look.sample).value; expired > 0)
        return KafkaTexts::tr("%1 offsets were deleted before it read them").arg(count(expired));
    if (look.label == "open transaction") return KafkaTexts::tr("waits for an open transaction");
    if (look.label == "marker only") return KafkaTexts::tr("only a transaction marker is left: nothing to read");
    return KafkaTexts::tr("%1 offsets before the next record hold none")
        .arg(look.nextUnread ? count((*look.nextUnread - *look.sample.committed).value) : QString());
}

QString catchUpText(const views::CatchUp& catchUp)
{
    switch (catchUp.kind) {
    case views::CatchUp::Kind::CaughtUp:
        return KafkaTexts::tr("caught up");
    case views::CatchUp::Kind::Never:
        return KafkaTexts::tr("never");
    case views::CatchUp::Kind::Unknown:
        return KafkaTexts::tr("not known yet");
    case views::CatchUp::Kind::In:
        break;
    }
    return KafkaTexts::tr("in %1").arg(spanText(static_cast<double>(catchUp.in.count()) * 1e9));
}

QString spanOrUnknown(const std::optional<std::chrono::nanoseconds>& span)
{
    if (!span) return QStringLiteral("?");
    if (span->count() == 0) return QStringLiteral("0");
    // Milliseconds of a lag that is looked at twice a minute say nothing.
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*span);
    return spanText(static_cast<double>(seconds.count() > 0 ? seconds.count() * 1'000'000'000 : span->count()));
}

QString offsetText(const std::optional<event::Offset>& offset)
{
    return offset ? QStringLiteral("@%1").arg(offset->value) : KafkaTexts::tr("none");
}

QString isolationText(source::Isolation isolation)
{
    const std::string_view name = nameOf(isolation);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString isolationExplained(source::Isolation isolation)
{
    return isolation == source::Isolation::Committed
               ? KafkaTexts::tr("Of transactions only what was committed, up to the first that is still open")
               : KafkaTexts::tr("Also what transactions wrote that were aborted or are still open");
}

QString logName(const std::string& log)
{
    if (!source::isKafkaAddress(log)) return QFileInfo(text(log)).fileName();
    const auto address = source::parseKafkaAddress(log);
    if (!address) return text(log);
    QStringList topics;
    for (const source::KafkaTopic& topic : address->topics) topics += text(topic.name);
    if (topics.size() > 3) topics = topics.first(3) + QStringList(QStringLiteral("…"));
    return KafkaTexts::tr("%1 at %2").arg(topics.join(QStringLiteral(", ")), text(address->brokers));
}

} // namespace leftfold::ui
