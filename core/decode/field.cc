// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/field.h"

#include "core/decode/pointer_tree.h"
#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <algorithm>

namespace leftfold::decode {

namespace {

using base::ByteView;
using Node = PointerTree::Node;

constexpr std::string_view kHeaderPrefix = "header:";

/// Hears a walk and keeps what stands at the pointers of a tree. Below containers where no pointer goes it only
/// counts depth.
class PointerMatch {
public:
    PointerMatch(const PointerTree& tree, std::vector<FieldValue>& values, std::vector<std::string>& texts)
        : m_tree(tree),
          m_values(values),
          m_texts(texts)
    {}

    void start(bool mayHaveEscapes)
    {
        m_mayHaveEscapes = mayHaveEscapes;
        m_target = &m_tree.root();
        m_inside = {};
        m_skipped = 0;
        m_outer.clear();
    }

    void beginObject() { open(false); }
    void beginArray() { open(true); }
    void endObject() { close(); }
    void endArray() { close(); }
    void key(ByteView raw)
    {
        if (m_inside.node != nullptr) m_target = memberOf(raw);
    }
    void text(ByteView raw)
    {
        if (const Node* node = take()) keep(*node, {FieldKind::Text, raw});
    }
    void number(ByteView digits)
    {
        if (const Node* node = take()) keep(*node, {FieldKind::Number, digits});
    }
    void boolean(bool value)
    {
        if (const Node* node = take()) keep(*node, {FieldKind::Boolean, value ? "true" : "false"});
    }
    void null()
    {
        if (const Node* node = take()) keep(*node, {FieldKind::Null, {}});
    }

private:
    /// An open container on the way of a pointer; no node: one that no pointer enters, or none at all.
    struct Container {
        const Node* node = nullptr;
        bool isArray = false;
        std::uint64_t items = 0; ///< seen of it, if it is an array
    };

    /// Where in the tree the value that comes now stands; null where no pointer goes.
    const Node* take() { return m_inside.isArray ? m_tree.item(*m_inside.node, m_inside.items++) : m_target; }

    const Node* memberOf(ByteView raw)
    {
        if (!m_mayHaveEscapes || !event::hasEscapes(raw)) return m_tree.member(*m_inside.node, raw);
        m_key.clear();
        event::unescape(raw, m_key);
        const std::size_t size = m_key.size();
        m_key.append(8, '\0');
        return m_tree.member(*m_inside.node, ByteView(m_key).substr(0, size));
    }

    /// Of duplicate members the last one counts: what an earlier one had inside is gone.
    void keep(const Node& node, const FieldValue& value)
    {
        for (const std::uint32_t field : node.below) m_values[field] = {};
        for (const std::uint32_t field : node.fields) {
            m_values[field] = value;
            if (value.kind == FieldKind::Text && m_mayHaveEscapes) unescapeField(field);
        }
    }

    void unescapeField(std::uint32_t field)
    {
        FieldValue& value = m_values[field];
        if (!event::hasEscapes(value.text)) return;
        m_texts[field].clear();
        event::unescape(value.text, m_texts[field]);
        value.text = m_texts[field];
    }

    void open(bool isArray)
    {
        const Node* node = take();
        if (node != nullptr) keep(*node, {FieldKind::Composite, {}});
        const bool enters = node != nullptr && !node->branches.empty();
        if (!enters && m_skipped++ > 0) return;
        m_outer.push_back(m_inside);
        m_inside = enters ? Container{node, isArray, 0} : Container{};
        m_target = nullptr;
    }

    void close()
    {
        if (m_skipped > 0 && --m_skipped > 0) return;
        m_inside = m_outer.back();
        m_outer.pop_back();
    }

