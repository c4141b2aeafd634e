// SPDX-License-Identifier: GPL-3.0-or-later
// How fast projections in JavaScript are beside a bare loop in the same engine, one call an event: JSON.parse, then the handler.
//   script_bench [EVENTS] [RUNS]
// One JSON line a sample, then one with the medians and ratios. Events are 180 bytes of JSON, of five types, of many aggregates.
#include "core/fold/script.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#include <js/CallAndConstruct.h>
#include <js/CompilationAndEvaluation.h>
#include <js/Initialization.h>
#include <js/JSON.h>
#include <js/SourceText.h>
#include <jsapi.h>
#include <mozilla/Utf8.h>
#pragma GCC diagnostic pop
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif

namespace {

using namespace leftfold;

constexpr std::size_t kAggregates = 1000;
constexpr const char* kTypes[] = {"OrderPlaced", "LineAdded", "PaymentTaken", "OrderShipped", "OrderCancelled"};

constexpr const char* kReading = R"(fromAll().foreachStream().when({
  $init() { return { total: 0, lines: 0, paid: 0, status: '' } },
  OrderPlaced(s, e) { s.status = 'placed'; s.customer = e.body.customer },
  LineAdded(s, e) { s.lines += 1; s.total += e.body.amount },
  PaymentTaken(s, e) { s.paid += e.body.amount },
  OrderShipped(s, e) { s.status = 'shipped'; s.at = e.body.at },
  OrderCancelled(s, e) { s.status = 'cancelled'; s.why = e.body.note },
}))";
constexpr const char* kBare = R"(({
  init() { return { total: 0, lines: 0, paid: 0, status: '' } },
  OrderPlaced(s, e) { s.status = 'placed'; s.customer = e.body.customer },
  LineAdded(s, e) { s.lines += 1; s.total += e.body.amount },
  PaymentTaken(s, e) { s.paid += e.body.amount },
  OrderShipped(s, e) { s.status = 'shipped'; s.at = e.body.at },
  OrderCancelled(s, e) { s.status = 'cancelled'; s.why = e.body.note },
}))";
constexpr const char* kCounting = R"(fromAll().foreachStream().when({
  $init() { return { OrderPlaced: 0, LineAdded: 0, PaymentTaken: 0, OrderShipped: 0, OrderCancelled: 0 } },
  OrderPlaced(s) { s.OrderPlaced++ },
  LineAdded(s) { s.LineAdded++ },
  PaymentTaken(s) { s.PaymentTaken++ },
  OrderShipped(s) { s.OrderShipped++ },
  OrderCancelled(s) { s.OrderCancelled++ },
}))";

struct Payload {
    std::size_t type = 0;
    std::size_t aggregate = 0;
    std::string json; ///< with kReadablePadding behind it
    std::size_t size = 0;
};

std::vector<Payload> makePayloads(std::size_t count)
{
    std::vector<Payload> payloads;
    std::uint64_t random = 42;
    for (std::size_t i = 0; i < count; ++i) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        Payload payload;
        payload.type = (random >> 33) % 5;
        payload.aggregate = (random >> 40) % kAggregates;
        char text[256];
        std::snprintf(
            text, sizeof text,
            R"({"type":"%s","orderId":"order-%zu","customer":"c-%llu","amount":%llu.%02llu,"at":"2026-01-%02lluT12:%02llu:00Z","note":"%s)",
            kTypes[payload.type], payload.aggregate, (random >> 20) % 1000ULL, (random >> 25) % 900ULL,
            (random >> 30) % 100ULL, random % 28ULL + 1, (random >> 7) % 60ULL, "");
        payload.json = text;
        payload.json.append(178 > payload.json.size() ? 178 - payload.json.size() : 0, 'x');
        payload.json += "\"}";
        payload.size = payload.json.size();
        payload.json.append(base::kReadablePadding, '\0');
        payloads.push_back(std::move(payload));
    }
    return payloads;
}

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// One engine, a call of JSON.parse and one of the handler for each event.
class BareLoop {
public:
    BareLoop()
    {
        m_cx = ::JS_NewContext(256U << 20);
        if (m_cx == nullptr || !JS::InitSelfHostedCode(m_cx)) std::abort();
        ::JS_SetGCParameter(m_cx, JSGC_MAX_NURSERY_BYTES, 16U << 20);
    }
    ~BareLoop() { ::JS_DestroyContext(m_cx); }
    BareLoop(const BareLoop&) = delete;
    BareLoop& operator=(const BareLoop&) = delete;

