// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hash.h"
#include "core/event/document.h"
#include "core/event/hash_mix.h"
#include "core/event/json_walker.h"
#include "core/event/number.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace leftfold::event {

using detail::Node;
using detail::Storage;

namespace {

/// Up to here comparing every name with every other is faster than sorting.
constexpr std::size_t kFewMembers = 16;
/// What a node takes in JSON, guessed low.
constexpr std::size_t kBytesPerNode = 8;
/// What a node's size can say: more than any memory holds.
constexpr std::uint64_t kMostSize = (std::uint64_t{1} << 48) - 1;

std::uint64_t saltOf(Kind kind)
{
    return mixed(static_cast<std::uint64_t>(kind) + 1);
}

std::uint64_t scalarHash(Kind kind, std::uint64_t content)
{
    return mixed(content ^ saltOf(kind));
}

std::size_t nodeCount(const Node& node)
{
    return static_cast<Kind>(node.kind) < Kind::Array ? 1 : std::size_t{node.place};
}

base::ByteView bytesOf(const Storage& storage, const Node& node)
{
    return {storage.bytes.data() + node.place, std::size_t{node.size}};
}

bool hasBytes(const Node& node)
{
    return static_cast<Kind>(node.kind) == Kind::Text || static_cast<Kind>(node.kind) == Kind::Number;
}

} // namespace

struct DocumentBuilder::Parts {
    struct Open {
        std::size_t node;
        std::size_t children = 0;
        bool isObject;
        bool named = false; ///< a key waits for its value
    };
    struct Name {
        std::uint64_t hash;
        std::size_t node;
    };

    std::shared_ptr<Storage> storage; ///< none before the first value
    std::vector<Open> open;
    std::vector<Name> names; ///< of the object being ended

    /// A new value begins: it takes its place under the innermost open one.
    void place()
    {
        if (open.empty()) {
            if (storage == nullptr) storage = std::make_shared<Storage>();
            LEFTFOLD_INVARIANT(storage->nodes.empty());
            return;
        }
        Open& parent = open.back();
        LEFTFOLD_INVARIANT(!parent.isObject || parent.named);
        parent.named = false;
        ++parent.children;
    }

    void add(Kind kind, std::uint64_t hash, std::size_t at, std::size_t size)
    {
        storage->nodes.push_back({hash, at, size & kMostSize, static_cast<std::uint8_t>(kind), 0});
    }

    void begin(Kind kind)
    {
        place();
        open.push_back({storage->nodes.size(), 0, kind == Kind::Object});
        add(kind, 0, 0, 0);
    }

    /// The bytes of the node behind `from` were just appended.
    void addText(std::size_t from)
    {
        const base::ByteView text(storage->bytes.data() + from, storage->bytes.size() - from);
        add(Kind::Text, scalarHash(Kind::Text, base::hash64(text)), from, text.size());
    }

    std::size_t append(base::ByteView bytes)
    {
        const std::size_t from = storage->bytes.size();
        storage->bytes.append(bytes);
        return from;
    }

    std::size_t appendUnescaped(base::ByteView raw)
    {
        if (!hasEscapes(raw)) return append(raw);
        const std::size_t from = storage->bytes.size();
        unescape(raw, storage->bytes);
        return from;
    }

    void placeName()
    {
        LEFTFOLD_INVARIANT(!open.empty() && open.back().isObject && !open.back().named);
        open.back().named = true;
    }

    Open close(bool isObject)
    {
        LEFTFOLD_INVARIANT(!open.empty() && open.back().isObject == isObject && !open.back().named);
        const Open closed = open.back();
        open.pop_back();
        storage->nodes[closed.node].place = storage->nodes.size() - closed.node;
        return closed;
    }

    void endArray()
    {
        const Open closed = close(false);
        std::uint64_t hash = saltOf(Kind::Array);
        for (std::size_t i = closed.node + 1; i < storage->nodes.size(); i += nodeCount(storage->nodes[i])) {
            hash = mixed(hash * kOddConstant + storage->nodes[i].hash);
        }
        Node& node = storage->nodes[closed.node];
        node.size = closed.children & kMostSize;
        node.hash = mixed(hash + closed.children);
    }

    void endObject()
    {
        const Open closed = close(true);
        collectNames(closed.node);
        const std::size_t shadowed = names.size() <= kFewMembers ? shadowFew() : shadowMany();
        std::uint64_t hash = saltOf(Kind::Object);
        for (const Name& name : names) {
            const Node* const node = &storage->nodes[name.node];
            if (node->shadowed == 0) hash += mixed(node[0].hash * kOddConstant + node[1].hash);
        }
        Node& node = storage->nodes[closed.node];
        node.size = (names.size() - shadowed) & kMostSize;
        node.hash = mixed(hash);
    }

    void collectNames(std::size_t object)
    {
        names.clear();
        const std::vector<Node>& nodes = storage->nodes;
        for (std::size_t i = object + 1; i < nodes.size(); i += 1 + nodeCount(nodes[i + 1])) {
            names.push_back({nodes[i].hash, i});
        }
    }

    /// Marks `earlier` if it is the same name as `later`.
    bool shadow(const Name& earlier, const Name& later)
    {
        if (earlier.hash != later.hash) return false;
        Node& node = storage->nodes[earlier.node];
        if (bytesOf(*storage, node) != bytesOf(*storage, storage->nodes[later.node])) return false;
        node.shadowed = 1;
        return true;
    }

