// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/json_tree_model.h"

#include "core/event/json_walker.h"

#include <algorithm>
#include <unordered_set>

namespace leftfold::ui {

namespace {

using event::Kind;

/// What a cell holds at most of one text; copying takes all of it.
constexpr std::size_t kMaxShown = 2000;
/// Beyond so many children a list that changed elsewhere than at its end is told as a new one.
constexpr std::size_t kMaxMatched = 2000;

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// The beginning of a text, not ending inside a character.
std::string_view beginning(std::string_view text, std::size_t maxBytes)
{
    if (text.size() <= maxBytes) return text;
    while (maxBytes > 0 && (static_cast<unsigned char>(text[maxBytes]) & 0xc0) == 0x80) --maxBytes;
    return text.substr(0, maxBytes);
}

QString quoted(event::Value text)
{
    std::string out;
    event::escape(out, beginning(text.text(), kMaxShown));
    return fromUtf8(out) + (text.text().size() > kMaxShown ? QStringLiteral("…") : QString());
}

/// A value in one cell: arrays and objects by how many they hold.
QString cellText(event::Value value)
{
    switch (value.kind()) {
    case Kind::Text:
        return quoted(value);
    case Kind::Number:
        return fromUtf8(beginning(value.digits(), kMaxShown));
    case Kind::Array:
        return value.size() == 0 ? QStringLiteral("[]") : QStringLiteral("[%1]").arg(value.size());
    case Kind::Object:
        return value.size() == 0 ? QStringLiteral("{}") : QStringLiteral("{%1}").arg(value.size());
    default:
        return fromUtf8(toJson(value));
    }
}

bool isFilled(event::Value value)
{
    return value.size() > 0;
}

struct Child {
    std::string token;
    event::Value value;
    bool shadowed = false;
};

std::vector<Child> childrenOf(event::Value value)
{
    std::vector<Child> out;
    for (const event::Member member : value.members())
        out.push_back({std::string(member.key), member.value, member.shadowed});
    std::size_t number = 0;
    for (const event::Value item : value.items()) out.push_back({std::to_string(number++), item, false});
    return out;
}

} // namespace

class JsonTreeModel::Parts {
public:
    struct Node {
        Node* parent;
        int row;
        std::string token;
        event::Value value;
        bool shadowed;
        bool unfolded = false; ///< its children are made
        std::vector<std::unique_ptr<Node>> children;
    };

    explicit Parts(JsonTreeModel& model) : m_model(model) {}

    [[nodiscard]] Node* nodeOf(const QModelIndex& index)
    {
        return index.isValid() ? static_cast<Node*>(index.internalPointer()) : &top;
    }
    [[nodiscard]] QModelIndex indexOf(Node* node, int column = 0) const
    {
        return node == &top ? QModelIndex() : m_model.createIndex(node->row, column, node);
    }

    /// The children a node should have.
    [[nodiscard]] std::vector<Child> wanted(const Node& node) const
    {
        if (&node != &top) return childrenOf(node.value);
        if (!document) return {};
        if (isFilled(document->root())) return childrenOf(document->root());
        return {{std::string(), document->root(), false}};
    }
    [[nodiscard]] bool hasChildren(const Node& node) const
    {
        return node.unfolded ? !node.children.empty() : isFilled(node.value);
    }

    std::vector<std::unique_ptr<Node>>& unfold(Node& node)
    {
        if (node.unfolded) return node.children;
        node.unfolded = true;
        for (Child& child : wanted(node)) append(node, std::move(child));
        return node.children;
    }

    /// Tells views how the rows become those that are wanted now.
    void sync(Node& node)
    {
        if (!node.unfolded) return;
        std::vector<Child> next = wanted(node);
        if (!isPrefix(node, next) && std::max(next.size(), node.children.size()) > kMaxMatched) {
            removeRows(node, 0, node.children.size());
        }
        match(node, next);
        if (!node.children.empty()) {
            emit m_model.dataChanged(indexOf(node.children.front().get()),
                                     indexOf(node.children.back().get(), m_model.columnCount() - 1));
        }
        for (const auto& child : node.children) sync(*child);
    }

    [[nodiscard]] const ValueNote* noteOf(const Node& node) const
    {
        const auto note = notes.find(node.value.nodeIndex());
        return note == notes.end() || node.shadowed ? nullptr : &note->second;
    }

    [[nodiscard]] event::Pointer pointerOf(const Node& node) const
    {
        event::Pointer out;
        for (const Node* at = &node; at != &top; at = at->parent) {
            // The one row of a scalar document is the document itself.
            if (at->value.nodeIndex() != 0) out.tokens.insert(out.tokens.begin(), at->token);
        }
        return out;
    }

    std::optional<event::Document> document;
    ValueNotes notes;
    bool showsWriters = false;
    const event::Document nothing; ///< for the top, which has no value of its own
    Node top{nullptr, 0, {}, nothing.root(), false, true, {}};

private:
    static std::unique_ptr<Node> make(Node& parent, std::size_t row, Child&& child)
    {
        return std::make_unique<Node>(
            Node{&parent, static_cast<int>(row), std::move(child.token), child.value, child.shadowed, false, {}});
    }
    static void append(Node& node, Child&& child)
    {
        node.children.push_back(make(node, node.children.size(), std::move(child)));
    }
    static bool isSame(const Node& node, const Child& child)
    {
        return node.token == child.token && node.shadowed == child.shadowed;
    }
    static bool isPrefix(const Node& node, const std::vector<Child>& next)
    {
        const std::size_t both = std::min(node.children.size(), next.size());
        for (std::size_t i = 0; i < both; ++i)
            if (!isSame(*node.children[i], next[i])) return false;
        return true;
    }
    static void number(Node& node, std::size_t from)
    {
        for (std::size_t i = from; i < node.children.size(); ++i) node.children[i]->row = static_cast<int>(i);
    }

