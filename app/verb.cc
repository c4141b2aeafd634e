// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verb.h"

namespace leftfold::app {

std::vector<std::unique_ptr<Verb>> allVerbs()
{
    std::vector<std::unique_ptr<Verb>> verbs;
    for (const auto make : {makeFetch,    makeInfo,   makeLog,     makeShow,    makeLs,        makeSearch,  makeDiff,
                            makeStep,     makeRun,    makeBisect,  makeCompare, makeBlame,     makeProject, makePlot,
                            makeProblems, makeDecode, makeSchemas, makePack,    makeWorkspace, makeExport,  makeVerify,
                            makeMerge,    makeTopics, makeViews,   makeProfile})
        verbs.push_back(make());
    return verbs;
}

VerbResult LogVerb::run(Output& out, std::stop_token stop)
{
    LEFTFOLD_TRY(const auto session, Session::open(m_log, needs(), stop));
    LEFTFOLD_TRY(const ExitCode code, read(*session, out, std::move(stop)));
    return session->lacksEvents() && code == Ok ? Failed : code;
}

} // namespace leftfold::app
