// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"
#include "core/event/offset.h"
#include "core/event/pointer.h"
#include "ui/table/window_model.h"

#include <QAbstractItemModel>
#include <memory>
#include <optional>
#include <unordered_map>

namespace leftfold::ui {

/// What is said of a value beside the value.
struct ValueNote {
    std::optional<event::EventIndex> writer; ///< the event that last wrote it
    QString writtenBy; ///< "541207 PaymentReceived"
    bool lit = false; ///< it changed
    bool gone = false; ///< it is there no more: struck out
    std::optional<QString> was; ///< the value before, as JSON
};
/// By event::Value::nodeIndex of the document they belong to.
using ValueNotes = std::unordered_map<std::size_t, ValueNote>;

/// A JSON document as a tree: field, value and, if asked for, the event that last wrote it. Numbers stand as they are written,
/// texts as JSON. What is not unfolded costs nothing. Another document is told as what changed, so that a view keeps what
/// is unfolded and selected.
class JsonTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column : int { Field, Value, WrittenBy };
    enum Role : int {
        PointerRole = Qt::UserRole + 100, ///< QString: the JSON pointer of the row
        JsonRole, ///< QString: the whole value as JSON, pretty
        WriterRole, ///< quint64: the index of the event that wrote it; invalid where none is known
        GoneRole, ///< bool
        WasRole, ///< QString: invalid where there is no value before
        ShadowedRole, ///< bool: a later member has the same name
    };

    explicit JsonTreeModel(QObject* parent = nullptr);
    ~JsonTreeModel() override;

    /// With the column for writers, or without. At first without.
    void setShowsWriters(bool shows);
    /// None: nothing at all (not `null`, which is one row). A scalar is one row without a field.
    void setDocument(std::optional<event::Document> document, ValueNotes notes = {});
    void setNotes(ValueNotes notes); ///< of the same document
    [[nodiscard]] const std::optional<event::Document>& document() const;
    /// The first column of the row of a value; invalid where there is none.
    [[nodiscard]] QModelIndex find(const event::Pointer& pointer) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

/// Two documents as one to be shown: that of `after`, with what only `before` has at its place, and notes that say what changed
/// (and what it was), by the same pairing as event::diff. What is nested deeper than 200 levels is compared as a whole.
struct MergedDocument {
    event::Document document;
    ValueNotes notes;
};
[[nodiscard]] MergedDocument merged(const event::Document& before, const event::Document& after);

} // namespace leftfold::ui
