// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace leftfold::event::test {

using Random = std::mt19937_64;

/// Few different ones, so that they meet; several spellings of one value.
inline const std::vector<std::string>& someNumbers()
{
    static const std::vector<std::string> numbers = {"0",
                                                     "-0",
                                                     "0.0",
                                                     "0e5",
                                                     "1",
                                                     "1.0",
                                                     "1e0",
                                                     "10e-1",
                                                     "-1",
                                                     "100",
                                                     "1e2",
                                                     "0.1",
                                                     "1e-1",
                                                     "9007199254740993",
                                                     "9007199254740992",
                                                     "18446744073709551616",
                                                     "1e400",
                                                     "10e399",
                                                     "-1e400",
                                                     "1e-400",
                                                     "1e999999999",
                                                     "1e-999999999",
                                                     "3.141592653589793238462643383279502884197",
                                                     "3.1415926535897932384626433832795028841970",
                                                     "3.141592653589793238462643383279502884198",
                                                     "1e99999999999999999999",
                                                     "10e99999999999999999998",
                                                     "123456789012345678",
                                                     "1234567890123456789",
                                                     "12345678901234567890",
                                                     "1.234567890123456789e18"};
    return numbers;
}

inline const std::vector<std::string>& someTexts()
{
    static const std::vector<std::string> texts = {"",
                                                   "a",
                                                   "b",
                                                   "a/b",
                                                   "~",
                                                   "~1",
                                                   "0",
                                                   "1",
                                                   "-",
                                                   "\xc3\xa9",
                                                   "\xed\xa0\xbd",
                                                   std::string("\0", 1),
                                                   "\"\\\n",
                                                   "a longer text that fills some blocks"};
    return texts;
}

inline const std::string& oneOf(const std::vector<std::string>& choices, Random& random)
{
    return choices[random() % choices.size()];
}

/// A random value as JSON; with duplicate members now and then.
inline void appendRandomJson(std::string& out, Random& random, int depth)
{
    const auto kind = random() % (depth > 0 ? 9 : 5);
    if (kind == 0) {
        out += "null";
    } else if (kind == 1) {
        out += random() % 2 == 0 ? "true" : "false";
    } else if (kind == 2) {
        out += oneOf(someNumbers(), random);
    } else if (kind <= 4) {
        escape(out, oneOf(someTexts(), random));
    } else {
        const bool isObject = kind >= 7;
        const auto size = random() % 40 == 0 ? random() % 40 : random() % 5;
        out += isObject ? '{' : '[';
        for (std::uint64_t i = 0; i < size; ++i) {
            if (i > 0) out += ',';
            if (isObject) {
                escape(out, oneOf(someTexts(), random) + (size > 5 ? std::to_string(random() % 30) : ""));
                out += ':';
            }
            appendRandomJson(out, random, depth - 1);
        }
        out += isObject ? '}' : ']';
    }
}

inline Document parsed(const std::string& json)
{
    return Document::parse(json).value();
}

inline Document randomDocument(Random& random)
{
    std::string json;
    appendRandomJson(json, random, 4);
    return parsed(json);
}

/// The same value told differently: members shuffled (without the shadowed), numbers spelt otherwise.
inline void appendDisguised(DocumentBuilder& builder, Value value, Random& random)
{
    if (value.kind() == Kind::Object) {
        std::vector<Member> members;
        for (const Member& member : value.members()) {
            if (!member.shadowed) members.push_back(member);
        }
        std::shuffle(members.begin(), members.end(), random);
        builder.beginObject();
        for (const Member& member : members) {
            builder.key(member.key);
            appendDisguised(builder, member.value, random);
        }
        builder.endObject();
    } else if (value.kind() == Kind::Array) {
        builder.beginArray();
        for (const Value item : value.items()) appendDisguised(builder, item, random);
        builder.endArray();
    } else if (value.kind() == Kind::Number && value.digits().find_first_of("eE.") == base::ByteView::npos) {
        builder.number(std::string(value.digits()) + (random() % 2 == 0 ? "0e-1" : ".00"));
    } else {
        builder.value(value);
    }
}

inline Document disguised(Value value, Random& random)
{
    DocumentBuilder builder;
    appendDisguised(builder, value, random);
    return builder.finish();
}

/// A document that shares much with another: some of its values replaced, removed, added or moved.
inline void appendMutated(DocumentBuilder& builder, Value value, Random& random)
{
    if (random() % 12 == 0) {
        builder.value(randomDocument(random).root());
    } else if (value.kind() == Kind::Object) {
        builder.beginObject();
        for (const Member& member : value.members()) {
            if (random() % 8 == 0) continue;
            builder.key(random() % 8 == 0 ? oneOf(someTexts(), random) : std::string(member.key));
            appendMutated(builder, member.value, random);
        }
        builder.endObject();
    } else if (value.kind() == Kind::Array) {
        builder.beginArray();
        for (const Value item : value.items()) {
            if (random() % 6 == 0) builder.value(randomDocument(random).root());
            if (random() % 6 != 0) appendMutated(builder, item, random);
        }
        builder.endArray();
    } else {
        builder.value(value);
    }
}

inline Document mutated(Value value, Random& random)
{
    DocumentBuilder builder;
    appendMutated(builder, value, random);
    return builder.finish();
}

} // namespace leftfold::event::test
