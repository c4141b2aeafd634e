// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/diff.h"

#include <string>

namespace leftfold::event::test {

/// Changes as a picture: "+/a=1 -/b=2 ~/c=1>2".
inline std::string picture(const std::vector<Change>& changes)
{
    std::string out;
    for (const Change& change : changes) {
        if (!out.empty()) out += ' ';
        out += change.kind == ChangeKind::Added ? '+' : (change.kind == ChangeKind::Removed ? '-' : '~');
        out += toText(change.pointer);
        out += '=';
        if (change.before) out += toJson(change.before->root());
        if (change.before && change.after) out += '>';
        if (change.after) out += toJson(change.after->root());
    }
    return out;
}

} // namespace leftfold::event::test
