// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/action.h"
#include "ui/colours.h"

#include <QDialog>
#include <memory>

namespace leftfold::ui {

/// How the keys or values of a topic are read: every decoder, with what it makes of the event that is looked at. What is chosen is used for
/// all events of the topic, and remembered in the capture.
class DecodeDialog : public QDialog {
    Q_OBJECT

public:
    explicit DecodeDialog(QWidget* parent = nullptr);
    ~DecodeDialog() override;
    void setColours(const Colours& colours);
    /// Of this event; asks for what the decoders make of it.
    void begin(event::EventIndex index);
    void show(const workspace::Open& open);

signals:
    void trialsWanted(leftfold::workspace::AskTrials question);
    void decodeWanted(leftfold::workspace::DecodeLog action);

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
