// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite as an oracle: `tally` at a time is what SQL counts in the events up to it.
#include "tests/oracle/made_shop.h"
#include "tests/oracle/program_runs.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QTest>

#include <sqlite3.h>

#include <memory>
#include <random>

namespace {

constexpr int kEvents = 20'000;
constexpr int kTimes = 25;

/// A statement: bind the parameters in their order, then step through the rows.
class Query {
public:
    Query(sqlite3* database, const QByteArray& sql) : m_database(database)
    {
        check(sqlite3_prepare_v2(database, sql, -1, &m_statement, nullptr));
    }
    ~Query() { sqlite3_finalize(m_statement); }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(std::optional<std::int64_t> value)
    {
        check(value ? sqlite3_bind_int64(m_statement, ++m_bound, *value) : sqlite3_bind_null(m_statement, ++m_bound));
        return *this;
    }
    Query& bind(const std::optional<QByteArray>& text)
    {
        check(text ? sqlite3_bind_text(m_statement, ++m_bound, *text, static_cast<int>(text->size()), SQLITE_TRANSIENT)
                   : sqlite3_bind_null(m_statement, ++m_bound));
        return *this;
    }
    bool step()
    {
        const int code = sqlite3_step(m_statement);
        check(code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code);
        return code == SQLITE_ROW;
    }
    void runOnce()
    {
        step();
        check(sqlite3_reset(m_statement));
        m_bound = 0;
    }
    [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(m_statement, column); }
    [[nodiscard]] QByteArray text(int column) const
    {
        return {reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column)),
                sqlite3_column_bytes(m_statement, column)};
    }

private:
    void check(int code) const
    {
        if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(m_database));
    }

    sqlite3* m_database;
    sqlite3_stmt* m_statement = nullptr;
    int m_bound = 0;
};

/// What both sides are brought to: a line for each aggregate, by id.
using Tallies = QMap<QByteArray, QByteArray>;

QByteArray eventText(const QByteArray& offset, const QByteArray& iso)
{
    return "@" + offset + " " + iso;
}

class Oracle {
public:
    Oracle()
    {
        sqlite3* database = nullptr;
        if (sqlite3_open(":memory:", &database) != SQLITE_OK) throw std::runtime_error("SQLite cannot open a database");
        m_database.reset(database);
        run("CREATE TABLE events(place INTEGER PRIMARY KEY, nanos INTEGER, type TEXT, invoice TEXT, customer TEXT, sku "
            "TEXT) STRICT");
        run("CREATE TABLE numbers(place INTEGER, pointer TEXT, value INTEGER, scale INTEGER, digits TEXT) STRICT");
        // An event stands at the latest time so far.
        run("CREATE VIEW placed AS SELECT *, max(nanos) OVER (ORDER BY place) AS effective FROM events");
    }

    void load(const QList<ShopEvent>& events)
    {
        run("BEGIN");
        Query event(m_database.get(), "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)");
        Query number(m_database.get(), "INSERT INTO numbers VALUES (?, ?, ?, ?, ?)");
        for (qsizetype place = 0; place < events.size(); ++place) {
            const ShopEvent& from = events[place];
            event.bind(place)
                .bind(from.nanos)
                .bind(from.type)
                .bind(from.invoice)
                .bind(from.customer)
                .bind(from.sku)
                .runOnce();
            for (const WrittenNumber& written : from.numbers) {
                number.bind(place)
                    .bind(written.pointer)
                    .bind(written.tenThousandths)
                    .bind(std::int64_t{written.scale})
                    .bind(written.digits)
                    .runOnce();
            }
        }
        run("COMMIT");
        run("CREATE TABLE standing AS SELECT * FROM placed");
        run("CREATE INDEX byPlace ON numbers(place)");
    }

    /// The time that an event stands at.
    std::int64_t effectiveAt(std::int64_t place)
    {
        Query query(m_database.get(), "SELECT effective FROM standing WHERE place = ?");
        return query.bind(place).step() ? query.integer(0) : 0;
    }

