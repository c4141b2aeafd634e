// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a document: the fast parser accepts what the slow, exact check accepts; what was read is written and read
// again as the same; simdjson agrees wherever it can say what JSON can.
#include "core/event/canonical.h"
#include "core/event/document.h"
#include "core/event/json_walker.h"
#include "tests/fuzz/fuzz.h"

#include <simdjson.h>

using namespace leftfold;
using namespace leftfold::event;

namespace {

/// What simdjson refuses although it is JSON.
bool isBeyondSimdjson(simdjson::error_code error)
{
    switch (error) {
    case simdjson::NUMBER_ERROR: // too large or too small
    case simdjson::DEPTH_ERROR:
    case simdjson::STRING_ERROR: // a surrogate without its other half
    case simdjson::CAPACITY:
        return true;
    default:
        return false;
    }
}

void compare(simdjson::dom::element theirs, Value ours);

void compareObjects(simdjson::dom::object theirs, Value ours)
{
    auto member = ours.members().begin();
    for (const auto& field : theirs) {
        FUZZ_LAW(member != ours.members().end());
        FUZZ_LAW((*member).key == field.key);
        compare(field.value, (*member).value);
        ++member;
    }
    FUZZ_LAW(member == ours.members().end());
}

void compareArrays(simdjson::dom::array theirs, Value ours)
{
    auto item = ours.items().begin();
    for (const auto element : theirs) {
        FUZZ_LAW(item != ours.items().end());
        compare(element, *item);
        ++item;
    }
    FUZZ_LAW(item == ours.items().end());
}

/// simdjson goes no deeper than 1,024.
void compare(simdjson::dom::element theirs, Value ours)
{
    switch (theirs.type()) {
    case simdjson::dom::element_type::OBJECT:
        FUZZ_LAW(ours.kind() == Kind::Object);
        return compareObjects(theirs.get_object().value(), ours);
    case simdjson::dom::element_type::ARRAY:
        FUZZ_LAW(ours.kind() == Kind::Array);
        return compareArrays(theirs.get_array().value(), ours);
    case simdjson::dom::element_type::STRING:
        FUZZ_LAW(ours.kind() == Kind::Text && ours.text() == theirs.get_string().value());
        return;
    case simdjson::dom::element_type::BOOL:
        FUZZ_LAW(ours.kind() == Kind::Boolean && ours.boolean() == theirs.get_bool().value());
        return;
    case simdjson::dom::element_type::NULL_VALUE:
        FUZZ_LAW(ours.isNull());
        return;
    default:
        FUZZ_LAW(ours.kind() == Kind::Number
                 && std::strtod(std::string(ours.digits()).c_str(), nullptr) == theirs.get_double().value());
    }
}

void compareWithSimdjson(base::ByteView json, const base::Result<Document>& ours)
{
    static simdjson::dom::parser parser;
    const fuzz::Padded padded(json);
    const auto theirs = parser.parse(padded.view().data(), padded.view().size(), false);
    if (theirs.error() == simdjson::SUCCESS) {
        FUZZ_LAW(ours);
        compare(theirs.value_unsafe(), ours->root());
    } else if (ours) {
        FUZZ_LAW(isBeyondSimdjson(theirs.error()));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView json = fuzz::viewOf(data, size);
    const auto document = Document::parse(json);
    FUZZ_LAW(document.has_value() == checkJson(json).has_value());
    if (size > 0) compareWithSimdjson(json, document);
    if (!document) return 0;
    const Value root = document->root();
    const auto again = Document::parse(toJson(root));
    FUZZ_LAW(again && identical(again->root(), root) && *again == *document);
    FUZZ_LAW(again->root().hash() == root.hash());
    const auto pretty = Document::parse(toPrettyJson(root));
    FUZZ_LAW(pretty && identical(pretty->root(), root));
    const std::string canonical = canonicalJson(root);
    const auto normal = Document::parse(canonical);
    FUZZ_LAW(normal && *normal == *document && canonicalJson(normal->root()) == canonical);
    FUZZ_LAW(identical(Document::of(root).root(), root));
    return 0;
}
