// SPDX-License-Identifier: GPL-3.0-or-later
// Every text of the window is translated, with all that is filled in, and the window speaks the language.
#include "ui/language.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

namespace {

struct Message {
    QString context;
    QString source;
    QString translation;
    bool isFinished = true;
};

QList<Message> messagesOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    QXmlStreamReader xml(&file);
    QList<Message> messages;
    QString context;
    while (!xml.atEnd()) {
        if (!xml.readNextStartElement()) continue;
        if (xml.name() == QLatin1String("name")) context = xml.readElementText();
        if (xml.name() == QLatin1String("message")) messages.append({context, {}, {}, true});
        if (xml.name() == QLatin1String("source")) messages.last().source = xml.readElementText();
        if (xml.name() == QLatin1String("translation")) {
            messages.last().isFinished = !xml.attributes().hasAttribute(QLatin1String("type"));
            messages.last().translation = xml.readElementText(QXmlStreamReader::IncludeChildElements);
        }
    }
    return messages;
}

QStringList placeholdersOf(const QString& text)
{
    static const QRegularExpression kPlaceholder(QStringLiteral("%[1-9n]"));
    QStringList found;
    for (const auto& match : kPlaceholder.globalMatch(text)) found.append(match.captured());
    found.sort();
    found.removeDuplicates();
    return found;
}

const QString kTranslation = QStringLiteral(LEFTFOLD_SOURCE_DIR "/resources/translations/leftfold_zh_CN.ts");

} // namespace

class TranslationTest : public QObject {
    Q_OBJECT

private slots:
    void everyTextOfTheSourcesIsTranslated();
    void nothingThatIsFilledInIsLost();
    void theWindowSpeaksTheLanguage();
    void languagesAreNamedAsLocalesAre();
};

void TranslationTest::everyTextOfTheSourcesIsTranslated()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("now.ts"));
    QVERIFY(QFile::copy(kTranslation, path));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
    QProcess lupdate;
    lupdate.start(QStringLiteral(LEFTFOLD_LUPDATE),
                  {"-silent", "-I", LEFTFOLD_SOURCE_DIR, "-no-obsolete", "-locations", "none",
                   LEFTFOLD_SOURCE_DIR "/ui", LEFTFOLD_SOURCE_DIR "/app/desktop", "-ts", path});
    QVERIFY(lupdate.waitForFinished(120'000));
    QVERIFY2(lupdate.exitCode() == 0, lupdate.readAllStandardError());

    const QList<Message> messages = messagesOf(path);
    QVERIFY(messages.size() > 300);
    for (const Message& message : messages) {
        const QByteArray what = (message.context + ": " + message.source).toUtf8();
        QVERIFY2(message.isFinished && !message.translation.isEmpty(), what);
        // As classes are called when the program runs: else the translation is never found.
        QVERIFY2(message.context.startsWith("leftfold::ui::") || message.context == "Errors"
                     || message.context == "main",
                 what);
    }
}

void TranslationTest::nothingThatIsFilledInIsLost()
{
    for (const Message& message : messagesOf(kTranslation))
        QCOMPARE(placeholdersOf(message.translation).join(' '), placeholdersOf(message.source).join(' '));
}

void TranslationTest::theWindowSpeaksTheLanguage()
{
    QCOMPARE(QCoreApplication::translate("leftfold::ui::MainWindow", "Open file…"), QStringLiteral("Open file…"));
    leftfold::ui::speak(*QCoreApplication::instance(), leftfold::ui::localeOf(QStringLiteral("zh_CN")));
    QCOMPARE(QCoreApplication::translate("leftfold::ui::MainWindow", "Open file…"), QStringLiteral("打开文件…"));
}

void TranslationTest::languagesAreNamedAsLocalesAre()
{
    QCOMPARE(leftfold::ui::localeOf(QStringLiteral("zh_CN")).language(), QLocale::Chinese);
    QCOMPARE(leftfold::ui::localeOf(QStringLiteral("en")).language(), QLocale::English);
    QCOMPARE(leftfold::ui::localeOf({}), QLocale::system());
}

QTEST_GUILESS_MAIN(TranslationTest)
#include "translation_test.moc"
