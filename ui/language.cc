// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QTranslator>

namespace leftfold::ui {

namespace {

void install(QCoreApplication& application, const QLocale& locale, const QString& name, const QString& folder)
{
    auto* translator = new QTranslator(&application);
    if (translator->load(locale, name, QStringLiteral("_"), folder)) {
        QCoreApplication::installTranslator(translator);
    } else {
        delete translator;
    }
}

} // namespace

QLocale localeOf(const QString& choice)
{
    return choice.isEmpty() || choice == QLatin1String("system") ? QLocale::system() : QLocale(choice);
}

void speak(QCoreApplication& application, const QLocale& locale)
{
    QLocale::setDefault(locale); // numbers and sizes too
    // What Qt itself says, as in its file dialog.
    install(application, locale, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(application, locale, QStringLiteral("leftfold"), QStringLiteral(":/translations"));
}

} // namespace leftfold::ui