    double run(const std::vector<Payload>& payloads)
    {
        static constexpr JSClass kClass = {"global", JSCLASS_GLOBAL_FLAGS, &JS::DefaultGlobalClassOps, nullptr, nullptr,
                                           nullptr};
        const JS::RealmOptions options;
        JS::RootedObject global(m_cx, ::JS_NewGlobalObject(m_cx, &kClass, nullptr, JS::FireOnNewGlobalHook, options));
        const JSAutoRealm realm(m_cx, global);
        JS::CompileOptions compile(m_cx);
        JS::SourceText<mozilla::Utf8Unit> source;
        JS::RootedValue made(m_cx);
        if (!source.init(m_cx, kBare, std::char_traits<char>::length(kBare), JS::SourceOwnership::Borrowed)
            || !JS::Evaluate(m_cx, compile, source, &made))
            std::abort();
        JS::RootedObject handlers(m_cx, &made.toObject());
        JS::RootedValueVector functions(m_cx);
        JS::RootedValue function(m_cx);
        for (const char* type : kTypes)
            if (!::JS_GetProperty(m_cx, handlers, type, &function) || !functions.append(function)) std::abort();
        JS::RootedValueVector states(m_cx);
        for (std::size_t i = 0; i < kAggregates; ++i) {
            JS::RootedValue state(m_cx);
            if (!::JS_CallFunctionName(m_cx, handlers, "init", JS::HandleValueArray::empty(), &state)
                || !states.append(state))
                std::abort();
        }
        const auto start = std::chrono::steady_clock::now();
        JS::RootedValue body(m_cx);
        JS::RootedValue result(m_cx);
        for (const Payload& payload : payloads) {
            JS::RootedString text(m_cx, ::JS_NewStringCopyN(m_cx, payload.json.data(), payload.size));
            JS::RootedObject event(m_cx, ::JS_NewPlainObject(m_cx));
            if (!text || !event || !::JS_ParseJSON(m_cx, text, &body) || !::JS_SetProperty(m_cx, event, "body", body))
                std::abort();
            JS::RootedValueArray<2> args(m_cx);
            args[0].set(states[payload.aggregate]);
            args[1].setObject(*event);
            if (!JS::Call(m_cx, JS::UndefinedHandleValue, functions[payload.type], args, &result)) std::abort();
            if (!result.isUndefined()) states[payload.aggregate].set(result);
        }
        return secondsSince(start);
    }

private:
    JSContext* m_cx;
};

/// Every `step`th aggregate from `first` on.
double foldShare(const fold::Script& script, const std::vector<Payload>& payloads, std::size_t first, std::size_t step)
{
    static const event::Partition kPartition{"bench", 0};
    const auto folder = script.scriptFolder();
    std::vector<std::unique_ptr<fold::State>> states(kAggregates);
    (void)folder->begin(); // the engine is made before the clock starts
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        const Payload& payload = payloads[i];
        if (payload.aggregate % step != first) continue;
        auto& state = states[payload.aggregate];
        if (!state) state = folder->begin();
        fold::FoldEvent event;
        event.partition = &kPartition;
        event.offset = {static_cast<std::int64_t>(i)};
        event.index = {i};
        event.time = {1'291'191'960 + static_cast<std::int64_t>(i), 0};
        event.type = kTypes[payload.type];
        event.value = base::ByteView(payload.json).substr(0, payload.size);
        folder->apply(*state, event);
    }
    folder->settle();
    if (folder->failure()) {
        std::fprintf(stderr, "%s\n", base::render(*folder->failure()).c_str());
        std::abort();
    }
    return secondsSince(start);
}

double foldInTwo(const fold::Script& script, const std::vector<Payload>& payloads)
{
    const auto start = std::chrono::steady_clock::now();
    std::jthread other([&] { (void)foldShare(script, payloads, 1, 2); });
    (void)foldShare(script, payloads, 0, 2);
    other.join();
    return secondsSince(start);
}

double median(std::vector<double> samples)
{
    std::sort(samples.begin(), samples.end());
    return samples[samples.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const std::size_t events = argc > 1 ? std::stoul(argv[1]) : 300'000;
    const std::size_t runs = argc > 2 ? std::stoul(argv[2]) : 5;
    const auto payloads = makePayloads(events);
    const auto reading = fold::Script::fromText("reading.js", kReading, {}).value();
    const auto counting = fold::Script::fromText("counting.js", kCounting, {}).value();
    std::vector<double> bare, one, unread, two;
    for (std::size_t run = 0; run < runs; ++run) {
        std::jthread([&] { bare.push_back(BareLoop().run(payloads)); }).join();
        one.push_back(foldShare(*reading, payloads, 0, 1));
        unread.push_back(foldShare(*counting, payloads, 0, 1));
        two.push_back(foldInTwo(*reading, payloads));
        std::printf("{\"run\":%zu,\"bare\":%.4f,\"reading\":%.4f,\"unread\":%.4f,\"twoWorkers\":%.4f}\n", run,
                    bare.back(), one.back(), unread.back(), two.back());
        std::fflush(stdout);
    }
    const double rate = static_cast<double>(events) / 1000;
    std::printf(
        "{\"events\":%zu,\"bytes\":%zu,\"barePerSecond\":%.0fe3,\"readingPerSecond\":%.0fe3,\"unreadPerSecond\":%.0fe3,"
        "\"readingOfBare\":%.2f,\"unreadOfBare\":%.2f,\"twoWorkersOfOne\":%.2f}\n",
        events, payloads.front().size, rate / median(bare), rate / median(one), rate / median(unread),
        median(bare) / median(one), median(bare) / median(unread), median(one) / median(two));
    return 0;
}
