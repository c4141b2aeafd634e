// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/session.h"
#include "app/terminal.h"

#include <memory>
#include <vector>

namespace leftfold::app {

/// What a verb ends with. What has been written stays written, whatever happens afterwards.
using VerbResult = base::Result<ExitCode>;

/// A verb of the command line: `leftfold NAME ...`. It holds its own options; a file each.
class Verb {
public:
    virtual ~Verb() = default;
    [[nodiscard]] virtual const char* name() const = 0;
    /// One line for the list of verbs.
    [[nodiscard]] virtual const char* about() const = 0;
    /// Declares the options, and what help says below them (`footer`). They are written to this object.
    virtual void define(CLI::App& verb) = 0;
    /// Errors that are the user's wrong words end with Usage, all others with Failed.
    [[nodiscard]] virtual VerbResult run(Output& out, std::stop_token stop) = 0;
};

/// A verb that reads one log. It is opened, and its capture brought up to date, before `read`.
class LogVerb : public Verb {
public:
    [[nodiscard]] VerbResult run(Output& out, std::stop_token stop) override;

protected:
    [[nodiscard]] virtual VerbResult read(Session& session, Output& out, std::stop_token stop) = 0;
    /// What to open: the options and, for some verbs, more.
    [[nodiscard]] virtual SessionNeeds needs() const { return {}; }

    LogOptions m_log;
};

/// All verbs, as help lists them.
[[nodiscard]] std::vector<std::unique_ptr<Verb>> allVerbs();

[[nodiscard]] std::unique_ptr<Verb> makeFetch();
[[nodiscard]] std::unique_ptr<Verb> makeInfo();
[[nodiscard]] std::unique_ptr<Verb> makeLog();
[[nodiscard]] std::unique_ptr<Verb> makeShow();
[[nodiscard]] std::unique_ptr<Verb> makeLs();
[[nodiscard]] std::unique_ptr<Verb> makeSearch();
[[nodiscard]] std::unique_ptr<Verb> makeDiff();
[[nodiscard]] std::unique_ptr<Verb> makeStep();
[[nodiscard]] std::unique_ptr<Verb> makeRun();
[[nodiscard]] std::unique_ptr<Verb> makeBisect();
[[nodiscard]] std::unique_ptr<Verb> makeCompare();
[[nodiscard]] std::unique_ptr<Verb> makeBlame();
[[nodiscard]] std::unique_ptr<Verb> makeProject();
[[nodiscard]] std::unique_ptr<Verb> makePlot();
[[nodiscard]] std::unique_ptr<Verb> makeProblems();
[[nodiscard]] std::unique_ptr<Verb> makeDecode();
[[nodiscard]] std::unique_ptr<Verb> makeSchemas();
[[nodiscard]] std::unique_ptr<Verb> makePack();
[[nodiscard]] std::unique_ptr<Verb> makeWorkspace();
[[nodiscard]] std::unique_ptr<Verb> makeExport();
[[nodiscard]] std::unique_ptr<Verb> makeVerify();
[[nodiscard]] std::unique_ptr<Verb> makeMerge();
[[nodiscard]] std::unique_ptr<Verb> makeTopics();
[[nodiscard]] std::unique_ptr<Verb> makeViews();
[[nodiscard]] std::unique_ptr<Verb> makeProfile();

} // namespace leftfold::app
