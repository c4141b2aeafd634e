// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace leftfold::ui {

/// What a cell looks like beyond its text; roles of every WindowModel.
enum TableRole : int {
    DataFontRole = Qt::UserRole + 1, ///< bool: in the font for data
    SecondaryRole, ///< bool: in the colour for secondary text
    SwatchRole, ///< QColor: a square before the text
    DimRole, ///< bool: the row lies after the playhead
    CurrentRole, ///< bool: the playhead's row
    LitRole, ///< bool: lit
    PlaceholderRole, ///< bool: the row has not arrived
};

/// A table of any number of rows, of which a view sees the 4,096 around an anchor (measured.md: a view keeps 8 bytes a row, and its
/// geometry ends near 100 million rows). Rows are numbers from 0; those of the model are `base()` + the model's row. Rows that
/// a view asks for and that are not there are wanted by a signal, block by block, and are placeholders until they are given.
/// Whatever was given for an earlier `revision` is out of date.
class WindowModel : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr int kWindow = 4096;

    [[nodiscard]] std::uint64_t total() const { return m_total; }
    [[nodiscard]] std::uint64_t base() const { return m_base; }
    [[nodiscard]] quint64 revision() const { return m_revision; }
    /// Other rows altogether: begins a new revision.
    void reset(std::uint64_t total);
    /// The same rows, and more behind them (or fewer).
    void resize(std::uint64_t total);
    /// Puts the window so that the row and its neighbours are in it. REQUIRES: row < total().
    void anchor(std::uint64_t row);
    [[nodiscard]] std::optional<int> modelRow(std::uint64_t row) const;
    /// A view looks at these rows: those that are missing, and the next ones to each side, are wanted.
    void look(std::uint64_t first, std::uint64_t last);

    /// Rows that were wanted and will not come: they are wanted anew when they are looked at.
    void dropped(quint64 revision, quint64 first);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

signals:
    /// Rows [first, first + count) of this revision are wanted, `first` a multiple of kRowBlock. What has not begun may be
    /// dropped when newer ones are wanted, if `dropped` is told.
    void rowsWanted(quint64 revision, quint64 first, quint32 count);
    void totalChanged(quint64 total);
    void windowMoved();

protected:
    explicit WindowModel(QObject* parent) : QAbstractTableModel(parent) {}
    /// The rows of a block are in the subclass's cache now. False where they are out of date, and are not to be kept.
    [[nodiscard]] bool arrives(quint64 revision, quint64 first) const;
    void arrived(quint64 first, quint64 count);
    void changeAll(); ///< what is shown of every row may have changed
    [[nodiscard]] virtual bool has(std::uint64_t row) const = 0;
    virtual void forgetAll() = 0;
    virtual void forgetBlock(std::uint64_t block) = 0;
    /// REQUIRES: has(row).
    [[nodiscard]] virtual QVariant cell(std::uint64_t row, int column, int role) const = 0;
    /// What is known of a row before it arrives.
    [[nodiscard]] virtual QVariant placeholder(std::uint64_t row, int column, int role) const;

private:
    void want(std::uint64_t block);

    std::uint64_t m_total = 0;
    std::uint64_t m_base = 0;
    quint64 m_revision = 0;
    std::set<std::uint64_t> m_wanted; ///< blocks asked for and not here
};

} // namespace leftfold::ui
