// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/text_interner.h"

#include "tests/capture/made_batches.h"

#include <QTest>

using namespace leftfold::capture;
using namespace leftfold::capture::test;

class TextInternerTest : public QObject {
    Q_OBJECT

private slots:
    void equalTextsGetOneNumber();
    void viewsStay();
    void randomTextsEqualAMap();
};

void TextInternerTest::equalTextsGetOneNumber()
{
    TextInterner texts;
    QCOMPARE(texts.add("a"), 0U);
    QCOMPARE(texts.add(""), 1U);
    QCOMPARE(texts.add("a"), 0U);
    QCOMPARE(texts.add({}), 1U);
    QCOMPARE(texts.add(std::string_view("a\0", 2)), 2U);
    QCOMPARE(texts.size(), 3U);
    QCOMPARE(texts.bytes(), 3U);
}

void TextInternerTest::viewsStay()
{
    TextInterner texts;
    (void)texts.add("first");
    const auto view = texts.text(0);
    const char* at = view.data();
    for (int i = 0; i < 50'000; ++i) (void)texts.add(std::to_string(i));
    (void)texts.add(std::string(5 << 20, 'x'));
    const TextInterner moved = std::move(texts);
    QVERIFY(moved.text(0).data() == at);
    QCOMPARE(text(view), QString("first"));
}

void TextInternerTest::randomTextsEqualAMap()
{
    Random random(newSeed());
    TextInterner texts;
    std::map<std::string, std::uint32_t> known;
    for (int i = 0; i < 100'000; ++i) {
        const std::string bytes = random.bytes(random.below(random.oneIn(100) ? 9000 : 3));
        const auto [place, isNew] = known.emplace(bytes, known.size());
        QCOMPARE(texts.add(bytes), place->second);
    }
    QCOMPARE(texts.size(), known.size());
    for (const auto& [bytes, id] : known) QVERIFY(texts.text(id) == bytes);
}

QTEST_APPLESS_MAIN(TextInternerTest)
#include "text_interner_test.moc"
