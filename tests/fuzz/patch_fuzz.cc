// SPDX-License-Identifier: GPL-3.0-or-later
// Three lines of JSON: two documents and a patch. Their difference leads from one to the other, as changes, as a JSON patch
// and there and back; who wrote what after it is what the slow rule says; any document as a patch is applied or refused.
#include "core/event/canonical.h"
#include "core/event/diff.h"
#include "core/event/merge_patch.h"
#include "core/event/patch.h"
#include "core/replay/blame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/replay/naive_blame.h"

using namespace leftfold;
using namespace leftfold::event;

namespace {

/// Up to the next line break, which is taken too.
base::Result<Document> takeLine(base::ByteView& bytes)
{
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    auto document = Document::parse(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    return document;
}

void checkDiff(const Document& a, const Document& b)
{
    const auto changes = diff(a.root(), b.root());
    FUZZ_LAW(changes.empty() == (a == b));
    const auto patched = patch(a, changes);
    FUZZ_LAW(patched && *patched == b);
    const auto byJsonPatch = applyJsonPatch(a, toJsonPatch(changes));
    FUZZ_LAW(byJsonPatch && *byJsonPatch == b);
    FUZZ_LAW((canonicalJson(a.root()) == canonicalJson(b.root())) == (a == b));
}

void compareBlame(const replay::Blame& blame, Value value, const std::string& path,
                  const replay::test::NaiveBlame::Writings& expected, std::size_t& seen)
{
    const auto found = expected.find(path);
    FUZZ_LAW(found != expected.end() && blame.of(value) == found->second);
    ++seen;
    std::size_t index = 0;
    for (const Value item : value.items())
        compareBlame(blame, item, path + "/" + std::to_string(index++), expected, seen);
    for (const Member& member : value.members()) {
        std::string at = path;
        appendToken(at, member.key);
        if (!member.shadowed) compareBlame(blame, member.value, at, expected, seen);
    }
}

void checkBlame(std::initializer_list<Document> states)
{
    replay::Blame blame;
    replay::test::NaiveBlame naive;
    std::uint64_t event = 0;
    for (const Document& state : states) {
        blame = blame.after({event}, state);
        naive.after({event}, state);
        ++event;
        std::size_t seen = 0;
        compareBlame(blame, blame.document()->root(), "", naive.writings(), seen);
        FUZZ_LAW(seen == naive.writings().size());
    }
    const auto restored = replay::Blame::restore(blame.save(), blame.document());
    FUZZ_LAW(restored && restored->save() == blame.save());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    base::ByteView bytes = fuzz::viewOf(data, size);
    const auto a = takeLine(bytes);
    const auto b = takeLine(bytes);
    const auto c = takeLine(bytes);
    if (!a || !b) return 0;
    checkDiff(*a, *b);
    checkDiff(*b, *a);
    if (size < 2048) checkBlame({*a, *b, *a}); // the slow rule is slow, and recursive
    const Document merged = mergePatch(*a, *b);
    FUZZ_LAW(mergePatch(merged, *b) == merged);
    if (!c) return 0;
    const std::string before = toJson(a->root());
    (void)applyJsonPatch(*a, *c);
    FUZZ_LAW(toJson(a->root()) == before);
    return 0;
}
