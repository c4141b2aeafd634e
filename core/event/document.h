// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/event/pointer.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::event {

class JsonReader;
class Items;
class Members;

enum class Kind : std::uint8_t { Null, Boolean, Number, Text, Array, Object };

namespace detail {

/// A value, or the name of a member (its value is the next node). The nodes of a subtree stand together, the
/// parent first, so that everything is reached by going forward.
struct Node {
    std::uint64_t hash; ///< of the value; equal values have equal hashes
    std::uint64_t place; ///< Text, Number: where its bytes begin; Array, Object: how many nodes the subtree has
    std::uint64_t size : 48; ///< bytes; items; members, without shadowed ones; Boolean: 0 or 1
    std::uint64_t kind : 8;
    std::uint64_t shadowed : 8; ///< of a name: a later member of the object has the same one
};

struct Storage {
    std::vector<Node> nodes;
    std::string bytes;
};

} // namespace detail

/// A value inside a document, valid as long as a Document of that storage lives. Two words: pass it by value.
///
/// Values are equal if they mean the same: members unordered, numbers by value (1 = 1.0 = 1e0), and of members with the same
/// name only the last counts. The others ("shadowed") are kept to be shown and left out of everything else.
class Value {
public:
    [[nodiscard]] Kind kind() const { return static_cast<Kind>(node().kind); }
    [[nodiscard]] bool isNull() const { return kind() == Kind::Null; }

    /// REQUIRES: kind() is Boolean.
    [[nodiscard]] bool boolean() const { return node().size != 0; }
    /// As they were written. REQUIRES: kind() is Number.
    [[nodiscard]] base::ByteView digits() const { return bytes(); }
    /// Decoded, WTF-8 (see `unescape`); may hold NUL. REQUIRES: kind() is Text.
    [[nodiscard]] base::ByteView text() const { return bytes(); }

    /// Items of an array, members of an object (shadowed ones do not count); 0 for scalars.
    [[nodiscard]] std::size_t size() const { return kind() < Kind::Array ? 0 : std::size_t{node().size}; }
    /// In their order; none unless kind() is Array.
    [[nodiscard]] Items items() const;
    /// In their order, with the shadowed ones; none unless kind() is Object.
    [[nodiscard]] Members members() const;
    /// An item of an array. Constant time where all items are scalars, else linear.
    [[nodiscard]] std::optional<Value> at(std::size_t index) const;
    /// The value of a member by its decoded name: of duplicates the last. Linear.
    [[nodiscard]] std::optional<Value> find(base::ByteView key) const;
    [[nodiscard]] std::optional<Value> find(const Pointer& pointer) const;

    /// Its place among the nodes of its document, from 0, the root, to below Document::nodeCount(): for what is kept
    /// beside a document. Names of members are nodes too.
    [[nodiscard]] std::size_t nodeIndex() const { return m_index; }
    /// Equal values have equal hashes. Not for storage: it may change between versions.
    [[nodiscard]] std::uint64_t hash() const { return node().hash; }
    /// Values of any documents; by value. Confirmed member by member where the hashes are equal.
    friend bool operator==(Value a, Value b);

private:
    friend class Document;
    friend class DocumentBuilder;
    friend class Items;
    friend class Members;
    Value(const detail::Storage* storage, std::size_t index) : m_storage(storage), m_index(index) {}
    [[nodiscard]] const detail::Node& node() const { return m_storage->nodes[m_index]; }
    [[nodiscard]] base::ByteView bytes() const { return {m_storage->bytes.data() + node().place, node().size}; }
    [[nodiscard]] std::size_t nodeCount() const { return kind() < Kind::Array ? 1 : node().place; }

    const detail::Storage* m_storage;
    std::size_t m_index;
};

/// The items of an array, for range-for.
class Items {
public:
    class Iterator {
    public:
        using value_type = Value;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        explicit Iterator(Value at) : m_at(at) {}
        Value operator*() const { return m_at; }
        Iterator& operator++()
        {
            m_at.m_index += m_at.nodeCount();
            return *this;
        }
        Iterator operator++(int)
        {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& other) const { return m_at.m_index == other.m_at.m_index; }

    private:
        Value m_at;
    };

