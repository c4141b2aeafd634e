// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/debezium.h"
#include "core/fold/fold.h"
#include "core/fold/latest.h"
#include "core/fold/merge.h"
#include "core/fold/patch.h"
#include "core/fold/tally.h"

#include <array>

namespace leftfold::fold {

namespace {

struct BuiltIn {
    std::string_view name;
    std::shared_ptr<const Fold> (*make)();
};

constexpr std::array<BuiltIn, 5> kBuiltIn = {{{"tally", tallyFold},
                                              {"latest", latestFold},
                                              {"merge", mergeFold},
                                              {"patch", patchFold},
                                              {"debezium", [] { return debeziumFold(); }}}};

} // namespace

base::Result<std::shared_ptr<const Fold>> builtInFold(std::string_view name)
{
    for (const BuiltIn& fold : kBuiltIn) {
        if (fold.name == name) return fold.make();
    }
    return base::fail(base::ErrorCode::NoSuchFold, name, builtInFoldNames());
}

std::string builtInFoldNames()
{
    std::string names;
    for (const BuiltIn& fold : kBuiltIn) {
        if (!names.empty()) names += ", ";
        names += fold.name;
    }
    return names;
}

} // namespace leftfold::fold
