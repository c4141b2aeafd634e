// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <unordered_map>
#include <variant>
#include <vector>

namespace leftfold::event {

/// A document while it is edited. Only what lies on the way to an edit is taken apart; the rest stays as it is.
/// Edits fail with a reason for people, and have then changed nothing.
class EditTree {
public:
    template <class T = void>
    using Edited = tl::expected<T, std::string>;
    using Path = std::span<const std::string>;

    explicit EditTree(Document document);

    /// Sets the member, whether it is there or not; inserts the item ("-": at the end); or replaces the whole.
    [[nodiscard]] Edited<> add(Path path, Document value);
    [[nodiscard]] Edited<> remove(Path path);
    /// Something must stand there.
    [[nodiscard]] Edited<> replace(Path path, Document value);
    /// What stands there.
    [[nodiscard]] Edited<Document> read(Path path);
    /// Whether the path leads to a member of an object.
    [[nodiscard]] bool hasMember(Path path);
    [[nodiscard]] Document finish() const { return written(m_root); }

private:
    using Id = std::size_t;
    struct Field {
        base::ByteView key;
        Id value;
        bool removed;
    };
    struct Object {
        std::vector<Field> fields;
        std::unordered_map<base::ByteView, std::size_t> byKey;
    };
    using Array = std::vector<Id>;
    using Node = std::variant<Value, std::unique_ptr<Array>, std::unique_ptr<Object>>;
    /// What names a value: an item, a member, or the root.
    using Slot = Id*;
    struct Writer;

    Id keep(Document document);
    void takeApart(Id id);
    [[nodiscard]] Slot slotIn(Id container, const std::string& token);
    [[nodiscard]] Edited<Slot> find(Path path);
    [[nodiscard]] Edited<Id> container(Path path);
    [[nodiscard]] Document written(Id id) const;
    [[nodiscard]] Edited<> insert(Array& array, const std::string& token, Id value);
    void set(Object& object, const std::string& key, Id value);

    std::vector<Document> m_documents; ///< what the values and keys point into
    std::deque<std::string> m_keys; ///< those that no document holds
    std::vector<Node> m_nodes; ///< by Id: no tree of pointers, whose destruction would recurse
    Id m_root;
};

} // namespace leftfold::event
