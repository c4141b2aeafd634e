// SPDX-License-Identifier: GPL-3.0-or-later
// bench_generate: order lines of a made-up shop as JSON lines, of any number, the same for the same seed.
//
// Shaped like a real shop's: about 180 bytes a line, in time order within each file, a new invoice every
// 20 lines (--keys-per-event 0.05). 19 invoices of 20 have fewer than 64 lines, the longest 256,
// and the lines of one lie among those of 2,047 others, so that a log ten times as long has ten
// times the invoices and not longer ones.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kUsage =
    "usage: bench_generate EVENTS -o FILE|FOLDER [--seed S] [--keys-per-event 0.05] [--partitions P] [--note BYTES]\n"
    "       [--skus 4000]\n"
    "  With more than one partition, -o is a folder that gets shop-0.jsonl, shop-1.jsonl, ...;\n"
    "  an invoice's lines are all in one of them. --note adds a text of that many bytes to each line.\n";

struct Options {
    std::uint64_t events = 0;
    std::uint64_t seed = 1;
    double keysPerEvent = 0.05;
    std::uint32_t partitions = 1;
    std::uint32_t noteBytes = 0;
    std::uint32_t skus = 4'000;
    std::string output;
};

/// SplitMix64: small, fast, and the same everywhere (the standard's distributions are not).
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// Uniform in [0, bound). REQUIRES: 0 < bound < 2^32.
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U); }
    /// Uniform in (0, 1].
    double unit() { return static_cast<double>((next() >> 11U) + 1) * 0x1.0p-53; }

private:
    std::uint64_t m_state;
};

/// A line of text under construction in a buffer that is surely long enough.
class Line {
public:
    explicit Line(std::size_t maxBytes) : m_buffer(maxBytes) {}

    void clear() { m_end = m_buffer.data(); }
    void text(std::string_view value)
    {
        std::memcpy(m_end, value.data(), value.size());
        m_end += value.size();
    }
    void number(std::int64_t value) { m_end = std::to_chars(m_end, m_buffer.data() + m_buffer.size(), value).ptr; }
    /// `value` with leading zeros.
    void padded(std::uint64_t value, int digits)
    {
        for (int i = digits - 1; i >= 0; --i, value /= 10) {
            m_end[i] = static_cast<char>('0' + value % 10);
        }
        m_end += digits;
    }
    [[nodiscard]] std::string_view view() const
    {
        return {m_buffer.data(), static_cast<std::size_t>(m_end - m_buffer.data())};
    }

private:
    std::vector<char> m_buffer;
    char* m_end = m_buffer.data();
};

/// ISO 8601 to the millisecond; the part above a minute is made only when it changes.
class Clock {
public:
    void advance(std::uint64_t milliseconds) { m_milliseconds += milliseconds; }

