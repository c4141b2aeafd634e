// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_profile.h"

#include <QWidget>
#include <map>
#include <string>

class QComboBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;

namespace leftfold::ui {

/// How a cluster is reached, to be filled in: brokers, encryption, who one is, where secrets are kept, and further properties of
/// librdkafka. Secrets are only ever typed here: those that are kept are not shown.
class ProfileForm : public QWidget {
    Q_OBJECT

public:
    explicit ProfileForm(QWidget* parent = nullptr);
    void setProfile(const source::KafkaProfile& profile);
    /// What is filled in; of what is not shown nothing.
    [[nodiscard]] source::KafkaProfile profile() const;
    /// Those that were typed, by property.
    [[nodiscard]] std::map<std::string, std::string> secrets() const;
    void forgetSecrets();
    /// Nothing but brokers is needed to get in: then no profile is, either.
    [[nodiscard]] bool isPlain() const;
    void edit(); ///< the first field has the focus

signals:
    void changed();

private:
    QLineEdit* addField(const char* property, const QString& label, const QString& placeholder = {});
    QLineEdit* addSecret(const char* property, const QString& label);
    QLineEdit* addPath(const char* property, const QString& label, const QString& placeholder = {});
    void showFields();
    [[nodiscard]] bool isShown(const std::string& property) const;
    [[nodiscard]] bool hasRegistry() const;
    void choosePath(QLineEdit* field);

    QFormLayout* m_form;
    QLineEdit* m_name;
    QComboBox* m_protocol;
    QComboBox* m_mechanism;
    QComboBox* m_store;
    QPlainTextEdit* m_more;
    std::map<std::string, QLineEdit*> m_fields;
    std::map<std::string, QLineEdit*> m_secrets;
    std::map<std::string, QWidget*> m_rows; ///< what stands in the form for a property
};

} // namespace leftfold::ui
