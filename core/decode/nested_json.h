// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::decode {

/// Writes JSON from a stream of values in which everything may be the key of a map (MessagePack, CBOR), and tags may stand before
/// values (CBOR). No recursion: what is open stands on a stack.
///
/// A map whose keys are all texts, all integers or all bytes becomes an object (integers as their digits); any other one
/// a list of {"key": k, "value": v}, so that 1 and "1" stay two keys.
class NestedJson {
public:
    /// What a value was before it became text.
    enum class Kind : std::uint8_t { Text, Integer, Bytes, Other };

    /// Appends to `out`, which must live as long.
    explicit NestedJson(std::string& out);

    /// Between begin() and end(kind) the caller appends one value to out(). For arrays and maps there are the functions below.
    /// Begins that fail (too deep, too large) say so by false, and nothing is right any more.
    [[nodiscard]] bool begin();
    void end(Kind kind);
    [[nodiscard]] std::string& out() { return m_out; }

    [[nodiscard]] bool beginArray();
    void endArray();
    [[nodiscard]] bool beginMap();
    /// REQUIRES: as many values as keys.
    void endMap();
    /// The next value is tagged: a tag of CBOR (RFC 8949 section 3.4 and its registry).
    [[nodiscard]] bool beginTag(std::uint64_t number);

    /// How many arrays, maps and tags are open.
    [[nodiscard]] std::size_t depth() const { return m_open.size(); }
    /// Whether a map is open whose last key waits for its value.
    [[nodiscard]] bool wantsValue() const;

private:
    enum class Shape : std::uint8_t { Array, Map, Tag };
    struct Key {
        std::size_t from;
        std::size_t end;
        Kind kind;
    };
    struct Open {
        Shape shape;
        std::uint64_t tag; ///< its number
        std::size_t from; ///< where it begins in `out`
        std::size_t firstKey; ///< its place in m_keys
        std::uint64_t count; ///< of the values so far, keys too
    };

    bool open(Shape shape, std::uint64_t tag);
    void closeTags(Kind& kind);
    void endKey(Kind kind);
    void toList(const Open& map);
    [[nodiscard]] std::string_view keyText(const Key& key) const;

    std::string& m_out;
    std::size_t m_limit;
    std::size_t m_valueFrom = 0; ///< of the value that began last and was not a container
    std::vector<Open> m_open;
    std::vector<Key> m_keys; ///< of all open maps, the outermost one's first
};

} // namespace leftfold::decode