    void write(Line& line)
    {
        const std::uint64_t minute = m_milliseconds / 60'000;
        if (minute != m_minute) {
            rebuild(minute);
        }
        line.text(m_text);
        line.padded(m_milliseconds / 1'000 % 60, 2);
        line.text(".");
        line.padded(m_milliseconds % 1'000, 3);
        line.text("Z");
    }

private:
    void rebuild(std::uint64_t minute)
    {
        m_minute = minute;
        const std::time_t seconds = static_cast<std::time_t>(minute * 60);
        std::tm parts{};
        gmtime_r(&seconds, &parts);
        std::array<char, 32> text{};
        m_text.assign(text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:", &parts));
    }

    std::uint64_t m_milliseconds = 1'577'872'800'000; // 2020-01-01T10:00:00Z
    std::uint64_t m_minute = 0;
    std::string m_text;
};

struct Invoice {
    std::uint64_t number = 0;
    std::uint64_t customer = 0; ///< 0: not known
    std::uint32_t country = 0;
    std::uint32_t linesLeft = 0;
    bool cancelled = false;
};

/// The invoices being written at a time: as many in a long log as in a short one, so an invoice lives as long.
/// Each gets its number of lines when it is opened: log-normal.
class OpenInvoices {
public:
    OpenInvoices(Random& random, const Options& options)
        : m_random(random),
          m_meanLines(1.0 / options.keysPerEvent),
          m_invoices(std::clamp<std::uint64_t>(
              static_cast<std::uint64_t>(static_cast<double>(options.events) * options.keysPerEvent / 8), 1, 128))
    {
        std::generate(m_invoices.begin(), m_invoices.end(), [this] { return open(); });
    }

    /// The invoice that the next line belongs to.
    const Invoice& next()
    {
        Invoice& invoice = m_invoices[m_random.below(static_cast<std::uint32_t>(m_invoices.size()))];
        if (invoice.linesLeft == 0) {
            invoice = open();
        }
        --invoice.linesLeft;
        return invoice;
    }

private:
    Invoice open()
    {
        Invoice invoice;
        invoice.number = m_opened++;
        invoice.linesLeft = drawLines();
        invoice.customer =
            m_random.below(4) == 0 ? 0 : 10'000 + m_random.below(static_cast<std::uint32_t>(1'000 + m_opened / 4));
        invoice.country = m_random.below(16);
        invoice.cancelled = m_random.below(50) == 0;
        return invoice;
    }

    /// exp(normal(mu, 1)) has the mean exp(mu + 1/2).
    std::uint32_t drawLines()
    {
        // So that a short log has invoices as long as a long one: what is measured is the log's length alone.
        constexpr long long kMostLines = 256;
        constexpr double kTwoPi = 6.283185307179586;
        const double normal = std::sqrt(-2 * std::log(m_random.unit())) * std::cos(kTwoPi * m_random.unit());
        const double lines = std::exp(std::log(m_meanLines) - 0.5 + normal);
        return static_cast<std::uint32_t>(std::clamp(std::llround(lines), 1LL, kMostLines));
    }

    Random& m_random;
    double m_meanLines;
    std::uint64_t m_opened = 0;
    std::vector<Invoice> m_invoices;
};

constexpr std::array<std::string_view, 16> kCountries = {
    "United Kingdom", "United Kingdom", "United Kingdom", "United Kingdom", "United Kingdom", "United Kingdom",
    "United Kingdom", "United Kingdom", "United Kingdom", "Germany",        "France",         "EIRE",
    "Spain",          "Netherlands",    "Belgium",        "Switzerland"};
constexpr std::array<std::string_view, 16> kColours = {"WHITE",   "RED",    "PINK",   "BLUE",   "IVORY", "GREEN",
                                                       "BLACK",   "SILVER", "JUMBO",  "WOODEN", "METAL", "GLASS",
                                                       "VINTAGE", "SMALL",  "CHILLI", "FRENCH"};
constexpr std::array<std::string_view, 16> kMotifs = {
    "HEART", "LANTERN", "SPACEBOY",  "ROSE", "POLKADOT", "STRAWBERRY", "LACE", "STAR",
    "OWL",   "GINGHAM", "BUTTERFLY", "CAKE", "PAISLEY",  "ZINC",       "LOVE", "REINDEER"};
constexpr std::array<std::string_view, 16> kThings = {
    "T-LIGHT HOLDER", "MUG COSY",   "LUNCH BAG",     "COAT HANGER",  "CAKE STAND",  "NAPKINS SET 20",
    "DOORMAT",        "BUNTING",    "ALARM CLOCK",   "WATER BOTTLE", "HAND WARMER", "PARASOL",
    "BAKING SET 9",   "WALL CLOCK", "PICTURE FRAME", "TEA TOWEL"};

/// Writes one order line. Members, their order and their oddities (null customers and descriptions,
/// prices of 0 to 3 decimals, negative quantities) are those of the real log.
class Shop {
public:
    explicit Shop(const Options& options)
        : m_random(options.seed),
          m_invoices(m_random, options),
          m_partitions(options.partitions),
          m_skus(options.skus),
          m_note(options.noteBytes, ' '),
          m_line(1'024 + options.noteBytes)
    {}

    struct Written {
        std::uint32_t partition;
        std::string_view line;
    };
    Written next()
    {
        const Invoice& invoice = m_invoices.next();
        const std::uint32_t sku = m_random.below(m_skus);
        m_clock.advance(m_random.below(2) == 0 ? 0 : m_random.below(1'000));
        m_line.clear();
        writeInvoice(invoice);
        writeArticle(sku);
        writeAmounts(invoice, sku);
        writeRest(invoice);
        return {static_cast<std::uint32_t>(invoice.number % m_partitions), m_line.view()};
    }

private:
    void writeInvoice(const Invoice& invoice)
    {
        m_line.text(invoice.cancelled ? R"({"type":"LineCancelled","invoice":"C)"
                                      : R"({"type":"LineSold","invoice":")");
        m_line.padded(invoice.number, 8);
    }

    void writeArticle(std::uint32_t sku)
    {
        m_line.text(R"(","sku":")");
        m_line.number(20'000 + sku);
        if (m_random.below(372) == 0) {
            m_line.text(R"(","description":null)");
            return;
        }
        m_line.text(R"(","description":")");
        m_line.text(kColours[sku % 16]);
        m_line.text(" ");
        m_line.text(kMotifs[sku / 16 % 16]);
        m_line.text(" ");
        m_line.text(kThings[sku / 256]);
        m_line.text("\"");
    }

    void writeAmounts(const Invoice& invoice, std::uint32_t sku)
    {
        const std::int64_t quantity = 1 + m_random.below(m_random.below(8) == 0 ? 500 : 24);
        m_line.text(R"(,"quantity":)");
        m_line.number(invoice.cancelled ? -quantity : quantity);
        m_line.text(R"(,"unitPrice":)");
        writePrice(sku * 7 % 1'999);
    }

    /// Prices as different tills write them: 4, 4.2 and 4.20 are all seen, and tenths of a penny.
    void writePrice(std::uint32_t pennies)
    {
        m_line.number(pennies / 100);
        const std::uint32_t rest = pennies % 100;
        const std::uint32_t till = m_random.below(64);
        if (rest == 0 && till == 0) {
            return;
        }
        m_line.text(".");
        if (rest % 10 == 0 && till < 48) {
            m_line.padded(rest / 10, 1);
            return;
        }
        m_line.padded(rest, 2);
        if (till == 63) {
            m_line.padded(m_random.below(10), 1);
        }
    }

    void writeRest(const Invoice& invoice)
    {
        m_line.text(R"(,"customer":)");
        if (invoice.customer == 0) {
            m_line.text("null");
        } else {
            m_line.text("\"");
            m_line.number(static_cast<std::int64_t>(invoice.customer));
            m_line.text("\"");
        }
        m_line.text(R"(,"country":")");
        m_line.text(kCountries[invoice.country]);
        writeNote();
        m_line.text(R"(","at":")");
        m_clock.write(m_line);
        m_line.text("\"}\n");
    }

    void writeNote()
    {
        if (m_note.empty()) {
            return;
        }
        for (std::size_t at = 0; at < m_note.size();) {
            const std::string_view word = kMotifs[m_random.below(16)];
            at += word.copy(m_note.data() + at, m_note.size() - at) + 1;
        }
        m_line.text(R"(","note":")");
        m_line.text(m_note);
        std::fill(m_note.begin(), m_note.end(), ' ');
    }

    Random m_random;
    OpenInvoices m_invoices;
    Clock m_clock;
    std::uint32_t m_partitions;
    std::uint32_t m_skus;
    std::string m_note;
    Line m_line;
};

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

[[noreturn]] void fail(const std::string& message, int exitCode)
{
    std::fputs(message.c_str(), stderr);
    std::exit(exitCode);
}

std::uint64_t toNumber(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        fail("bench_generate: not a number: " + std::string(text) + "\n", 2);
    }
    return value;
}

void setOption(Options& options, std::string_view name, const std::string& value)
{
    if (name == "-o") {
        options.output = value;
    } else if (name == "--seed") {
        options.seed = toNumber(value);
    } else if (name == "--keys-per-event") {
        options.keysPerEvent = std::strtod(value.c_str(), nullptr);
    } else if (name == "--partitions") {
        options.partitions = static_cast<std::uint32_t>(toNumber(value));
    } else if (name == "--skus") {
        options.skus = static_cast<std::uint32_t>(toNumber(value));
    } else if (name == "--note") {
        options.noteBytes = static_cast<std::uint32_t>(toNumber(value));
    } else {
        fail(std::string(kUsage), 2);
    }
}

Options parse(const std::vector<std::string>& arguments)
{
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i].starts_with('-')) {
            if (i + 1 == arguments.size()) {
                fail(std::string(kUsage), 2);
            }
            setOption(options, arguments[i], arguments[i + 1]);
            ++i;
        } else {
            options.events = toNumber(arguments[i]);
        }
    }
    if (options.output.empty() || options.partitions == 0 || options.skus == 0
        || !(options.keysPerEvent > 0 && options.keysPerEvent <= 1)) {
        fail(std::string(kUsage), 2);
    }
    return options;
}

std::vector<File> openFiles(const Options& options)
{
    std::vector<File> files;
    if (options.partitions > 1) {
        std::filesystem::create_directories(options.output);
    }
    for (std::uint32_t i = 0; i < options.partitions; ++i) {
        const std::string name =
            options.partitions == 1 ? options.output : options.output + "/shop-" + std::to_string(i) + ".jsonl";
        files.emplace_back(std::fopen(name.c_str(), "wb"));
        if (!files.back()) {
            fail("bench_generate: cannot write " + name + "\n", 3);
        }
        std::setvbuf(files.back().get(), nullptr, _IOFBF, 1U << 20U);
    }
    return files;
}

void write(Shop& shop, std::uint64_t events, std::vector<File>& files)
{
    for (std::uint64_t i = 0; i < events; ++i) {
        const auto [partition, line] = shop.next();
        if (std::fwrite(line.data(), 1, line.size(), files[partition].get()) != line.size()) {
            fail("bench_generate: the disk is full\n", 3);
        }
    }
    for (File& file : files) {
        if (std::fflush(file.get()) != 0) {
            fail("bench_generate: the disk is full\n", 3);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    const Options options = parse({argv + 1, argv + argc});
    std::vector<File> files = openFiles(options);
    Shop shop(options);
    write(shop, options.events, files);
    return 0;
}
