// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"

#include <QDialog>
#include <memory>

namespace leftfold::ui {

/// The schemas that a capture keeps, what they say, and what changed in each since the version before.
class SchemasDialog : public QDialog {
    Q_OBJECT

public:
    explicit SchemasDialog(QWidget* parent = nullptr);
    ~SchemasDialog() override;
    void setColours(const Colours& colours);
    /// With the schema of this key chosen, once it is known; empty: the first.
    void begin(const QString& key = {});
    void show(const workspace::Open& open);

signals:
    void schemasWanted();

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
