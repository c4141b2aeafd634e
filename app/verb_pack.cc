// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verb.h"

#include <filesystem>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

class Pack : public LogVerb {
public:
    const char* name() const override { return "pack"; }
    const char* about() const override { return "copy a capture into one file, also while it is being written"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("-o,--out", m_out, "the copy")->type_name("FILE.lflog")->required();
        verb.footer("Example:\n  leftfold pack orders.jsonl -o orders.lflog");
    }

private:
    VerbResult read(Session& session, Output& out, std::stop_token) override
    {
        std::error_code ignored;
        if (std::filesystem::exists(m_out, ignored)) return base::fail(base::ErrorCode::CaptureExists, m_out);
        LEFTFOLD_CHECK(session.reader().copyTo(m_out));
        out.line(fmt::format("{} events in {}", session.catalog().eventCount(), m_out));
        return Ok;
    }

    std::string m_out;
};

} // namespace

std::unique_ptr<Verb> makePack()
{
    return std::make_unique<Pack>();
}

} // namespace leftfold::app
