// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/edit_tree.h"

#include "core/event/pointer.h"

namespace leftfold::event {
namespace {

/// A pointer in a message, cut where it gets long.
std::string shown(EditTree::Path path)
{
    constexpr std::size_t kLongest = 200;
    if (path.empty()) return "the document";
    std::string out = "'";
    for (const std::string& token : path) {
        appendToken(out, token);
        if (out.size() > kLongest) break;
    }
    out += '\'';
    return out;
}

tl::unexpected<std::string> nothingAt(EditTree::Path path)
{
    return tl::unexpected("there is nothing at " + shown(path));
}

} // namespace

EditTree::EditTree(Document document) : m_root(keep(std::move(document))) {}

EditTree::Id EditTree::keep(Document document)
{
    m_nodes.emplace_back(document.root());
    m_documents.push_back(std::move(document));
    return m_nodes.size() - 1;
}

/// Makes an array or an object of a value that is one.
void EditTree::takeApart(Id id)
{
    const Value* const whole = std::get_if<Value>(&m_nodes[id]);
    if (whole == nullptr) return;
    const Value value = *whole;
    if (value.kind() == Kind::Array) {
        auto array = std::make_unique<Array>();
        for (const Value item : value.items()) {
            array->push_back(m_nodes.size());
            m_nodes.emplace_back(item);
        }
        m_nodes[id] = std::move(array);
    } else if (value.kind() == Kind::Object) {
        auto object = std::make_unique<Object>();
        for (const Member& member : value.members()) {
            if (member.shadowed) continue;
            object->byKey.emplace(member.key, object->fields.size());
            object->fields.push_back({member.key, m_nodes.size(), false});
            m_nodes.emplace_back(member.value);
        }
        m_nodes[id] = std::move(object);
    }
}

EditTree::Slot EditTree::slotIn(Id container, const std::string& token)
{
    takeApart(container);
    if (const auto* array = std::get_if<std::unique_ptr<Array>>(&m_nodes[container])) {
        const auto index = arrayIndex(token);
        return index && *index < (*array)->size() ? &(**array)[*index] : nullptr;
    }
    if (const auto* object = std::get_if<std::unique_ptr<Object>>(&m_nodes[container])) {
        const auto found = (*object)->byKey.find(token);
        return found == (*object)->byKey.end() ? nullptr : &(*object)->fields[found->second].value;
    }
    return nullptr;
}

EditTree::Edited<EditTree::Slot> EditTree::find(Path path)
{
    Slot slot = &m_root;
    for (std::size_t i = 0; i < path.size(); ++i) {
        slot = slotIn(*slot, path[i]);
        if (slot == nullptr) return nothingAt(path.first(i + 1));
    }
    return slot;
}

/// The array or object at `path`, taken apart.
EditTree::Edited<EditTree::Id> EditTree::container(Path path)
{
    const auto slot = find(path);
    if (!slot) return tl::unexpected(slot.error());
    takeApart(**slot);
    if (!std::holds_alternative<Value>(m_nodes[**slot])) return **slot;
    return tl::unexpected(shown(path) + " is neither an object nor an array");
}

EditTree::Edited<> EditTree::insert(Array& array, const std::string& token, Id value)
{
    const auto index = token == "-" ? std::optional(array.size()) : arrayIndex(token);
    if (!index) return tl::unexpected("'" + token + "' is no array index");
    if (*index > array.size()) {
        return tl::unexpected("the index " + token + " is beyond the end of an array of "
                              + std::to_string(array.size()));
    }
    array.insert(array.begin() + static_cast<std::ptrdiff_t>(*index), value);
    return {};
}

void EditTree::set(Object& object, const std::string& key, Id value)
{
    if (const auto found = object.byKey.find(key); found != object.byKey.end()) {
        object.fields[found->second].value = value;
        return;
    }
    const base::ByteView kept = m_keys.emplace_back(key);
    object.byKey.emplace(kept, object.fields.size());
    object.fields.push_back({kept, value, false});
}

EditTree::Edited<> EditTree::add(Path path, Document value)
{
    if (path.empty()) {
        m_root = keep(std::move(value));
        return {};
    }
    const auto parent = container(path.first(path.size() - 1));
    if (!parent) return tl::unexpected(parent.error());
    const Id added = keep(std::move(value));
    if (const auto* array = std::get_if<std::unique_ptr<Array>>(&m_nodes[*parent])) {
        return insert(**array, path.back(), added);
    }
    set(*std::get<std::unique_ptr<Object>>(m_nodes[*parent]), path.back(), added);
    return {};
}

EditTree::Edited<> EditTree::remove(Path path)
{
    if (path.empty()) return tl::unexpected(std::string("the whole document cannot be removed"));
    if (const auto slot = find(path); !slot) return tl::unexpected(slot.error());
    const auto parent = container(path.first(path.size() - 1));
    if (const auto* array = std::get_if<std::unique_ptr<Array>>(&m_nodes[*parent])) {
        (*array)->erase((*array)->begin() + static_cast<std::ptrdiff_t>(*arrayIndex(path.back())));
        return {};
    }
    Object& object = *std::get<std::unique_ptr<Object>>(m_nodes[*parent]);
    const auto found = object.byKey.find(path.back());
    object.fields[found->second].removed = true;
    object.byKey.erase(found);
    return {};
}

EditTree::Edited<> EditTree::replace(Path path, Document value)
{
    const Id added = keep(std::move(value));
    const auto slot = find(path);
    if (!slot) return tl::unexpected(slot.error());
    **slot = added;
    return {};
}

EditTree::Edited<Document> EditTree::read(Path path)
{
    const auto slot = find(path);
    if (!slot) return tl::unexpected(slot.error());
    return written(**slot);
}

bool EditTree::hasMember(Path path)
{
    if (path.empty() || !find(path)) return false;
    const Id parent = **find(path.first(path.size() - 1));
    return std::holds_alternative<std::unique_ptr<Object>>(m_nodes[parent]);
}

/// Puts values together again, without recursion.
struct EditTree::Writer {
    struct Open {
        const Node* node;
        std::size_t next; ///< its next child
    };

    const std::vector<Node>& nodes;
    DocumentBuilder builder = {};
    std::vector<Open> open = {};

    void begin(Id id)
    {
        const Node& node = nodes[id];
        if (const auto* value = std::get_if<Value>(&node)) {
            builder.value(*value);
            return;
        }
        std::holds_alternative<std::unique_ptr<Array>>(node) ? builder.beginArray() : builder.beginObject();
        open.push_back({&node, 0});
    }

    /// The next child of the innermost array or object, or its end.
    void step()
    {
        const Node& node = *open.back().node;
        const std::size_t next = open.back().next++;
        const auto* array = std::get_if<std::unique_ptr<Array>>(&node);
        array != nullptr ? item(**array, next) : member(*std::get<std::unique_ptr<Object>>(node), next);
    }

    void item(const Array& array, std::size_t next)
    {
        if (next < array.size()) {
            begin(array[next]);
            return;
        }
        builder.endArray();
        open.pop_back();
    }

    void member(const Object& object, std::size_t next)
    {
        if (next == object.fields.size()) {
            builder.endObject();
            open.pop_back();
        } else if (!object.fields[next].removed) {
            builder.key(object.fields[next].key);
            begin(object.fields[next].value);
        }
    }
};

Document EditTree::written(Id id) const
{
    Writer writer{m_nodes};
    writer.begin(id);
    while (!writer.open.empty()) writer.step();
    return writer.builder.finish();
}

} // namespace leftfold::event
