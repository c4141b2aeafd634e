// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/diff.h"
#include "core/event/patch.h"
#include "core/fold/patch.h"

#include <QFile>
#include <QTest>

using namespace leftfold;
using event::Document;
using event::Kind;
using event::Value;

namespace {

Document suite(const QString& name)
{
    QFile file(QString(LEFTFOLD_SOURCE_DIR "/tests/data/%1.json").arg(name));
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(file.fileName()));
    return Document::parse(file.readAll().toStdString()).value();
}

QString textIn(Value value, const char* name)
{
    const auto member = value.find(name);
    return member && member->kind() == Kind::Text ? QString::fromStdString(std::string(member->text())) : QString();
}

QString jsonIn(Value value, const char* name)
{
    const auto member = value.find(name);
    return member ? QString::fromStdString(toJson(*member)) : QString();
}

Document parsed(const QString& json)
{
    return Document::parse(json.toStdString()).value();
}

/// A payload applied to a state. What was found amiss.
std::vector<base::Error> apply(fold::Folder& folder, fold::State& state, const QString& payload)
{
    const std::string bytes = payload.toStdString() + std::string(base::kReadablePadding, '\0');
    fold::FoldEvent event;
    event.value = base::ByteView(bytes).substr(0, bytes.size() - base::kReadablePadding);
    std::vector<base::Error> findings;
    folder.tellTo(&findings);
    folder.apply(state, event);
    folder.tellTo(nullptr);
    return findings;
}

} // namespace

/// The public test suites of the formats. Where they come from is in installer/copyright.
class SuitesTest : public QObject {
    Q_OBJECT

private slots:
    void rfc6902_data();
    void rfc6902();
    void allOfRfc6902IsThere();
    void jsonAcceptance_data();
    void jsonAcceptance();
};

void SuitesTest::rfc6902_data()
{
    QTest::addColumn<QString>("document");
    QTest::addColumn<QString>("patch");
    QTest::addColumn<QString>("expected"); ///< empty: it must fail
    for (const char* name : {"json-patch-tests", "json-patch-spec-tests"}) {
        const Document cases = suite(name);
        int number = 0;
        for (const Value each : cases.root().items()) {
            ++number;
            if (each.find("disabled") || !each.find("patch")) continue;
            const bool fails = each.find("error").has_value();
            const QString expected = each.find("expected") ? jsonIn(each, "expected") : jsonIn(each, "doc");
            QTest::addRow("%s %d %s", name, number, qPrintable(textIn(each, "comment")))
                << jsonIn(each, "doc") << jsonIn(each, "patch") << (fails ? QString() : expected);
        }
    }
}

/// Through the fold, as a log of patches; through the patch itself; and through a diff made into a patch.
void SuitesTest::rfc6902()
{
    QFETCH(QString, document);
    QFETCH(QString, patch);
    QFETCH(QString, expected);
    const auto fold = fold::patchFold();
    const auto folder = fold->folder();
    const auto state = folder->begin();
    QVERIFY(apply(*folder, *state, R"([{"op":"add","path":"","value":)" + document + "}]").empty());
    const auto findings = apply(*folder, *state, patch);
    QCOMPARE(findings.size(), expected.isEmpty() ? 1U : 0U);
    const Document after = folder->read(*state);
    QVERIFY2(after == parsed(expected.isEmpty() ? document : expected), toJson(after.root()).c_str());
    const auto patched = event::applyJsonPatch(parsed(document), parsed(patch));
    QCOMPARE(patched.has_value(), !expected.isEmpty());
    if (!patched) return;
    const Document made = toJsonPatch(event::diff(parsed(document).root(), patched->root()));
    QVERIFY(event::applyJsonPatch(parsed(document), made).value() == *patched);
}

void SuitesTest::allOfRfc6902IsThere()
{
    QCOMPARE(suite("json-patch-tests").root().size(), 78U);
    QCOMPARE(suite("json-patch-spec-tests").root().size(), 17U);
}

void SuitesTest::jsonAcceptance_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("accepted");
    const Document cases = suite("json-test-suite");
    QCOMPARE(cases.root().size(), 283U);
    for (const Value each : cases.root().items()) {
        QByteArray text = textIn(each, "input").toUtf8();
        if (const auto times = each.find("times")) {
            const auto count = QByteArray::fromStdString(std::string(times->digits())).toInt();
            text = textIn(each, "repeat").toUtf8().repeated(count) + textIn(each, "end").toUtf8();
        }
        const QString name = textIn(each, "name");
        QTest::newRow(qPrintable(name)) << text << name.startsWith("y_");
    }
}

void SuitesTest::jsonAcceptance()
{
    QFETCH(QByteArray, text);
    QTEST(Document::parse(text.toStdString()).has_value(), "accepted");
}

QTEST_GUILESS_MAIN(SuitesTest)
#include "suites_test.moc"
