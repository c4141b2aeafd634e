// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/payload_text.h"
#include "app/verb.h"

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
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer(
            "Examples:\n  leftfold decode orders.lflog --registry http://localhost:8081\n  leftfold decode "
            "orders.lflog "
            "--decode orders:value=avro:order.avsc\n  leftfold decode orders.lflog --decode "
            "value=protobuf:shop.proto:shop.v1.OrderPlaced --decode key=text\n\nNothing is captured again: the bytes "
            "in "
            "the capture, and its identity, stay as they are.\nExit code 1 where some payloads are still not decoded.");
    }

private:
    SessionNeeds needs() const override { return {.mustCapture = true, .decodesAgain = true}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
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

    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeDecode()
{
    return std::make_unique<Decode>();
}

} // namespace leftfold::app
