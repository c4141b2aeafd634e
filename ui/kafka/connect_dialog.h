// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"

#include <QDialog>
#include <memory>

namespace leftfold::ui {

/// The way into a Kafka cluster, in two steps: which one (a profile, or its brokers; whether one gets in is tested), then which of its
/// topics, with a look at their last records. What is chosen is told as an address; nothing is ever written to the cluster.
class ConnectDialog : public QDialog {
    Q_OBJECT

public:
    explicit ConnectDialog(QWidget* parent = nullptr);
    ~ConnectDialog() override;
    void setColours(const Colours& colours);
    void show(const workspace::Clusters& clusters);
    /// From the beginning, or at the topics of a cluster that is known.
    void begin(const QString& cluster = {});
    [[nodiscard]] QString address() const; ///< what would be opened; empty: nothing is chosen

signals:
    void profilesWanted(leftfold::workspace::ProfileChange change);
    void testWanted(leftfold::source::KafkaProfile profile, std::map<std::string, std::string> secrets);
    void topicsWanted(QString cluster, bool withInternal);
    void previewWanted(QString cluster, QString topic, leftfold::source::Isolation isolation);
    void openWanted(QString address, bool isLive);
    void left(); ///< it was closed

protected:
    void done(int result) override;

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