    Tallies tallies(const QByteArray& column, std::int64_t nanos)
    {
        m_inside = " FROM standing WHERE effective <= ? AND " + column + " IS NOT NULL ";
        Tallies result;
        addCounts(result, column, nanos);
        addTypes(result, column, nanos);
        addNumbers(result, column, nanos);
        return result;
    }

private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close(database); }
    };

    void run(const QByteArray& sql) { Query(m_database.get(), sql).runOnce(); }

    void addCounts(Tallies& result, const QByteArray& column, std::int64_t nanos)
    {
        Query query(m_database.get(), "SELECT " + column
                                          + ", count(*), min(place), min(effective), max(place), max(effective)"
                                          + m_inside + "GROUP BY 1");
        for (query.bind(nanos); query.step();) {
            result[query.text(0)] = query.text(1) + "; " + eventText(query.text(2), MadeShop::iso(query.integer(3)))
                                    + "; " + eventText(query.text(4), MadeShop::iso(query.integer(5)));
        }
    }

    void addTypes(Tallies& result, const QByteArray& column, std::int64_t nanos)
    {
        Query query(m_database.get(),
                    "SELECT " + column + ", type, count(*)" + m_inside + "GROUP BY 1, 2 ORDER BY 1, 2");
        for (query.bind(nanos); query.step();) {
            result[query.text(0)] += "; " + query.text(1) + " " + query.text(2);
        }
    }

    void addNumbers(Tallies& result, const QByteArray& column, std::int64_t nanos)
    {
        Query query(m_database.get(),
                    "SELECT DISTINCT id, pointer, count(*) OVER g, sum(value) OVER g, max(scale) OVER g,"
                    " first_value(digits) OVER (g ORDER BY value, place), first_value(digits) OVER (g ORDER BY value "
                    "DESC, place),"
                    " first_value(digits) OVER (g ORDER BY place DESC)"
                    " FROM (SELECT place, "
                        + column + " AS id" + m_inside
                        + ") JOIN numbers USING (place)"
                          " WINDOW g AS (PARTITION BY id, pointer) ORDER BY id, pointer");
        for (query.bind(nanos); query.step();) {
            result[query.text(0)] += "; " + query.text(1) + " " + query.text(2) + " "
                                     + MadeShop::plain(query.integer(3), static_cast<int>(query.integer(4))) + " "
                                     + query.text(5) + " " + query.text(6) + " " + query.text(7);
        }
    }

    std::unique_ptr<sqlite3, Close> m_database;
    QByteArray m_inside;
};

/// The JSON text with every number as a text of its digits: QJsonDocument would round them.
QByteArray withNumbersAsTexts(const QByteArray& json)
{
    QByteArray result;
    bool inText = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char letter = json[i];
        if (!inText && (letter == '-' || (letter >= '0' && letter <= '9'))) {
            const qsizetype begin = i;
            while (i + 1 < json.size() && QByteArray("+-.eE0123456789").contains(json[i + 1])) ++i;
            result += "\"" + json.sliced(begin, i + 1 - begin) + "\"";
            continue;
        }
        result += letter;
        if (inText && letter == '\\') {
            result += json[++i];
        } else if (letter == '"') {
            inText = !inText;
        }
    }
    return result;
}

QByteArray text(const QJsonValue& value)
{
    return value.toString().toUtf8();
}

QByteArray eventOf(const QJsonValue& value)
{
    const QByteArrayList position = text(value["position"]).split('@');
    const QByteArrayList time = text(value["time"]).chopped(1).split('.');
    if (position.size() != 2 || !position[0].endsWith("[0]")) throw std::runtime_error("not a position of the log");
    return eventText(position[1], time[0] + "." + time.value(1).leftJustified(9, '0') + "Z");
}

