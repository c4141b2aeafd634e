// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/session.h"
#include "app/terminal.h"
#include "app/verbs.h"

#include <fmt/format.h>

namespace {

using namespace leftfold;
using app::Arguments;
using app::Session;
using app::Verb;

app::VerbResult run(const Arguments& arguments, Session& session, app::Output& out, std::stop_token stop)
{
    switch (arguments.verb) {
    case Verb::Fetch:
        return app::fetch(arguments, session, out);
    case Verb::Info:
        return app::info(arguments, session, out, stop);
    case Verb::Log:
        return app::log(arguments, session, out, stop);
    case Verb::Show:
        return app::show(arguments, session, out, stop);
    case Verb::Ls:
        return app::ls(arguments, session, out, stop);
    case Verb::Step:
        return app::step(arguments, session, out, stop);
    case Verb::Problems:
        return app::problems(arguments, session, out, stop);
    case Verb::Pack:
        return app::pack(arguments, session, out);
    }
    return app::Usage;
}

/// Wrong words on the command line are the user's to mend: exit code 2.
bool isUsage(base::ErrorCode code)
{
    switch (code) {
    case base::ErrorCode::BadArgument:
    case base::ErrorCode::BadWhen:
    case base::ErrorCode::BadTime:
    case base::ErrorCode::BadPartition:
    case base::ErrorCode::BadPosition:
    case base::ErrorCode::BadCut:
    case base::ErrorCode::BadPointer:
    case base::ErrorCode::BadFieldRef:
    case base::ErrorCode::NoSuchFold:
        return true;
    default:
        return false;
    }
}

int failed(const base::Error& error)
{
    if (error.code == base::ErrorCode::Cancelled) {
        app::complain("stopped; what was captured is kept, the same command goes on");
        return app::Failed;
    }
    app::complain(error);
    return isUsage(error.code) ? app::Usage : app::Failed;
}

int runAll(const Arguments& arguments)
{
    const app::StopOnSignal signals;
    app::Output out(arguments.colour);
    const auto session = Session::open(arguments, signals.token());
    if (!session) return failed(session.error());
    const bool damaged = (*session)->warnOfDamage();
    const auto code = run(arguments, **session, out, signals.token());
    const auto written = out.flush();
    if (!code) return failed(code.error());
    if (!written) return failed(written.error());
    return (damaged || (*session)->lacksEvents()) && *code == app::Ok ? app::Failed : *code;
}

} // namespace

int main(int argc, char** argv)
{
    const app::Parsed parsed = app::parseArguments(argc, argv);
    return parsed.exitCode ? *parsed.exitCode : runAll(parsed.arguments);
}
