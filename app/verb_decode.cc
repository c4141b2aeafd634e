// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/payload_text.h"
#include "app/verb.h"

#include <algorithm>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

class Decode : public LogVerb {
public:
    const char* name() const override { return "decode"; }
    const char* about() const override
    {
        return "decode the payloads of a capture anew: in another way, or with schemas that turned up";
    }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option(
                "--try", m_try,
                "instead: what every decoder and every schema of the capture make of this event's key and value")
            ->type_name("#INDEX");
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer(
            "Examples:\n  leftfold decode orders.lflog --registry http://localhost:8081\n  leftfold decode "
            "orders.lflog "
            "--decode orders:value=avro:order.avsc\n  leftfold decode orders.lflog --decode "
            "value=protobuf:shop.proto:shop.v1.OrderPlaced --decode key=text\n  leftfold decode orders.lflog --try "
            "'#12'\n\nNothing is captured again: the bytes "
            "in "
            "the capture, and its identity, stay as they are.\nExit code 1 where some payloads are still not decoded.");
    }

private:
    SessionNeeds needs() const override { return {.mustCapture = m_try.empty(), .decodesAgain = m_try.empty()}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        if (!m_try.empty()) return tryAll(session, out);
        LEFTFOLD_TRY(const auto uses, replay::payloadsOf(session.reader(), stop));
        if (m_json) {
            printJson(session, uses, out);
        } else {
            if (uses.empty()) out.line("nothing in this log is encoded");
            for (const std::string& line : payloadLines(uses, session.reader().schemas())) out.line(line);
            out.line("mapping: " + describe(session.catalog().mapping()));
        }
        const bool isWhole = std::ranges::none_of(uses, [](const auto& use) { return use.kept > 0; });
        return isWhole ? Ok : Found;
    }

    VerbResult tryAll(Session& session, Output& out) const
    {
        LEFTFOLD_TRY(const event::When when, event::parseWhen(m_try));
        const auto* const index = std::get_if<event::EventIndex>(&when);
        if (index == nullptr || index->value >= session.catalog().eventCount())
            return base::fail(base::ErrorCode::BadArgument, "there is no event " + m_try + "; it is named as #12");
        for (const auto part : {decode::RecordPart::Key, decode::RecordPart::Value}) {
            LEFTFOLD_TRY(const auto trials, replay::decodersFor(session.reader(), *index, part));
            for (const decode::DecoderTrial& trial : trials) printTrial(trial, out);
        }
        return Ok;
    }

    void printTrial(const decode::DecoderTrial& trial, Output& out) const
    {
        const std::string why = trial.note.kept ? base::render(*trial.note.kept) : std::string();
        if (!m_json) {
            const std::string line =
                fmt::format("{} {}  {}  {}", trial.isInForce ? "*" : " ", toText(trial.rule.part),
                            printable(describe(trial.note), 0), printable(trial.seen ? *trial.seen : why, 0));
            return out.line(trial.seen ? line : out.in(90, line));
        }
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "rule", toText(trial.rule));
        textMember(json, "as", describe(trial.note));
        booleanMember(json, "inForce", trial.isInForce);
        textMember(json, trial.seen ? "seen" : "reason", trial.seen ? *trial.seen : why);
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    static void printJson(Session& session, const std::vector<replay::PayloadUse>& uses, Output& out)
    {
        event::DocumentBuilder json;
        json.beginObject();
        json.key("decoding");
        decodingMembers(json, session.catalog().decoding());
        json.key("payloads");
        payloadMembers(json, uses);
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    std::string m_try;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeDecode()
{
    return std::make_unique<Decode>();
}

} // namespace leftfold::app
