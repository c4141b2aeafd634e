// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/error_text.h"

#include <QRegularExpression>
#include <QTest>

using namespace leftfold;

namespace {

/// The numbers of the places of an English template of core, {0} ...
QSet<int> placesOf(std::string_view pattern)
{
    QSet<int> places;
    static const QRegularExpression kPlace("\\{(\\d)\\}");
    auto found = kPlace.globalMatch(QString::fromUtf8(pattern.data(), static_cast<qsizetype>(pattern.size())));
    while (found.hasNext()) places.insert(found.next().captured(1).toInt());
    return places;
}

} // namespace

class ErrorTextTest : public QObject {
    Q_OBJECT

private slots:
    void everyCodeHasWords()
    {
        const QStringList arguments = {"<0>", "<1>", "<2>", "<3>", "<4>", "<5>"};
        for (const base::ErrorCode code : base::allErrorCodes()) {
            const QString text = ui::errorText(code, arguments);
            const QByteArray name(base::nameOf(code).data(), static_cast<qsizetype>(base::nameOf(code).size()));
            QVERIFY2(!text.isEmpty(), name);
            QVERIFY2(!text.contains('{'), name);
            // What core says of a place or a thing is said here too; how options are called on a command line need not be.
            for (const int place : placesOf(base::templateOf(code))) {
                if (code == base::ErrorCode::DifferentLogs || code == base::ErrorCode::MappingsDiffer) continue;
                QVERIFY2(text.contains(arguments[place]), name);
            }
            QVERIFY2(!text.contains("--"), name);
        }
    }

    void argumentsStayAsTheyAre()
    {
        const base::Error error{base::ErrorCode::SystemFailed, {"a %2 b", "why"}, {"line 3", "opening x"}};
        QCOMPARE(ui::errorText(error), QString("opening x: line 3: a %2 b: why"));
    }
};

QTEST_APPLESS_MAIN(ErrorTextTest)
#include "error_text_test.moc"
