// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/snapshot/filtered.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

/// The lines of one worker, to be printed in order.
class LineShare : public snapshot::Share {
public:
    LineShare(bool json, std::size_t width, std::uint64_t limit, const snapshot::Masks& masks, bool idsAreMasked,
              const LineShare* sibling)
        : m_json(json),
          m_width(width),
          m_limit(limit),
          m_masks(masks),
          m_idsAreMasked(idsAreMasked),
          m_lines(sibling != nullptr ? sibling->m_lines : std::make_shared<std::uint64_t>(0))
    {}

    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        if ((*m_lines)++ >= m_limit) return;
        event::Document document = folder.read(state);
        std::string masked;
        if (!m_masks.isEmpty()) {
            document = m_masks.masked(document.root());
            masked = m_idsAreMasked ? std::string(snapshot::kMasked) : m_masks.maskedText(id);
            id = masked;
        }
        if (!m_json) {
            const std::string name = printable(id, 0);
            const std::size_t left = m_width > name.size() + 12 ? m_width - name.size() - 2 : 10;
            text += name + "  " + printable(toJson(document.root()), m_width == 0 ? 0 : left) + '\n';
            return;
        }
        event::DocumentBuilder key;
        key.text(id);
        text += R"({"id":)";
        event::appendJson(text, key.finish().root());
        text += R"(,"state":)";
        event::appendJson(text, document.root());
        text += "}\n";
    }
    std::string text;

private:
    bool m_json;
    std::size_t m_width;
    std::uint64_t m_limit;
    const snapshot::Masks& m_masks;
    bool m_idsAreMasked;
    std::shared_ptr<std::uint64_t> m_lines; ///< of all shares of the worker
};

class LinePrinter : public snapshot::Consumer {
public:
    LinePrinter(bool json, std::uint64_t limit, Output& out, const snapshot::Masks& masks, bool idsAreMasked)
        : m_json(json),
          m_left(limit),
          m_out(out),
          m_masks(masks),
          m_idsAreMasked(idsAreMasked)
    {}

    std::unique_ptr<snapshot::Share> makeShare(snapshot::Share* sibling) override
    {
        return std::make_unique<LineShare>(m_json, m_out.width(), m_left, m_masks, m_idsAreMasked,
                                           static_cast<LineShare*>(sibling));
    }
    Result<void> take(snapshot::Share& share) override
    {
        std::string_view text = static_cast<LineShare&>(share).text;
        for (; m_left > 0 && !text.empty(); --m_left) {
            const std::size_t end = text.find('\n') + 1;
            m_out.write(text.substr(0, end));
            text.remove_prefix(end);
        }
        return m_out.flush();
    }

private:
    bool m_json;
    std::uint64_t m_left;
    Output& m_out;
    const snapshot::Masks& m_masks;
    bool m_idsAreMasked;
};

class Counter : public snapshot::Consumer {
    class Nothing : public snapshot::Share {
        void add(base::ByteView, fold::Folder&, const fold::State&) override {}
    };

public:
    std::unique_ptr<snapshot::Share> makeShare(snapshot::Share* /*sibling*/) override
    {
        return std::make_unique<Nothing>();
    }
    Result<void> take(snapshot::Share&) override { return {}; }
};

ExitCode afterFolding(const snapshot::SnapshotSummary& summary)
{
    if (summary.damagedEvents == 0) return Ok;
    complain(fmt::format("{} events could not be read: the states lack them", summary.damagedEvents));
    return Failed;
}

class Ls : public LogVerb {
public:
    const char* name() const override { return "ls"; }
    const char* about() const override { return "all aggregates at a moment, with their states"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        addAt(verb, m_at);
        addProjection(verb, m_projection);
        verb.add_option("--where", m_where, "only those whose state fulfils a condition, as '/total > 100'")
            ->type_name("CONDITION");
        verb.add_flag("--count", m_count, "only how many there are");
        verb.add_flag("--hash", m_hash, "only the hash of all states")->excludes("--count")->excludes("--where");
        addLimit(verb, m_limit, "at most so many aggregates");
        addMapping(verb, m_log);
        addMasks(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold ls orders.jsonl --at 2011-01-31 --count\n  leftfold ls orders.jsonl --by "
                    "/sku --json > states.jsonl\n  leftfold ls orders.jsonl --fold latest --where '/total > 100 and "
                    "not /status = "
                    "shipped'\n\nA CONDITION compares a PATH (as /total; * any member or item, ** any number of them) "
                    "by =, !=, <, <=,\n"
                    ">, >=, contains with a number, \"text\", word, true, false, null or another PATH, or asks whether "
                    "it exists;\n"
                    "and, or, not and parentheses join them. Nothing compares with what is not there.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        std::optional<event::Condition> where;
        if (!m_where.empty()) {
            LEFTFOLD_TRY(where, event::Condition::parse(m_where));
        }
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(m_at));
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        snapshot::SnapshotOptions options;
        options.workers = session.workers();
        ProgressLine line("folding", false);
        const auto progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
        if (m_hash) {
            LEFTFOLD_TRY(const auto hashed,
                         snapshot::hashAll(session.reader(), projection, cut, options, stop, progress));
            line.clear();
            printHash(hashed, projection, out);
            return afterFolding(hashed.summary);
        }
        Counter counter;
        LinePrinter printer(m_json, m_limit.value_or(UINT64_MAX), out, session.masks(),
                            session.areIdsMasked(m_projection.by));
        snapshot::Consumer& consumer = m_count ? static_cast<snapshot::Consumer&>(counter) : printer;
        std::optional<snapshot::Filtered> filtered;
        if (where) filtered.emplace(*where, consumer);
        LEFTFOLD_TRY(const auto summary, snapshot::foldAll(session.reader(), projection, cut, options, stop, progress,
                                                           filtered ? *filtered : consumer));
        line.clear();
        if (m_count) printCount(filtered ? filtered->passed() : summary.aggregates, out);
        return afterFolding(summary);
    }

    void printCount(std::uint64_t aggregates, Output& out) const
    {
        out.line(m_json ? fmt::format(R"({{"aggregates":{}}})", aggregates) : std::to_string(aggregates));
    }

    void printHash(const snapshot::HashedSnapshot& hashed, const replay::Projection& projection, Output& out) const
    {
        if (!m_json) {
            out.line(fmt::format("{}  {} aggregates", base::toHex(hashed.hash), hashed.summary.aggregates));
            return;
        }
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "hash", base::toHex(hashed.hash));
        numberMember(json, "aggregates", hashed.summary.aggregates);
        textMember(json, "at", m_at);
        textMember(json, "projection", projection.fingerprint());
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    std::string m_at = "@end";
    ProjectionOptions m_projection;
    std::string m_where;
    bool m_count = false;
    bool m_hash = false;
    std::optional<std::uint64_t> m_limit;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeLs()
{
    return std::make_unique<Ls>();
}

} // namespace leftfold::app
