// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>

class QCoreApplication;

namespace leftfold::ui {

/// Where the choice is kept among the window's settings.
inline const QString kLanguageSetting = QStringLiteral("language");

/// The language that the window speaks: as the system does ("system"), or a chosen one ("en", "zh_CN").
[[nodiscard]] QLocale localeOf(const QString& choice);

/// Has the application say everything in the language of a locale, as far as there is a translation; else in English. To be
/// called before widgets are made: those that are there keep their texts. The translators belong to the application.
void speak(QCoreApplication& application, const QLocale& locale);

} // namespace leftfold::ui
