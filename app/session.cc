// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session.h"

#include "core/source/segments.h"
#include "core/workspace/projections.h"
#include "core/workspace/transaction_steps.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <thread>

namespace leftfold::app {

namespace {

using base::Result;

Result<void> readField(const std::string& text, std::optional<decode::FieldRef>& target)
{
    if (text.empty()) return {};
    LEFTFOLD_TRY(target, decode::parseFieldRef(text));
    return {};
}

/// One byte that can stand between fields.
Result<char> readDelimiter(const std::string& text)
{
    if (text == "tab" || text == "\\t") return '\t';
    const bool isGood = text.size() == 1 && text != "\"" && text != "\n" && text != "\r"
                        && static_cast<unsigned char>(text.front()) < 0x80;
    if (isGood) return text.front();
    return base::fail(base::ErrorCode::BadArgument,
                      "'" + text
                          + "' cannot delimit fields: expected one ASCII character, no quote and no line break, "
                            "or 'tab'");
}

Result<void> checkColumns(const std::vector<std::string>& columns)
{
    for (auto at = columns.begin(); at != columns.end(); ++at) {
        if (!at->empty() && std::find(columns.begin(), at, *at) == at) continue;
        return base::fail(base::ErrorCode::BadArgument,
                          at->empty() ? "a column without a name" : "two columns are named '" + *at + "'");
    }
    return {};
}

/// There is no connection, for whatever reason.
bool isOfBrokers(base::ErrorCode code)
{
    using base::ErrorCode;
    return code == ErrorCode::KafkaNoResolve || code == ErrorCode::KafkaNoConnection || code == ErrorCode::KafkaNoAnswer
           || code == ErrorCode::KafkaTls || code == ErrorCode::KafkaSasl || code == ErrorCode::KafkaToken;
}

Result<source::FileOptions> fileOptions(const LogOptions& asked)
{
    source::FileOptions files;
    if (asked.format == "json") files.format = source::FileFormat::JsonLines;
    if (asked.format == "csv") files.format = source::FileFormat::Csv;
    if (!asked.delimiter.empty()) {
        LEFTFOLD_TRY(files.delimiter, readDelimiter(asked.delimiter));
    }
    if (!asked.encoding.empty()) {
        LEFTFOLD_TRY(files.encoding, source::parseEncoding(asked.encoding));
    }
    LEFTFOLD_CHECK(checkColumns(asked.columns));
    files.columns = asked.columns;
    if (files.format == source::FileFormat::JsonLines && files.isCsv())
        return base::fail(base::ErrorCode::BadArgument, "--delimiter and --columns are of CSV, not of JSON lines");
    return files;
}

} // namespace

Result<decode::Mapping> mappingOf(const LogOptions& asked)
{
    static const std::map<std::string, base::EpochUnit> kUnits = {{"s", base::EpochUnit::Seconds},
                                                                  {"ms", base::EpochUnit::Milliseconds},
                                                                  {"us", base::EpochUnit::Microseconds},
                                                                  {"ns", base::EpochUnit::Nanoseconds}};
    decode::Mapping mapping;
    LEFTFOLD_CHECK(readField(asked.id, mapping.id));
    LEFTFOLD_CHECK(readField(asked.type, mapping.type));
    LEFTFOLD_CHECK(readField(asked.time, mapping.time));
    LEFTFOLD_CHECK(readField(asked.eventId, mapping.eventId));
    LEFTFOLD_CHECK(readField(asked.causation, mapping.causation));
    LEFTFOLD_CHECK(readField(asked.correlation, mapping.correlation));
    if (const auto unit = kUnits.find(asked.timeUnit); unit != kUnits.end()) mapping.timeUnit = unit->second;
    return mapping;
}

namespace {

/// The same for segments on disk, of which less can be said.
Result<std::vector<std::string>> segmentsOf(const LogOptions& asked)
{
    if (!asked.kafkaFrom.empty() || !asked.kafkaUntil.empty() || asked.key)
        return base::fail(base::ErrorCode::BadArgument, "--from, --until and --key are of kafka:// logs");
    std::vector<std::string> log = asked.log;
    LEFTFOLD_TRY(source::SegmentAddress address, source::parseSegmentAddress(log.front()));
    LEFTFOLD_TRY(address.isolation, source::parseIsolation(asked.isolation));
    log.front() = toText(address);
    return log;
}

/// The address with what the options say of it.
Result<std::vector<std::string>> logOf(const LogOptions& asked)
{
    const bool hasKafka =
        !asked.kafkaFrom.empty() || !asked.kafkaUntil.empty() || !asked.isolation.empty() || asked.key;
    if (!hasKafka) return asked.log;
    if (!asked.log.empty() && source::isSegmentAddress(asked.log.front())) return segmentsOf(asked);
    if (asked.log.size() != 1 || !source::isKafkaAddress(asked.log.front()))
        return base::fail(
            base::ErrorCode::BadArgument,
            "--from, --until, --isolation and --key are of kafka:// logs, --isolation of Kafka's log folders too");
    LEFTFOLD_TRY(source::KafkaAddress address, source::parseKafkaAddress(asked.log.front()));
    for (const auto& [given, target] :
         {std::pair(&asked.kafkaFrom, &address.from), std::pair(&asked.kafkaUntil, &address.until)}) {
        if (given->empty()) continue;
        LEFTFOLD_CHECK(source::parseKafkaBound(*given).map([](const source::KafkaBound&) {}));
        *target = *given;
    }
    if (!asked.isolation.empty()) {
        LEFTFOLD_TRY(address.isolation, source::parseIsolation(asked.isolation));
    }
    if (asked.key) address.key = asked.key;
    return std::vector<std::string>{toText(address)};
}

} // namespace

Result<workspace::LoadOptions> loadOptions(const LogOptions& asked, const SessionNeeds& needs)
{
    workspace::LoadOptions options;
    LEFTFOLD_TRY(options.log, logOf(asked));
    options.kafka.waitsForEver = needs.follows;
    options.capturePath = needs.capturePath;
    options.cacheRoot = asked.cache;
    options.fresh = asked.fresh;
    options.strict = asked.strict;
    options.workers = workersOf(asked);
    LEFTFOLD_TRY(options.files, fileOptions(asked));
    LEFTFOLD_TRY(options.mapping, mappingOf(asked));
    LEFTFOLD_TRY(options.decoding, workspace::decodingOptions(asked.decode, asked.registry, workspace::NamedBy::User));
    options.decoding.again = needs.decodesAgain;
    for (const std::string& field : needs.fields) {
        if (field.empty()) continue;
        LEFTFOLD_TRY(decode::FieldRef by, decode::parseFieldRef(field));
        options.indexFields.push_back(std::move(by));
    }
    return options;
}

namespace {

capture::KeyIndex::Progress shownOn(ProgressLine& line)
{
    return [&line](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
}

} // namespace

Result<snapshot::Masks> masksOf(const LogOptions& asked)
{
    std::vector<snapshot::MaskRule> rules;
    if (!asked.masksFile.empty()) {
        LEFTFOLD_TRY(rules, snapshot::readMaskRules(asked.masksFile));
    }
    for (const std::string& text : asked.masks) {
        LEFTFOLD_TRY(snapshot::MaskRule rule, snapshot::parseMaskRule(text));
        rules.push_back(std::move(rule));
    }
    return snapshot::Masks(std::move(rules));
}

unsigned workersOf(const LogOptions& options)
{
    return options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency());
}

Result<std::unique_ptr<Session>> Session::open(const LogOptions& options, const SessionNeeds& needs,
                                               std::stop_token stop)
{
    LEFTFOLD_TRY(snapshot::Masks masks, masksOf(options));
    LEFTFOLD_TRY(const workspace::LoadOptions load, loadOptions(options, needs));
    return open(load, std::move(masks), needs, std::move(stop));
}

Result<std::unique_ptr<Session>> Session::open(const workspace::LoadOptions& load, snapshot::Masks masks,
                                               const SessionNeeds& needs, std::stop_token stop)
{
    std::unique_ptr<Session> session(new Session);
    session->m_workers = load.workers;
    session->m_masks = std::move(masks);
    LEFTFOLD_TRY(session->m_loader, workspace::Loader::open(load));
    LEFTFOLD_CHECK(session->bringUpToDate(load.log.front(), needs, stop));
    LEFTFOLD_CHECK(session->openReader());
    session->warnOfDamage();
    return session;
}

Result<void> Session::bringUpToDate(const std::string& log, const SessionNeeds& needs, std::stop_token stop)
{
    Result<void> loaded;
    {
        ProgressLine line("capturing " + log, !source::isKafkaAddress(log));
        loaded = m_loader->update(stop, [&](const workspace::LoadProgress& at) {
            line.show(at.source.done, at.source.total, at.events, at.source.note);
        });
    }
    if (!m_loader->mappingNote().empty()) complain("mapping: " + m_loader->mappingNote());
    // Another program captures this source right now: what it has captured so far can be read.
    const bool isBusy =
        !loaded
        && (loaded.error().code == base::ErrorCode::CaptureBusy || loaded.error().code == base::ErrorCode::FileInUse);
    // What was captured of a cluster that is away, too.
    const bool isAway = !loaded && isOfBrokers(loaded.error().code) && std::filesystem::exists(m_loader->capturePath());
    if ((isBusy || isAway) && !needs.mustCapture) {
        complain(loaded.error());
        if (isAway) complain("showing what was captured of it before");
        return isAway ? m_loader->close() : Result<void>();
    }
    if (needs.follows && loaded) return loaded;
    const auto closed = m_loader->close();
    return loaded ? closed : loaded;
}

Result<void> Session::openReader()
{
    LEFTFOLD_TRY(m_reader, capture::Reader::open(m_loader->capturePath(), {m_loader->indexFolder()}));
    return {};
}

bool Session::areIdsMasked(const std::string& field) const
{
    const auto by = field.empty() ? Result<decode::FieldRef>(catalog().mapping().id.value_or(decode::NativeKey{}))
                                  : decode::parseFieldRef(field);
    return by && m_masks.covers(*by);
}

std::string Session::shownId(base::ByteView id, const std::string& field) const
{
    return m_masks.isEmpty() ? std::string(id) : m_masks.maskedId(id, areIdsMasked(field));
}

std::string Session::shownText(base::ByteView text) const
{
    return m_masks.maskedText(text);
}

event::Document Session::shown(const event::Document& document) const
{
    return m_masks.isEmpty() ? document : m_masks.masked(document.root());
}

base::Error Session::shown(base::Error error) const
{
    return m_masks.isEmpty() ? error : m_masks.masked(std::move(error));
}

Result<bool> Session::waitForMore(std::stop_token stop)
{
    m_reader.reset();
    return m_loader->waitForMore(std::move(stop));
}

Result<void> Session::refresh(std::stop_token stop)
{
    LEFTFOLD_CHECK(update(std::move(stop)));
    return openReader();
}

Result<void> Session::update(std::stop_token stop)
{
    return m_loader->update(std::move(stop), {});
}

Result<std::shared_ptr<const capture::KeyIndex>> Session::index(const std::string& field, std::stop_token stop)
{
    const capture::Catalog& log = catalog();
    ProgressLine line("indexing " + (field.empty() && log.mapping().id ? toText(*log.mapping().id) : field), false);
    auto index = workspace::openIndex(*m_reader, field, m_workers, std::move(stop), shownOn(line));
    line.clear();
    warnOfMissing(index);
    return index;
}

void Session::warnOfMissing(const Result<std::shared_ptr<const capture::KeyIndex>>& index)
{
    if (!index || (*index)->damagedEvents() == 0) return;
    complain(fmt::format(
        "{} events of the capture are damaged: the aggregates they belong to are not known, states may lack them",
        (*index)->damagedEvents()));
    m_lacksEvents = true;
}

Result<std::shared_ptr<const capture::KeyIndex>> Session::idsBeside(const std::string& field, bool needed,
                                                                    std::stop_token stop)
{
    if (field.empty() && !needed && !catalog().mapping().id) return nullptr;
    return index(field, std::move(stop));
}

Result<std::shared_ptr<const capture::KeyIndex>> Session::transactions(const std::string& field, std::stop_token stop)
{
    ProgressLine line("indexing transactions", false);
    auto index = workspace::openTransactions(*m_reader, field, m_workers, std::move(stop), shownOn(line));
    line.clear();
    warnOfMissing(index);
    return index;
}

Result<replay::StepKind> Session::transactionSteps(const std::string& field, std::stop_token stop)
{
    ProgressLine line("indexing transactions", false);
    auto steps = workspace::transactionSteps(*m_reader, field, m_workers, std::move(stop), shownOn(line));
    line.clear();
    if (const auto* indexed = steps ? std::get_if<replay::OfTransaction>(&*steps) : nullptr)
        warnOfMissing(indexed->transactions);
    return steps;
}

Result<replay::Projection> Session::projection(const ProjectionOptions& options, std::stop_token stop)
{
    std::shared_ptr<const fold::Fold> fold;
    if (!options.fold.empty()) {
        LEFTFOLD_TRY(fold, workspace::openFold(options.fold, options.numbersAsText)); // wrong names are told at once
    }
    const workspace::ProjectionChoice choice{options.by, options.fold, options.types, options.numbersAsText};
    ProgressLine line("indexing" + (options.by.empty() ? "" : " " + options.by), false);
    auto projection =
        workspace::openProjection(*m_reader, choice, std::move(fold), m_workers, std::move(stop), shownOn(line));
    line.clear();
    if (projection) warnOfMissing(projection->index);
    return projection;
}

Result<capture::OrdinalCut> Session::resolve(const std::string& when)
{
    LEFTFOLD_TRY(const event::When parsed, event::parseWhen(when));
    return m_reader->resolve(parsed);
}

Result<void> Session::close()
{
    m_reader.reset();
    return m_loader->close();
}

void Session::warnOfDamage()
{
    if (m_reader->walLoss()) complain(*m_reader->walLoss());
    for (const capture::Damage& damage : catalog().damage()) complain(damage.error);
    m_lacksEvents = m_reader->walLoss() || !catalog().damage().empty();
}

} // namespace leftfold::app