QByteArray tallyOf(const QJsonValue& state)
{
    QByteArray result = text(state["count"]) + "; " + eventOf(state["first"]) + "; " + eventOf(state["last"]);
    const QJsonObject types = state["types"].toObject(); // members of a QJsonObject are in order
    for (auto type = types.begin(); type != types.end(); ++type) {
        result += "; " + type.key().toUtf8() + " " + text(*type);
    }
    const QJsonObject numbers = state["numbers"].toObject();
    for (auto number = numbers.begin(); number != numbers.end(); ++number) {
        result += "; " + number.key().toUtf8();
        for (const char* figure : {"count", "sum", "min", "max", "last"}) {
            result += " " + text(number->toObject()[QLatin1String(figure)]);
        }
    }
    return result;
}

Tallies talliesIn(const QByteArray& listing)
{
    Tallies result;
    for (const QByteArray& line : listing.split('\n')) {
        if (line.isEmpty()) continue;
        const QJsonDocument entry = QJsonDocument::fromJson(withNumbersAsTexts(line));
        const QByteArray id = text(entry["id"]);
        if (result.contains(id)) throw std::runtime_error("listed twice: " + id.toStdString());
        result[id] = tallyOf(entry["state"]);
    }
    return result;
}

} // namespace

class TallyOracleTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void equalsACountInSqlite_data();
    void equalsACountInSqlite();

private:
    std::int64_t randomTime(std::mt19937& random);

    QTemporaryDir m_folder;
    LeftfoldProgram m_leftfold;
    Oracle m_oracle;
    std::uint32_t m_seed = std::random_device{}();
};

void TallyOracleTest::initTestCase()
{
    qInfo("seed %u", m_seed);
    MadeShop shop(m_seed);
    QList<ShopEvent> events;
    QFile log(m_folder.filePath("shop.jsonl"));
    QVERIFY(log.open(QIODevice::WriteOnly));
    for (int i = 0; i < kEvents; ++i) {
        events.append(shop.next());
        log.write(events.last().line);
    }
    log.close();
    m_oracle.load(events);
    m_leftfold.run({"fetch", log.fileName(), "-o", m_folder.filePath("shop.lflog")});
}

void TallyOracleTest::equalsACountInSqlite_data()
{
    QTest::addColumn<QByteArray>("column");
    QTest::newRow("by invoice") << QByteArray("invoice");
    QTest::newRow("by customer") << QByteArray("customer");
    QTest::newRow("by sku") << QByteArray("sku");
}

/// Anywhere between the first and the last event, or exactly at one.
std::int64_t TallyOracleTest::randomTime(std::mt19937& random)
{
    if (random() % 2 == 0) return m_oracle.effectiveAt(static_cast<std::int64_t>(random() % kEvents));
    const std::int64_t first = m_oracle.effectiveAt(0);
    const auto span = static_cast<std::uint64_t>(m_oracle.effectiveAt(kEvents - 1) - first);
    return first + static_cast<std::int64_t>((std::uint64_t{random()} << 32U | random()) % (span + 1));
}

void TallyOracleTest::equalsACountInSqlite()
{
    QFETCH(QByteArray, column);
    std::mt19937 random(m_seed);
    for (int i = 0; i < kTimes; ++i) {
        const std::int64_t time = randomTime(random);
        const QByteArray at = MadeShop::iso(time);
        const Tallies expected = m_oracle.tallies(column, time);
        const Tallies found = talliesIn(m_leftfold.run(
            {"ls", m_folder.filePath("shop.lflog"), "--at", at, "--by", "/" + column, "--fold", "tally", "--json"}));
        for (const auto& [id, tally] : expected.asKeyValueRange()) {
            QVERIFY2(found.value(id) == tally, "seed " + QByteArray::number(m_seed) + ", " + column + " " + id + " at "
                                                   + at + "\n  SQLite   " + tally + "\n  Leftfold " + found.value(id));
        }
        QCOMPARE(found.keys(), expected.keys());
    }
}

QTEST_GUILESS_MAIN(TallyOracleTest)
#include "tally_oracle_test.moc"