    const PointerTree& m_tree;
    std::vector<FieldValue>& m_values;
    std::vector<std::string>& m_texts; ///< one a field: its text where it had to be unescaped
    std::string m_key;
    bool m_mayHaveEscapes = false;
    const Node* m_target = nullptr; ///< of the member whose key came last; at the start of the document
    Container m_inside; ///< innermost open container
    std::size_t m_skipped = 0; ///< open containers that no pointer enters, `m_outer` ends with what is around them
    std::vector<Container> m_outer; ///< what is open around `m_inside`
};

struct RefText {
    std::string operator()(const event::Pointer& pointer) const { return event::toText(pointer); }
    std::string operator()(NativeKey) const { return "key"; }
    std::string operator()(NativeTimestamp) const { return "timestamp"; }
    std::string operator()(const HeaderNamed& header) const { return std::string(kHeaderPrefix) + header.name; }
    std::string operator()(const ChangedRow& row) const { return decode::toText(row); }
    std::string operator()(const ByScript& script) const { return "script:" + script.name; }
};

FieldValue textOrNull(const std::optional<ByteView>& bytes)
{
    return bytes ? FieldValue{FieldKind::Text, *bytes} : FieldValue{FieldKind::Null, {}};
}

FieldValue headerOf(const event::Record& record, std::string_view name)
{
    const auto last = std::find_if(record.headers.rbegin(), record.headers.rend(),
                                   [&](const event::Header& header) { return header.name == name; });
    return last == record.headers.rend() ? FieldValue{} : textOrNull(last->value);
}

/// What is indexed at once: little enough to stay in the processor's cache.
constexpr std::size_t kExpectedBytes = std::size_t{64} << 10;

/// Whether nothing but a line break stands between two values of one text. The padding behind values keeps those of
/// different texts apart.
bool areNeighbours(ByteView before, ByteView after)
{
    const char* const end = before.data() + before.size();
    if (after.data() == end + 1) return *end == '\n';
    return after.data() == end + 2 && end[0] == '\r' && end[1] == '\n';
}

} // namespace

base::Result<FieldRef> parseFieldRef(std::string_view text)
{
    if (text == "key") return NativeKey{};
    if (text == "timestamp") return NativeTimestamp{};
    if (auto row = parseChangedRow(text); row && isUtf8(text)) return std::move(*row);
    if (isUtf8(text) && text.starts_with(kHeaderPrefix))
        return HeaderNamed{std::string(text.substr(kHeaderPrefix.size()))};
    auto pointer = event::parsePointer(text);
    if (!pointer || !isUtf8(text)) return base::fail(base::ErrorCode::BadFieldRef, text);
    return std::move(*pointer);
}

std::string toText(const FieldRef& ref)
{
    return std::visit(RefText{}, ref);
}

std::optional<ByteView> aggregateId(const FieldValue& value)
{
    const bool scalar =
        value.kind == FieldKind::Text || value.kind == FieldKind::Number || value.kind == FieldKind::Boolean;
    if (!scalar) return std::nullopt;
    return value.text;
}

struct FieldExtractor::Impl {
    explicit Impl(std::vector<FieldRef> given)
        : refs(std::move(given)),
          values(refs.size()),
          texts(refs.size()),
          match(tree, values, texts)
    {
        for (std::uint32_t field = 0; field < refs.size(); ++field) {
            if (const auto* pointer = std::get_if<event::Pointer>(&refs[field]))
                tree.add(*pointer, field);
            else if (std::holds_alternative<ChangedRow>(refs[field]))
                rows.push_back(field);
            else
                natives.push_back(field);
        }
        memberships.resize(refs.size());
    }

    void readNatives(const event::Record& record)
    {
        for (const std::uint32_t field : natives) values[field] = nativeOf(record, field);
    }

    void readRows(const event::Record& record, std::string_view topic, bool decodable)
    {
        for (const std::uint32_t field : rows) memberships[field] = {};
        if (rows.empty() || !decodable) return;
        std::optional<event::Document> value;
        if (record.value) {
            auto parsed = event::Document::parse(rowReader, *record.value);
            if (!parsed) return;
            value = std::move(*parsed);
        }
        for (const std::uint32_t field : rows) {
            Membership& membership = memberships[field];
            membership = membershipOf(value, record, topic, std::get<ChangedRow>(refs[field]));
            if (!membership.ids.empty()) values[field] = {FieldKind::Text, membership.ids.front()};
        }
    }

    FieldValue nativeOf(const event::Record& record, std::uint32_t field)
    {
        if (std::holds_alternative<NativeKey>(refs[field])) return textOrNull(record.key);
        if (const auto* header = std::get_if<HeaderNamed>(&refs[field])) return headerOf(record, header->name);
        if (std::holds_alternative<ByScript>(refs[field]) || !record.timestamp) return {};
        texts[field] = base::toIso(*record.timestamp);
        return {FieldKind::Text, texts[field]};
    }

    std::vector<FieldRef> refs;
    std::vector<FieldValue> values;
    std::vector<std::string> texts;
    std::vector<std::uint32_t> natives; ///< fields that are not in the value
    std::vector<std::uint32_t> rows; ///< fields that are changed rows
    std::vector<Membership> memberships; ///< one a field
    PointerTree tree;
    PointerMatch match;
    event::JsonReader reader;
    event::JsonReader rowReader; ///< another one, since `reader` may expect what comes next
};

FieldExtractor::FieldExtractor(std::vector<FieldRef> refs) : m_impl(std::make_unique<Impl>(std::move(refs))) {}
FieldExtractor::~FieldExtractor() = default;
FieldExtractor::FieldExtractor(FieldExtractor&&) noexcept = default;
FieldExtractor& FieldExtractor::operator=(FieldExtractor&&) noexcept = default;

std::size_t FieldExtractor::expect(std::span<const event::Record> records)
{
    m_impl->reader.expectLines({}); // what was expected before may be gone
    if (!records.front().value) return 1;
    const char* const begin = records.front().value->data();
    const char* end = begin + records.front().value->size();
    std::size_t count = 1;
    for (; count < records.size() && records[count].value && end < begin + kExpectedBytes; ++count) {
        if (!areNeighbours({begin, static_cast<std::size_t>(end - begin)}, *records[count].value)) break;
        end = records[count].value->data() + records[count].value->size();
    }
    if (count > 1) m_impl->reader.expectLines({begin, static_cast<std::size_t>(end - begin)});
    return count;
}

FieldExtractor::Extraction FieldExtractor::extract(const event::Record& record, std::string_view topic)
{
    Impl& impl = *m_impl;
    std::fill(impl.values.begin(), impl.values.end(), FieldValue{});
    Extraction result{impl.values, impl.memberships, std::nullopt};
    if (record.value) {
        impl.match.start(impl.reader.mayHaveEscapes(*record.value));
        auto walked = event::walk(impl.reader, *record.value, impl.match);
        if (!walked) {
            std::fill(impl.values.begin(), impl.values.end(), FieldValue{});
            result.undecodable = std::move(walked.error());
        }
    }
    impl.readNatives(record);
    impl.readRows(record, topic, !result.undecodable);
    return result;
}

} // namespace leftfold::decode
