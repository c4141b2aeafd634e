// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/patch.h"

#include "core/event/edit_tree.h"
#include "core/event/pointer.h"

#include <algorithm>

namespace leftfold::event {
namespace {

using Edited = EditTree::Edited<>;

Edited broken(std::string reason)
{
    return tl::unexpected(std::move(reason));
}

tl::unexpected<base::Error> failedAt(std::size_t number, std::string_view pointer, std::string_view reason)
{
    return base::fail(base::ErrorCode::PatchFailed, std::to_string(number), pointer, reason);
}

/// Whether an added member is really new. An item always is: it is inserted.
Edited expectNothing(EditTree& tree, const Pointer& pointer)
{
    return tree.hasMember(pointer.tokens) ? broken("something stands there already") : Edited();
}

/// Whether what stands at the pointer is what the change says.
Edited expectBefore(EditTree& tree, const Change& change)
{
    if (change.kind == ChangeKind::Added) return expectNothing(tree, change.pointer);
    const auto found = tree.read(change.pointer.tokens);
    if (!found) return tl::unexpected(found.error());
    if (change.before && *found != *change.before) return broken("another value stands there than the change says");
    return {};
}

Edited apply(EditTree& tree, const Change& change)
{
    if (Edited expected = expectBefore(tree, change); !expected) return expected;
    if (change.kind == ChangeKind::Removed) return tree.remove(change.pointer.tokens);
    if (!change.after) return broken("the change does not say what is to stand there");
    const bool added = change.kind == ChangeKind::Added;
    return added ? tree.add(change.pointer.tokens, *change.after) : tree.replace(change.pointer.tokens, *change.after);
}

/// One operation of a JSON patch, its members found and its pointers parsed.
struct Operation {
    base::ByteView op;
    Pointer path;
    std::optional<Pointer> from;
    std::optional<Value> value;
};

EditTree::Edited<Pointer> pointerMember(Value operation, base::ByteView name)
{
    const auto member = operation.find(name);
    if (!member || member->kind() != Kind::Text) {
        return tl::unexpected("its '" + std::string(name) + "' is missing or no text");
    }
    auto pointer = parsePointer(member->text());
    if (!pointer) return tl::unexpected(base::render(pointer.error()));
    return std::move(*pointer);
}

EditTree::Edited<Operation> parseOperation(Value operation)
{
    Operation out;
    const auto op = operation.find("op");
    if (!op || op->kind() != Kind::Text) return tl::unexpected(std::string("its 'op' is missing or no text"));
    out.op = op->text();
    auto path = pointerMember(operation, "path");
    if (!path) return tl::unexpected(path.error());
    out.path = std::move(*path);
    out.value = operation.find("value");
    if (out.op == "move" || out.op == "copy") {
        auto from = pointerMember(operation, "from");
        if (!from) return tl::unexpected(from.error());
        out.from = std::move(*from);
    }
    return out;
}

Edited move(EditTree& tree, const Pointer& from, const Pointer& to)
{
    auto value = tree.read(from.tokens);
    if (!value) return tl::unexpected(value.error());
    if (from == to) return {};
    const auto& inner = to.tokens;
    const auto& outer = from.tokens;
    if (outer.size() < inner.size() && std::equal(outer.begin(), outer.end(), inner.begin())) {
        return broken("a value cannot be moved into itself");
    }
    const Edited removed = tree.remove(from.tokens);
    return removed ? tree.add(to.tokens, std::move(*value)) : removed;
}

Edited copy(EditTree& tree, const Pointer& from, const Pointer& to)
{
    auto value = tree.read(from.tokens);
    if (!value) return tl::unexpected(value.error());
    return tree.add(to.tokens, std::move(*value));
}

Edited test(EditTree& tree, const Pointer& path, Value expected)
{
    const auto found = tree.read(path.tokens);
    if (!found) return tl::unexpected(found.error());
    return found->root() == expected ? Edited() : broken("the value there is another one");
}

Edited apply(EditTree& tree, const Operation& operation)
{
    if (operation.op == "remove") return tree.remove(operation.path.tokens);
    if (operation.op == "move") return move(tree, *operation.from, operation.path);
    if (operation.op == "copy") return copy(tree, *operation.from, operation.path);
    if (operation.op != "add" && operation.op != "replace" && operation.op != "test") {
        return broken("there is no operation '" + std::string(operation.op) + "'");
    }
    if (!operation.value) return broken("its 'value' is missing");
    if (operation.op == "test") return test(tree, operation.path, *operation.value);
    Document value = Document::of(*operation.value);
    if (operation.op == "add") return tree.add(operation.path.tokens, std::move(value));
    return tree.replace(operation.path.tokens, std::move(value));
}

Edited applyOperation(EditTree& tree, Value json)
{
    const auto operation = parseOperation(json);
    if (!operation) return tl::unexpected(operation.error());
    return apply(tree, *operation);
}

base::ByteView pathOf(Value operation)
{
    const auto path = operation.find("path");
    return path && path->kind() == Kind::Text ? path->text() : base::ByteView();
}

void writeMember(DocumentBuilder& builder, base::ByteView key, base::ByteView text)
{
    builder.key(key);
    builder.text(text);
}

void writeOperation(DocumentBuilder& builder, const Change& change)
{
    const bool added = change.kind == ChangeKind::Added;
    builder.beginObject();
    writeMember(builder, "op", added ? "add" : (change.kind == ChangeKind::Removed ? "remove" : "replace"));
    writeMember(builder, "path", toText(change.pointer));
    if (change.kind != ChangeKind::Removed && change.after) {
        builder.key("value");
        builder.value(change.after->root());
    }
    builder.endObject();
}

} // namespace

base::Result<Document> patch(const Document& document, std::span<const Change> changes)
{
    EditTree tree(document);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const Edited applied = apply(tree, changes[i]);
        if (!applied) return failedAt(i + 1, toText(changes[i].pointer), applied.error());
    }
    return tree.finish();
}

Document toJsonPatch(std::span<const Change> changes)
{
    DocumentBuilder builder;
    builder.beginArray();
    for (const Change& change : changes) writeOperation(builder, change);
    builder.endArray();
    return builder.finish();
}

base::Result<Document> applyJsonPatch(const Document& document, const Document& patch)
{
    if (patch.root().kind() != Kind::Array)
        return base::fail(base::ErrorCode::BadPatch, "it is no array of operations");
    EditTree tree(document);
    std::size_t number = 0;
    for (const Value operation : patch.root().items()) {
        ++number;
        const Edited applied = applyOperation(tree, operation);
        if (!applied) return failedAt(number, pathOf(operation), applied.error());
    }
    return tree.finish();
}

} // namespace leftfold::event