    std::size_t shadowFew()
    {
        std::size_t count = 0;
        for (auto name = names.begin(); name != names.end(); ++name) {
            const bool again =
                std::any_of(name + 1, names.end(), [&](const Name& later) { return shadow(*name, later); });
            count += again ? 1 : 0;
        }
        return count;
    }

    std::size_t shadowMany()
    {
        std::sort(names.begin(), names.end(),
                  [](const Name& a, const Name& b) { return a.hash != b.hash ? a.hash < b.hash : a.node < b.node; });
        std::size_t count = 0;
        for (auto name = names.begin(); name != names.end(); ++name) {
            for (auto later = name + 1; later != names.end() && later->hash == name->hash; ++later) {
                if (!shadow(*name, *later)) continue;
                ++count;
                break;
            }
        }
        return count;
    }

    void copy(const Storage& from, std::size_t first, std::size_t count)
    {
        place();
        const Node* const begin = from.nodes.data() + first;
        const Node* const end = begin + count;
        // The bytes of a subtree stand together, in the order of its nodes.
        const Node* const firstText = std::find_if(begin, end, hasBytes);
        if (firstText == end) {
            storage->nodes.insert(storage->nodes.end(), begin, end);
            return;
        }
        const Node* lastText = end - 1;
        while (!hasBytes(*lastText)) --lastText;
        const std::size_t start = firstText->place;
        const std::size_t at =
            append({from.bytes.data() + start, std::size_t{lastText->place + lastText->size - start}});
        for (const Node* node = begin; node != end; ++node) {
            Node& added = storage->nodes.emplace_back(*node);
            if (hasBytes(added)) added.place = added.place - start + at;
        }
        storage->nodes[storage->nodes.size() - count].shadowed = 0;
    }
};

DocumentBuilder::DocumentBuilder() : m_parts(std::make_unique<Parts>()) {}
DocumentBuilder::~DocumentBuilder() = default;
DocumentBuilder::DocumentBuilder(DocumentBuilder&&) noexcept = default;
DocumentBuilder& DocumentBuilder::operator=(DocumentBuilder&&) noexcept = default;

void DocumentBuilder::beginObject()
{
    m_parts->begin(Kind::Object);
}
void DocumentBuilder::endObject()
{
    m_parts->endObject();
}
void DocumentBuilder::beginArray()
{
    m_parts->begin(Kind::Array);
}
void DocumentBuilder::endArray()
{
    m_parts->endArray();
}

void DocumentBuilder::key(base::ByteView decodedText)
{
    m_parts->placeName();
    m_parts->addText(m_parts->append(decodedText));
}

void DocumentBuilder::text(base::ByteView decoded)
{
    m_parts->place();
    m_parts->addText(m_parts->append(decoded));
}

void DocumentBuilder::number(base::ByteView digits)
{
    m_parts->place();
    const std::size_t from = m_parts->append(digits);
    m_parts->add(Kind::Number, scalarHash(Kind::Number, hashNumber(digits)), from, digits.size());
}

void DocumentBuilder::number(std::int64_t value)
{
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    number(base::ByteView(digits, static_cast<std::size_t>(end - digits)));
}

void DocumentBuilder::boolean(bool value)
{
    m_parts->place();
    m_parts->add(Kind::Boolean, scalarHash(Kind::Boolean, value ? 1 : 0), 0, value ? 1 : 0);
}

void DocumentBuilder::null()
{
    m_parts->place();
    m_parts->add(Kind::Null, scalarHash(Kind::Null, 0), 0, 0);
}

void DocumentBuilder::value(Value value)
{
    m_parts->copy(*value.m_storage, value.m_index, value.nodeCount());
}

Document DocumentBuilder::finish()
{
    LEFTFOLD_INVARIANT(m_parts->open.empty() && m_parts->storage != nullptr);
    Storage& storage = *m_parts->storage;
    if (storage.nodes.capacity() > storage.nodes.size() * 3 / 2) storage.nodes.shrink_to_fit();
    if (storage.bytes.capacity() > storage.bytes.size() * 3 / 2) storage.bytes.shrink_to_fit();
    return Document(std::exchange(m_parts->storage, nullptr));
}

base::Result<Document> Document::parse(JsonReader& reader, base::ByteView json)
{
    struct Handler {
        DocumentBuilder& builder;
        DocumentBuilder::Parts& parts = *builder.m_parts;
        void beginObject() { builder.beginObject(); }
        void endObject() { builder.endObject(); }
        void beginArray() { builder.beginArray(); }
        void endArray() { builder.endArray(); }
        void number(base::ByteView digits) { builder.number(digits); }
        void boolean(bool value) { builder.boolean(value); }
        void null() { builder.null(); }
        void key(base::ByteView raw)
        {
            parts.placeName();
            parts.addText(parts.appendUnescaped(raw));
        }
        void text(base::ByteView raw)
        {
            parts.place();
            parts.addText(parts.appendUnescaped(raw));
        }
    };
    DocumentBuilder builder;
    Storage& storage = *(builder.m_parts->storage = std::make_shared<Storage>());
    storage.nodes.reserve(json.size() / kBytesPerNode + 1);
    storage.bytes.reserve(json.size());
    Handler handler{builder};
    LEFTFOLD_CHECK(walk(reader, json, handler));
    return builder.finish();
}

base::Result<Document> Document::parse(base::ByteView json)
{
    JsonReader reader;
    std::string padded;
    padded.reserve(json.size() + base::kReadablePadding);
    padded.append(json);
    padded.append(base::kReadablePadding, ' ');
    return parse(reader, base::ByteView(padded).substr(0, json.size()));
}

} // namespace leftfold::event
