// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/condition.h"

#include "core/event/condition_parts.h"
#include "core/event/number.h"

#include <algorithm>

namespace leftfold::event {

namespace {

/// Whether `order` is what a comparison by size asks for.
template <class Operator, class Order>
bool isAsked(Operator comparison, Order order)
{
    switch (comparison) {
    case Operator::Less:
        return order < 0;
    case Operator::LessOrEqual:
        return order <= 0;
    case Operator::Greater:
        return order > 0;
    case Operator::GreaterOrEqual:
        return order >= 0;
    default:
        return false;
    }
}

bool contains(Value whole, Value part)
{
    const bool isText = part.kind() == Kind::Text;
    if (whole.kind() == Kind::Text) return isText && whole.text().find(part.text()) != base::ByteView::npos;
    if (whole.kind() == Kind::Object) return isText && whole.find(part.text()).has_value();
    for (const Value item : whole.items()) {
        if (item == part) return true;
    }
    return false;
}

template <class Operator>
bool holds(Value left, Operator comparison, Value right)
{
    if (comparison == Operator::Equal) return left == right;
    if (comparison == Operator::NotEqual) return !(left == right);
    if (comparison == Operator::Contains) return contains(left, right);
    if (left.kind() != right.kind()) return false;
    if (left.kind() == Kind::Number) return isAsked(comparison, compareNumbers(left.digits(), right.digits()));
    return left.kind() == Kind::Text && isAsked(comparison, left.text() <=> right.text());
}

/// Evaluates a node by those it names. Nesting was bounded when it was read.
template <class Parts>
class Evaluation {
public:
    Evaluation(const Parts& parts, Value document) : m_parts(parts), m_document(document) {}

    bool at(std::size_t node) const
    {
        return std::visit([this](const auto& each) { return this->holdsHere(each); }, m_parts.nodes[node]);
    }

private:
    bool holdsHere(const typename Parts::Any& node) const
    {
        return std::ranges::any_of(node.operands, [this](std::size_t each) { return at(each); });
    }
    bool holdsHere(const typename Parts::All& node) const
    {
        return std::ranges::all_of(node.operands, [this](std::size_t each) { return at(each); });
    }
    bool holdsHere(const typename Parts::Not& node) const { return !at(node.operand); }
    bool holdsHere(const typename Parts::Exists& node) const
    {
        return anyAt(m_document, node.path, [](Value) { return true; });
    }
    bool holdsHere(const typename Parts::Compare& node) const
    {
        return anyAt(m_document, node.path, [&](Value left) {
            const auto isIt = [&](Value right) { return holds(left, node.comparison, right); };
            if (const auto* value = std::get_if<Document>(&node.value)) return isIt(value->root());
            return anyAt(m_document, std::get<PathPattern>(node.value), isIt);
        });
    }

    const Parts& m_parts;
    Value m_document;
};

} // namespace

bool Condition::matches(Value document) const
{
    return Evaluation(*m_parts, document).at(m_parts->nodes.size() - 1);
}

const std::string& Condition::text() const
{
    return m_parts->text;
}

} // namespace leftfold::event