    explicit Items(Value parent) : m_parent(parent) {}
    [[nodiscard]] Iterator begin() const { return Iterator(Value(m_parent.m_storage, m_parent.m_index + 1)); }
    [[nodiscard]] Iterator end() const
    {
        const bool isArray = m_parent.kind() == Kind::Array;
        return Iterator(Value(m_parent.m_storage, m_parent.m_index + (isArray ? m_parent.nodeCount() : 1)));
    }

private:
    Value m_parent;
};

struct Member {
    base::ByteView key; ///< decoded
    Value value;
    bool shadowed; ///< a later member has the same key: only to be shown
};

/// The members of an object, for range-for.
class Members {
public:
    class Iterator {
    public:
        using value_type = Member;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        explicit Iterator(Value name) : m_name(name) {}
        Member operator*() const { return {m_name.bytes(), value(), m_name.node().shadowed != 0}; }
        Iterator& operator++()
        {
            m_name.m_index += 1 + value().nodeCount();
            return *this;
        }
        Iterator operator++(int)
        {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& other) const { return m_name.m_index == other.m_name.m_index; }

    private:
        [[nodiscard]] Value value() const { return {m_name.m_storage, m_name.m_index + 1}; }
        Value m_name;
    };

    explicit Members(Value parent) : m_parent(parent) {}
    [[nodiscard]] Iterator begin() const { return Iterator(Value(m_parent.m_storage, m_parent.m_index + 1)); }
    [[nodiscard]] Iterator end() const
    {
        const bool isObject = m_parent.kind() == Kind::Object;
        return Iterator(Value(m_parent.m_storage, m_parent.m_index + (isObject ? m_parent.nodeCount() : 1)));
    }

private:
    Value m_parent;
};

/// An immutable JSON document: one array of nodes and one of bytes, shared by its copies, by any threads.
class Document {
public:
    /// The document `null`.
    Document();
    /// Fails with NotJson. Copies `json` to have readable bytes behind it; any nesting and size up to 4 GiB.
    [[nodiscard]] static base::Result<Document> parse(base::ByteView json);
    /// Without the copy. REQUIRES: base::kReadablePadding readable bytes behind `json`.
    [[nodiscard]] static base::Result<Document> parse(JsonReader& reader, base::ByteView json);
    /// A copy of a value as a document of its own.
    [[nodiscard]] static Document of(Value value);

    /// Valid as long as this document or a copy of it lives.
    [[nodiscard]] Value root() const { return {m_storage.get(), 0}; }
    /// See Value::nodeIndex.
    [[nodiscard]] std::size_t nodeCount() const { return m_storage->nodes.size(); }
    /// The memory it takes.
    [[nodiscard]] std::size_t byteSize() const;

    /// By value, as values are.
    friend bool operator==(const Document& a, const Document& b) { return a.root() == b.root(); }

private:
    friend class DocumentBuilder;
    explicit Document(std::shared_ptr<const detail::Storage> storage) : m_storage(std::move(storage)) {}
    std::shared_ptr<const detail::Storage> m_storage;
};

/// The same members in the same order with the same digits, shadowed ones too: what `toJson` cannot tell apart.
[[nodiscard]] bool identical(Value a, Value b);

/// Compact JSON: members in their order (the shadowed too), numbers by their digits. Parsing it gives an identical document.
[[nodiscard]] std::string toJson(Value value);
void appendJson(std::string& out, Value value);
/// The same on several lines, two blanks an indentation; `{}` and `[]` stay on theirs.
[[nodiscard]] std::string toPrettyJson(Value value);

/// Makes a document from beginning to end. Calls out of order (a value without a key in an object, an end too
/// many, a second root) are broken invariants.
class DocumentBuilder {
public:
    DocumentBuilder();
    ~DocumentBuilder();
    DocumentBuilder(DocumentBuilder&&) noexcept;
    DocumentBuilder& operator=(DocumentBuilder&&) noexcept;

    void beginObject();
    /// Decoded. The same key again shadows the member before.
    void key(base::ByteView decodedText);
    void endObject();
    void beginArray();
    void endArray();
    void text(base::ByteView decoded);
    /// REQUIRES: a JSON number.
    void number(base::ByteView digits);
    void number(std::int64_t value);
    void boolean(bool value);
    void null();
    /// A copy of a whole value, of any document.
    void value(Value value);
    /// Hands the document out and begins a new one. REQUIRES: one whole value was built.
    [[nodiscard]] Document finish();

private:
    friend class Document;
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::event
