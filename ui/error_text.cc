// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/error_text.h"

#include <QCoreApplication>
#include <map>

namespace leftfold::ui {

namespace {

using base::ErrorCode;

/// The templates, for Qt Linguist; %1, %2 ... are the arguments of the error. Behind what is wrong stands what to do.
const std::map<ErrorCode, const char*>& templates()
{
    static const std::map<ErrorCode, const char*> kTemplates = {
        {ErrorCode::Cancelled, QT_TRANSLATE_NOOP("Errors", "cancelled")},
        {ErrorCode::SystemFailed, QT_TRANSLATE_NOOP("Errors", "%1: %2")},
        {ErrorCode::FileNotFound, QT_TRANSLATE_NOOP("Errors", "%1: there is no such file. Was it moved or renamed?")},
        {ErrorCode::NoPermission,
         QT_TRANSLATE_NOOP("Errors", "%1: permission denied. Look at the rights of the file and its folder.")},
        {ErrorCode::FileIsFolder, QT_TRANSLATE_NOOP("Errors", "%1 is a folder, not a file.")},
        {ErrorCode::FileTooLarge,
         QT_TRANSLATE_NOOP("Errors", "%1 is larger than the %2 MB that are read of such a file.")},
        {ErrorCode::DiskFull, QT_TRANSLATE_NOOP("Errors", "%1: no space left on the disk. Make room and try again.")},
        {ErrorCode::FileInUse,
         QT_TRANSLATE_NOOP("Errors", "%1 is in use by another process. Try again when that has finished.")},
        {ErrorCode::DatabaseFailed, QT_TRANSLATE_NOOP("Errors", "%1: %2")},
        {ErrorCode::BadArgument, QT_TRANSLATE_NOOP("Errors", "%1")},
        {ErrorCode::BadTime, QT_TRANSLATE_NOOP("Errors", "'%1' is not a time: %2")},
        {ErrorCode::BadPartition,
         QT_TRANSLATE_NOOP("Errors", "'%1' is not a partition: expected topic[number], as orders[0]")},
        {ErrorCode::BadPosition,
         QT_TRANSLATE_NOOP("Errors", "'%1' is not a position: expected topic[number]@offset, as orders[0]@1042")},
        {ErrorCode::BadCut,
         QT_TRANSLATE_NOOP("Errors",
                           "'%1' is not a cut: expected topic[number]:next,..., as orders[0]:1043,orders[1]:998")},
        {ErrorCode::BadWhen,
         QT_TRANSLATE_NOOP("Errors", "'%1' is not a moment: expected a time (2011-01-31T12:00:00Z), #index, "
                                     "topic[partition]@offset, a cut (topic[partition]:next,...), @start or @end")},
        {ErrorCode::BadPointer, QT_TRANSLATE_NOOP("Errors", "'%1' is not a JSON pointer: %2")},
        {ErrorCode::BadFieldRef,
         QT_TRANSLATE_NOOP("Errors", "'%1' names no field: expected a JSON pointer (/invoice), key, timestamp, "
                                     "header:NAME, debezium or debezium:COLUMN,...")},
        {ErrorCode::BadCondition, QT_TRANSLATE_NOOP("Errors", "'%1' is no condition: at column %2 should stand %3")},
        {ErrorCode::BadMapping, QT_TRANSLATE_NOOP("Errors", "the mapping cannot be read: %1")},
        {ErrorCode::NoSuchFold, QT_TRANSLATE_NOOP("Errors", "there is no fold '%1': expected one of %2")},
        {ErrorCode::NotJson, QT_TRANSLATE_NOOP("Errors", "not JSON at byte %1: %2")},
        {ErrorCode::BadPatch, QT_TRANSLATE_NOOP("Errors", "not a JSON patch (RFC 6902): %1")},
        {ErrorCode::PatchFailed,
         QT_TRANSLATE_NOOP("Errors", "operation %1 of the patch, at '%2', cannot be applied: %3")},
        {ErrorCode::BadEnvelope, QT_TRANSLATE_NOOP("Errors", "not an event as Leftfold writes them: %1")},
        {ErrorCode::BadLine, QT_TRANSLATE_NOOP("Errors", "not a line of %1: %2")},
        {ErrorCode::ScriptLoad, QT_TRANSLATE_NOOP("Errors", "%1:%2:%3: %4")},
        {ErrorCode::ScriptDefinition, QT_TRANSLATE_NOOP("Errors", "%1 defines no projection: %2")},
        {ErrorCode::ScriptImport, QT_TRANSLATE_NOOP("Errors", "%1: '%2' cannot be imported: %3")},
        {ErrorCode::ScriptFailed, QT_TRANSLATE_NOOP("Errors", "the script stopped at %1, in %2: %3 (%4:%5:%6)")},
        {ErrorCode::ScriptTime,
         QT_TRANSLATE_NOOP("Errors", "the script was stopped at %1, in %2: it took longer than %3 ms")},
        {ErrorCode::ScriptMemory,
         QT_TRANSLATE_NOOP("Errors", "the script was stopped at %1, in %2: it needed more than %3 MB")},
        {ErrorCode::ScriptState, QT_TRANSLATE_NOOP("Errors", "the projection's state cannot be kept: %1")},
        {ErrorCode::ScriptNumber,
         QT_TRANSLATE_NOOP("Errors", "JavaScript cannot hold the number %1 exactly: the projection sees %2")},
        {ErrorCode::ScriptClock,
         QT_TRANSLATE_NOOP("Errors", "the projection asks for %1: it is told %2, so that it says the same each time")},
        {ErrorCode::BadPayload, QT_TRANSLATE_NOOP("Errors", "not %1 at byte %2: %3")},
        {ErrorCode::BadSchema, QT_TRANSLATE_NOOP("Errors", "the %1 schema cannot be used: %2")},
        {ErrorCode::SourceEmptyFolder, QT_TRANSLATE_NOOP("Errors", "there are no files in %1")},
        {ErrorCode::SourceNotAFile, QT_TRANSLATE_NOOP("Errors", "%1 is neither a file, a folder nor a pipe")},
        {ErrorCode::SourceEncoding,
         QT_TRANSLATE_NOOP("Errors",
                           "%1 is %2 text, and Leftfold reads UTF-8. Convert it first: iconv -f %2 -t UTF-8")},
        {ErrorCode::SourceCompression,
         QT_TRANSLATE_NOOP("Errors", "%1 is compressed as %2, and Leftfold reads gzip and zstd. Unpack it first.")},
        {ErrorCode::SourceTruncated,
         QT_TRANSLATE_NOOP(
             "Errors",
             "%1 is shorter than what was captured: %2 of %3 bytes are left. If that is right, capture it anew.")},
        {ErrorCode::SourceRewritten,
         QT_TRANSLATE_NOOP("Errors", "%1 was rewritten: %2. If that is right, capture it anew.")},
        {ErrorCode::SourceVanished,
         QT_TRANSLATE_NOOP("Errors",
                           "%1 is gone: %2 of its bytes were captured. Bring it back, or capture what is left anew.")},
        {ErrorCode::SourceReadOnce,
         QT_TRANSLATE_NOOP("Errors", "%1 can be read only once, so its capture cannot continue. Capture it anew.")},
        {ErrorCode::SourceLineTooLong, QT_TRANSLATE_NOOP("Errors", "line %2 of %1 is longer than %3 bytes")},
        {ErrorCode::SourceStateUnreadable, QT_TRANSLATE_NOOP("Errors", "where the source stood cannot be read: %1")},
        {ErrorCode::SourceHalfLine,
         QT_TRANSLATE_NOOP("Errors", "half-written last line of %1: %2 bytes from byte %3 are not taken yet")},
        {ErrorCode::SourceTruncatedStream,
         QT_TRANSLATE_NOOP("Errors", "%1 ends in the middle of its %2 data, at byte %3")},
        {ErrorCode::SourceDamagedStream,
         QT_TRANSLATE_NOOP("Errors", "%1: its %2 data are damaged at byte %3 (%4); what stands behind cannot be read")},
        {ErrorCode::SourceGap,
         QT_TRANSLATE_NOOP("Errors",
                           "rotated files may be missing before %1: what was written to them is not captured")},
        {ErrorCode::SourceOtherFormat,
         QT_TRANSLATE_NOOP("Errors", "%1 was captured as %2, not as %3. To read it so, capture it anew.")},
        {ErrorCode::CsvRowLength, QT_TRANSLATE_NOOP("Errors", "line %1 of %2 has %3 fields, where the columns are %4")},
        {ErrorCode::CsvQuote,
         QT_TRANSLATE_NOOP("Errors",
                           "line %1 of %2: a quote is not closed at the end of its field; it is taken as text")},
        {ErrorCode::CsvNotUtf8, QT_TRANSLATE_NOOP("Errors", "line %1 of %2 is not UTF-8 and kept as it stands")},
        {ErrorCode::SourceNoEnvelope, QT_TRANSLATE_NOOP("Errors", "line %2 of %1 was left out: %3; it starts with %4")},
        {ErrorCode::DamagedChunk, QT_TRANSLATE_NOOP("Errors", "damaged: %1 does not fit")},
        {ErrorCode::NotACapture, QT_TRANSLATE_NOOP("Errors", "%1 is no Leftfold capture: %2")},
        {ErrorCode::CaptureTooNew,
         QT_TRANSLATE_NOOP("Errors", "%1 was written by a newer Leftfold (format %2, this one reads up to %3). Install "
                                     "the newer one to open it.")},
        {ErrorCode::CaptureBusy,
         QT_TRANSLATE_NOOP("Errors",
                           "%1 is being written by another process. What it has captured so far can be looked at.")},
        {ErrorCode::CaptureExists, QT_TRANSLATE_NOOP("Errors", "%1 exists already. Give another name.")},
        {ErrorCode::DamagedCapture, QT_TRANSLATE_NOOP("Errors", "%1 is damaged: %2")},
        {ErrorCode::WalMissing,
         QT_TRANSLATE_NOOP("Errors", "%1 was not closed cleanly and its companion %1-wal is missing: it holds %2 "
                                     "events; whatever was captured after them is lost")},
        {ErrorCode::OtherSource, QT_TRANSLATE_NOOP("Errors", "%1 holds another log (%2), it cannot continue with %3")},
        {ErrorCode::OffsetNotGrowing, QT_TRANSLATE_NOOP("Errors", "offset %1 of %2 comes after %3: offsets must grow")},
        {ErrorCode::TooManyEvents, QT_TRANSLATE_NOOP("Errors", "a capture holds at most %1 events")},
        {ErrorCode::NoSuchEvent, QT_TRANSLATE_NOOP("Errors", "there is no event %1: %2")},
        {ErrorCode::NoSuchAggregate,
         QT_TRANSLATE_NOOP("Errors", "no event of this log belongs to an aggregate '%1' (by %2)")},
        {ErrorCode::NoSuchPartition, QT_TRANSLATE_NOOP("Errors", "there is no partition %1 in this log: it has %2")},
        {ErrorCode::DamagedEvents,
         QT_TRANSLATE_NOOP("Errors", "%1 events of %2 from offset %3 to %4 cannot be read: %5")},
        {ErrorCode::DamagedIndex, QT_TRANSLATE_NOOP("Errors", "the index %1 is damaged; it will be built anew")},
        {ErrorCode::MappingsDiffer,
         QT_TRANSLATE_NOOP("Errors", "%1 and %2 disagree about which field is what: %3; %4")},
        {ErrorCode::DifferentLogs,
         QT_TRANSLATE_NOOP(
             "Errors", "%1 is one log in %2 and another in %3: they begin at the same offset with different events")},
        {ErrorCode::FileExists,
         QT_TRANSLATE_NOOP("Errors", "%1 exists already. Choose to replace it, or give another name.")},
        {ErrorCode::NotAnExport, QT_TRANSLATE_NOOP("Errors", "%1 is no export of Leftfold: %2")},
        {ErrorCode::BadExport, QT_TRANSLATE_NOOP("Errors", "%1, row %2: %3")},
        {ErrorCode::NotExportable, QT_TRANSLATE_NOOP("Errors", "the state of '%1' cannot be exported: %2")},
        {ErrorCode::BadManifest, QT_TRANSLATE_NOOP("Errors", "%1 is no manifest of an export: %2")},
        {ErrorCode::OtherLog, QT_TRANSLATE_NOOP("Errors", "%1 was made from another log: %2")},
        {ErrorCode::OtherProjection, QT_TRANSLATE_NOOP("Errors", "%1 was made with another projection: %2, not %3")},
        {ErrorCode::ExportChanged, QT_TRANSLATE_NOOP("Errors", "%1 is not the file that was exported: %2")},
        {ErrorCode::RowsDiffer, QT_TRANSLATE_NOOP("Errors", "the states in %1 are not those that were exported: %2")},
        {ErrorCode::StatesDiffer,
         QT_TRANSLATE_NOOP("Errors", "rebuilt from the log, %1 of the exported states differ")},
        {ErrorCode::BadWorkspace, QT_TRANSLATE_NOOP("Errors", "%1, %2: %3")},
        {ErrorCode::WorkspaceTooNew,
         QT_TRANSLATE_NOOP("Errors", "%1 was written by a newer Leftfold (format %2, this one reads up to %3)")},
        {ErrorCode::WorkspaceOutside,
         QT_TRANSLATE_NOOP("Errors", "%1 names what lies outside of its folder: %2. Nothing of it was opened.")},
        {ErrorCode::SnapshotDiffers,
         QT_TRANSLATE_NOOP("Errors", "rebuilt from the log, the snapshot hash is %1, the manifest says %2")},
        {ErrorCode::UndecodableRecord, QT_TRANSLATE_NOOP("Errors", "%1")},
        {ErrorCode::TimeUnreadable, QT_TRANSLATE_NOOP("Errors", "its time cannot be read: %1")},
        {ErrorCode::TimeMissing,
         QT_TRANSLATE_NOOP("Errors",
                           "%1 events have no time, the first here; they stand at the time of their predecessor")},
        {ErrorCode::TimeJump,
         QT_TRANSLATE_NOOP("Errors",
                           "its time %1 is %2 beyond its neighbours; every later event up to that time stands at it")},
        {ErrorCode::TimeBackwards,
         QT_TRANSLATE_NOOP("Errors", "its time %1 is %2 before the time reached already (%3)")},
        {ErrorCode::OffsetGap, QT_TRANSLATE_NOOP("Errors", "%1 offsets before it are missing")},
        {ErrorCode::IdMissing, QT_TRANSLATE_NOOP("Errors", "%1 events have no aggregate id (%2), the first here")},
        {ErrorCode::StaleRead,
         QT_TRANSLATE_NOOP("Errors", "a snapshot read the row as it was at %1, before its last change at %2")},
        {ErrorCode::RowDiverges,
         QT_TRANSLATE_NOOP("Errors",
                           "the row before this change is told to have %1 = %2, but the changes so far give %3")},
        {ErrorCode::ValueUnavailable,
         QT_TRANSLATE_NOOP("Errors", "the value of %1 is not told, and no event before has it")},
        {ErrorCode::RowMissing, QT_TRANSLATE_NOOP("Errors", "the change does not tell the row")},
        {ErrorCode::NotARowChange, QT_TRANSLATE_NOOP("Errors", "it tells no change of a row in a form that is known")},
        {ErrorCode::RowMovedTo, QT_TRANSLATE_NOOP("Errors", "its key changed: the row goes on as %1")},
        {ErrorCode::RowMovedFrom, QT_TRANSLATE_NOOP("Errors", "its key changed: the row was %1")},
        {ErrorCode::Contradiction,
         QT_TRANSLATE_NOOP("Errors", "%1 and %2 have different events here; the one of %1 was kept")},
        {ErrorCode::PayloadKept, QT_TRANSLATE_NOOP("Errors", "the %1 is kept as it is: %2")},
        {ErrorCode::SchemaMissing, QT_TRANSLATE_NOOP("Errors", "%1 is not there: %2")},
        {ErrorCode::SchemaRegistry, QT_TRANSLATE_NOOP("Errors", "the schema registry %1 does not give %2: %3")},
        {ErrorCode::SchemaConflict,
         QT_TRANSLATE_NOOP("Errors", "%1 is one schema in %2 and another in %3. Merge captures of one registry.")},
        {ErrorCode::BadDecoding, QT_TRANSLATE_NOOP("Errors", "'%1' says not how payloads are decoded: %2")},
        {ErrorCode::NoSuchSchema, QT_TRANSLATE_NOOP("Errors", "there is no schema %1 in this capture: it has %2")},
        {ErrorCode::BadMask, QT_TRANSLATE_NOOP("Errors", "'%1' is no masking rule: %2")},
        {ErrorCode::SegmentDamaged, QT_TRANSLATE_NOOP("Errors", "The batch is damaged: %1.")},
        {ErrorCode::SegmentSkipped, QT_TRANSLATE_NOOP("Errors", "%1: %2 bytes from byte %3 were skipped: %4")},
        {ErrorCode::SegmentTail,
         QT_TRANSLATE_NOOP("Errors", "%1 ends within a batch: its last %2 bytes, from byte %3, are not taken yet")},
        {ErrorCode::SegmentReserved,
         QT_TRANSLATE_NOOP("Errors",
                           "%1: %2 bytes of zeros from byte %3 are room reserved for what comes; that is normal")},
        {ErrorCode::SegmentUnproven,
         QT_TRANSLATE_NOOP("Errors",
                           "%1: the batch of %2 bytes at byte %3 says that it begins at offset %4, where %5 should "
                           "follow, and nothing behind it proves that: it is not taken yet")},
        {ErrorCode::SegmentIndexWrong, QT_TRANSLATE_NOOP("Errors", "%1 does not fit its segment: %2; it is not used")},
        {ErrorCode::SegmentGone,
         QT_TRANSLATE_NOOP("Errors", "%1 is gone or shorter than it was: %2. If that is right, capture it anew.")},
        {ErrorCode::SegmentTopic, QT_TRANSLATE_NOOP("Errors", "there is no %1 in %2: it has %3")},
        {ErrorCode::NoSegments, QT_TRANSLATE_NOOP("Errors", "there are no segments of Kafka logs in %1")},
        {ErrorCode::KafkaAddress,
         QT_TRANSLATE_NOOP("Errors", "'%1' names no Kafka log: %2. Expected kafka://host:port/topic[,topic...] or "
                                     "kafka://PROFILE/topic[,topic...]")},
        {ErrorCode::KafkaBound,
         QT_TRANSLATE_NOOP("Errors", "'%1' is no place in a topic: expected an offset, a time, earliest, latest, -N "
                                     "(the last N offsets) or a cut (topic[partition]:next,...)")},
        {ErrorCode::KafkaNoResolve,
         QT_TRANSLATE_NOOP("Errors", "the name of %1 cannot be resolved: %2. Check the address, and whether this "
                                     "machine is in the right network.")},
        {ErrorCode::KafkaNoConnection,
         QT_TRANSLATE_NOOP(
             "Errors",
             "%1 cannot be reached: %2. Check host and port, and whether a firewall or a missing VPN is in between.")},
        {ErrorCode::KafkaNoAnswer,
         QT_TRANSLATE_NOOP("Errors",
                           "%1 does not answer since %2 s%3. What was captured is kept; opening it again goes on.")},
        {ErrorCode::KafkaTls, QT_TRANSLATE_NOOP("Errors", "no secure connection to %1: %2; %3")},
        {ErrorCode::KafkaSasl,
         QT_TRANSLATE_NOOP("Errors", "%1 does not let you in: %2. Check mechanism, user and secret of the profile.")},
        {ErrorCode::KafkaToken, QT_TRANSLATE_NOOP("Errors", "no token from %1: %2")},
        {ErrorCode::KafkaNotAllowed,
         QT_TRANSLATE_NOOP("Errors", "no permission for %1: %2. Ask for READ and DESCRIBE on it.")},
        {ErrorCode::KafkaNoTopic,
         QT_TRANSLATE_NOOP("Errors", "there is no topic %1 at %2 (or this user may not see it)")},
        {ErrorCode::KafkaNoPartition, QT_TRANSLATE_NOOP("Errors", "the topic %1 has no partition %2: it has %3")},
        {ErrorCode::KafkaTopicGone,
         QT_TRANSLATE_NOOP("Errors", "the topic %1 was deleted while it was read. What was captured is kept.")},
        {ErrorCode::KafkaOtherRecord,
         QT_TRANSLATE_NOOP("Errors", "%1 is another record than the one captured from there: the topic was deleted and "
                                     "made anew, or truncated. Capture it anew to see what it holds now.")},
        {ErrorCode::KafkaTruncated,
         QT_TRANSLATE_NOOP("Errors", "%1 ends at offset %2, before what was captured of it (%3): the topic was deleted "
                                     "and made anew, or truncated. Capture it anew to see what it holds now.")},
        {ErrorCode::KafkaOtherCluster,
         QT_TRANSLATE_NOOP(
             "Errors", "another cluster answers at %1: %2, where %3 was captured. Capture it anew if that is right.")},
        {ErrorCode::KafkaExpired,
         QT_TRANSLATE_NOOP(
             "Errors", "%1 offsets before it were deleted (by retention or by hand) before they could be captured")},
        {ErrorCode::KafkaCompacted,
         QT_TRANSLATE_NOOP("Errors", "the topic is compacted, and here the first records are missing: the states at "
                                     "its end are right, past ones are not reliable")},
        {ErrorCode::KafkaDamaged, QT_TRANSLATE_NOOP("Errors", "%1: the broker's records cannot be read: %2")},
        {ErrorCode::KafkaFailed, QT_TRANSLATE_NOOP("Errors", "%1: %2")},
        {ErrorCode::KafkaProperty, QT_TRANSLATE_NOOP("Errors", "the property '%1' cannot be used: %2")},
        {ErrorCode::NoSuchProfile, QT_TRANSLATE_NOOP("Errors", "there is no profile '%1' in %2")},
        {ErrorCode::BadProfile, QT_TRANSLATE_NOOP("Errors", "the profile %1 cannot be read: %2")},
        {ErrorCode::SecretMissing, QT_TRANSLATE_NOOP("Errors", "the secret '%1' is not there: %2")},
        {ErrorCode::BadSample, QT_TRANSLATE_NOOP("Errors", "%1, line %2: %3")},
        {ErrorCode::NoSuchView, QT_TRANSLATE_NOOP("Errors", "there is no consumer group %1")},
        {ErrorCode::NoCommits,
         QT_TRANSLATE_NOOP("Errors", "there is no __consumer_offsets in %1: what consumer groups have committed stands "
                                     "there. Name the log folder of the broker that has it.")},
    };
    return kTemplates;
}

} // namespace

QString errorText(ErrorCode code, const QStringList& arguments)
{
    const auto found = templates().find(code);
    if (found == templates().end()) return {};
    const QString pattern = QCoreApplication::translate("Errors", found->second);
    // One pass, so that an argument that holds %2 stays as it is.
    QString text;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const bool isPlace = pattern[i] == u'%' && i + 1 < pattern.size() && pattern[i + 1].isDigit();
        if (!isPlace) {
            text += pattern[i];
            continue;
        }
        const int number = pattern[++i].digitValue();
        text += number <= arguments.size() ? arguments[number - 1] : QString();
    }
    return text;
}

QString errorText(const base::Error& error)
{
    QStringList arguments;
    for (const std::string& argument : error.args) arguments.push_back(QString::fromStdString(argument));
    QString text = errorText(error.code, arguments);
    for (const std::string& place : error.context) text.prepend(QString::fromStdString(place) + QStringLiteral(": "));
    return text;
}

} // namespace leftfold::ui