    void removeRows(Node& node, std::size_t first, std::size_t count)
    {
        if (count == 0) return;
        m_model.beginRemoveRows(indexOf(&node), static_cast<int>(first), static_cast<int>(first + count - 1));
        const auto begin = node.children.begin() + static_cast<std::ptrdiff_t>(first);
        node.children.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
        number(node, first);
        m_model.endRemoveRows();
    }
    void insertRows(Node& node, std::size_t at, std::vector<Child>& next, std::size_t count)
    {
        if (count == 0) return;
        m_model.beginInsertRows(indexOf(&node), static_cast<int>(at), static_cast<int>(at + count - 1));
        std::vector<std::unique_ptr<Node>> made;
        for (std::size_t i = at; i < at + count; ++i) made.push_back(make(node, i, std::move(next[i])));
        node.children.insert(node.children.begin() + static_cast<std::ptrdiff_t>(at),
                             std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
        number(node, at);
        m_model.endInsertRows();
    }

    void match(Node& node, std::vector<Child>& next)
    {
        std::unordered_set<std::string> tokens;
        for (const Child& child : next) tokens.insert(child.token);
        for (std::size_t i = 0; i < next.size(); ++i) {
            while (i < node.children.size() && !tokens.contains(node.children[i]->token)) removeRows(node, i, 1);
            if (i >= node.children.size()) {
                insertRows(node, i, next, next.size() - i);
                return;
            }
            if (!isSame(*node.children[i], next[i])) insertRows(node, i, next, 1);
            node.children[i]->value = next[i].value;
        }
        removeRows(node, next.size(), node.children.size() - next.size());
    }

    JsonTreeModel& m_model;
};

JsonTreeModel::JsonTreeModel(QObject* parent) : QAbstractItemModel(parent), m_parts(std::make_unique<Parts>(*this)) {}

JsonTreeModel::~JsonTreeModel() = default;

void JsonTreeModel::setShowsWriters(bool shows)
{
    if (shows == m_parts->showsWriters) return;
    if (shows) {
        beginInsertColumns({}, WrittenBy, WrittenBy);
        m_parts->showsWriters = true;
        endInsertColumns();
    } else {
        beginRemoveColumns({}, WrittenBy, WrittenBy);
        m_parts->showsWriters = false;
        endRemoveColumns();
    }
}

void JsonTreeModel::setDocument(std::optional<event::Document> document, ValueNotes notes)
{
    // The values of the rows point into the document before until all rows have new ones.
    const std::optional<event::Document> before = std::exchange(m_parts->document, std::move(document));
    m_parts->notes = std::move(notes);
    m_parts->sync(m_parts->top);
}

void JsonTreeModel::setNotes(ValueNotes notes)
{
    setDocument(m_parts->document, std::move(notes));
}

const std::optional<event::Document>& JsonTreeModel::document() const
{
    return m_parts->document;
}

QModelIndex JsonTreeModel::find(const event::Pointer& pointer) const
{
    Parts::Node* node = &m_parts->top;
    for (const std::string& token : pointer.tokens) {
        const auto& children = m_parts->unfold(*node);
        const auto child = std::ranges::find_if(
            children, [&](const auto& candidate) { return candidate->token == token && !candidate->shadowed; });
        if (child == children.end()) return {};
        node = child->get();
    }
    return m_parts->indexOf(node);
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, m_parts->unfold(*m_parts->nodeOf(parent))[static_cast<std::size_t>(row)].get());
}

QModelIndex JsonTreeModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? m_parts->indexOf(m_parts->nodeOf(child)->parent) : QModelIndex();
}

int JsonTreeModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() && parent.column() != 0) return 0;
    return static_cast<int>(m_parts->unfold(*m_parts->nodeOf(parent)).size());
}

int JsonTreeModel::columnCount(const QModelIndex& /*parent*/) const
{
    return m_parts->showsWriters ? 3 : 2;
}

bool JsonTreeModel::hasChildren(const QModelIndex& parent) const
{
    if (parent.isValid() && parent.column() != 0) return false;
    return m_parts->hasChildren(*m_parts->nodeOf(parent));
}

QVariant JsonTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const Parts::Node& node = *m_parts->nodeOf(index);
    const ValueNote* note = m_parts->noteOf(node);
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Field) return fromUtf8(beginning(node.token, kMaxShown));
        if (index.column() == Value) return cellText(node.value);
        return note ? note->writtenBy : QString();
    case Qt::ToolTipRole:
        if (note && note->was) return tr("was %1").arg(*note->was);
        return index.column() == Field ? QVariant() : data(index, Qt::DisplayRole);
    case DataFontRole:
        return true;
    case SecondaryRole:
        return index.column() == WrittenBy || (index.column() == Value && isFilled(node.value)) || node.shadowed;
    case LitRole:
        return note && note->lit;
    case GoneRole:
        return note && note->gone;
    case WasRole:
        return note && note->was ? QVariant(*note->was) : QVariant();
    case WriterRole:
        return note && note->writer ? QVariant(static_cast<quint64>(note->writer->value)) : QVariant();
    case PointerRole:
        return fromUtf8(toText(m_parts->pointerOf(node)));
    case JsonRole:
        return fromUtf8(toPrettyJson(node.value));
    case ShadowedRole:
        return node.shadowed;
    default:
        return {};
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Field:
        return tr("field");
    case Value:
        return tr("value");
    default:
        return tr("last written by");
    }
}

} // namespace leftfold::ui
