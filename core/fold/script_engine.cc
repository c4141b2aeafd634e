// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_engine.h"

#include "core/fold/script_files.h"
#include "core/fold/script_memory.h"
#include "core/fold/script_watchdog.h"

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <mutex>
#include <set>
#include <thread>

// The engine's headers do not hold to our warnings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#include <js/Array.h>
#include <js/CallAndConstruct.h>
#include <js/CompilationAndEvaluation.h>
#include <js/ContextOptions.h>
#include <js/Date.h>
#include <js/ErrorReport.h>
#include <js/Exception.h>
#include <js/Initialization.h>
#include <js/Interrupt.h>
#include <js/LocaleSensitive.h>
#include <js/Modules.h>
#include <js/Principals.h>
#include <js/Promise.h>
#include <js/Proxy.h>
#include <js/SavedFrameAPI.h>
#include <js/SourceText.h>
#include <js/StructuredClone.h>
#include <jsapi.h>
#include <jsfriendapi.h>
#include <mozilla/Utf8.h>
#pragma GCC diagnostic pop
#if defined(__GNUC__) && !defined(__clang__)
// Rooting is putting the address of a local into a list; it is taken out again when the local goes.
#pragma GCC diagnostic ignored "-Wdangling-pointer"
#endif

namespace leftfold::fold {

namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using std::chrono::steady_clock;

constexpr const char* kPreludeName = "leftfold";
/// What a script can call: as deep as this, then it fails with "too much recursion".
constexpr std::size_t kStackBytes = 1 << 20;
constexpr std::uint32_t kNurseryBytes = 16U << 20;

constexpr const char* kNoPromises = "a promise cannot be waited for in a projection";

using Objects = JS::GCVector<JSObject*, 0, js::SystemAllocPolicy>;

/// The time this thread has worked. A script cannot wait for anything, and is not to blame for a busy machine.
std::chrono::nanoseconds ownTime()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// The engine does not see how much a realm is that nobody needs any more: after so many of them garbage is collected.
constexpr std::size_t kRealmsPerCollection = 16;

/// What is taken away: memory that no limit counts, and what depends on when garbage is collected or where one lives.
constexpr const char* kForbidden[] = {
    "ArrayBuffer",   "SharedArrayBuffer", "Atomics",     "DataView",          "Int8Array",    "Uint8Array",
    "Int16Array",    "Uint16Array",       "Int32Array",  "Uint32Array",       "Float32Array", "Float64Array",
    "BigInt64Array", "BigUint64Array",    "WebAssembly", "Uint8ClampedArray", "WeakRef",      "FinalizationRegistry",
    "Intl",
};

/// Why a script was stopped from outside.
enum class Stop : std::uint8_t { None, Time, Memory, Asked };

constexpr JSClass kGlobalClass = {"global", JSCLASS_GLOBAL_FLAGS, &JS::DefaultGlobalClassOps, nullptr, nullptr,
                                  nullptr};

bool nothingFromText(JSContext* /*cx*/, JS::RuntimeCode /*kind*/, JS::HandleString /*code*/)
{
    return false;
}

/// The time zone of the environment is UTC as long as this lives. The engine takes it from there when it is first asked for a date, and
/// looks again whenever a realm is made: it is to be UTC wherever Leftfold runs.
class UtcEnvironment {
public:
    UtcEnvironment() : m_alone(mutex())
    {
        if (const char* zone = std::getenv("TZ")) m_before = zone;
        ::setenv("TZ", "UTC", 1);
    }
    ~UtcEnvironment() { m_before ? ::setenv("TZ", m_before->c_str(), 1) : ::unsetenv("TZ"); }
    UtcEnvironment(const UtcEnvironment&) = delete;
    UtcEnvironment& operator=(const UtcEnvironment&) = delete;

private:
    static std::recursive_mutex& mutex()
    {
        static std::recursive_mutex one;
        return one;
    }
    std::lock_guard<std::recursive_mutex> m_alone;
    std::optional<std::string> m_before;
};

/// A global object whose local time is UTC; null if there is no memory for it. The engine puts off looking the time zone up, so
/// it is asked for here.
JSObject* newGlobal(JSContext* cx, const JS::RealmOptions& options)
{
    const UtcEnvironment utc;
    JS::RootedObject global(cx, ::JS_NewGlobalObject(cx, &kGlobalClass, nullptr, JS::FireOnNewGlobalHook, options));
    if (!global) return nullptr;
    const JSAutoRealm realm(cx, global);
    JS::CompileOptions compile(cx);
    JS::SourceText<mozilla::Utf8Unit> source;
    constexpr std::string_view kAsk = "new Date(2020, 5, 1).getTimezoneOffset()";
    JS::RootedValue offset(cx);
    const bool isUtc = source.init(cx, kAsk.data(), kAsk.size(), JS::SourceOwnership::Borrowed)
                       && JS::Evaluate(cx, compile, source, &offset) && offset.isInt32() && offset.toInt32() == 0;
    return isUtc ? global.get() : nullptr;
}

JSContext* newContext(std::uint32_t maxBytes)
{
    const UtcEnvironment utc; // it has realms of its own
    JSContext* cx = ::JS_NewContext(maxBytes);
    LEFTFOLD_INVARIANT(cx != nullptr && JS::InitSelfHostedCode(cx) && newGlobal(cx, JS::RealmOptions()) != nullptr);
    return cx;
}

class ThreadContext;
double nowOfEvent(double /*realMicroseconds*/, JSContext* cx);
bool onInterrupt(JSContext* cx);

std::atomic<int> contextsAlive = 0;

/// What the engine has for the whole process goes last, unless a thread still has a part of it.
struct EngineEnd {
    ~EngineEnd()
    {
        if (contextsAlive == 0) ::JS_ShutDown();
    }
};

/// Once a process.
void startEngine()
{
    static std::once_flag once;
    std::call_once(once, [] {
        static const EngineEnd kEnd;
        LEFTFOLD_INVARIANT(::JS_Init());
        (void)boundEngineBlocks();
        JS::SetReduceMicrosecondTimePrecisionCallback(nowOfEvent);
    });
}

Error refusalAt(JSContext* cx);

/// Promises settle while a script loads, so that modules can; later there is nobody who would wait for them.
class Jobs final : public JS::JobQueue {
public:
    explicit Jobs(JSContext* cx) : m_jobs(cx, Objects()) {}
    bool isLoading = false;
    std::optional<Error> refusal; ///< of the first promise that was waited for
    void clear() { m_jobs.clear(); }

    JSObject* getIncumbentGlobal(JSContext* cx) override { return JS::CurrentGlobalOrNull(cx); }
    bool enqueuePromiseJob(JSContext* cx, JS::HandleObject /*promise*/, JS::HandleObject job,
                           JS::HandleObject /*allocationSite*/, JS::HandleObject /*incumbentGlobal*/) override
    {
        if (isLoading) return m_jobs.append(job);
        if (!refusal) refusal = refusalAt(cx); // an async function would keep what is thrown to itself
        ::JS_ReportErrorUTF8(cx, "%s", kNoPromises);
        return false;
    }
    void runJobs(JSContext* cx) override
    {
        JS::RootedValue ignored(cx);
        for (std::size_t i = 0; i < m_jobs.length(); ++i) {
            JS::RootedValue job(cx, JS::ObjectValue(*m_jobs[i]));
            if (JS::Call(cx, JS::UndefinedHandleValue, job, JS::HandleValueArray::empty(), &ignored)) continue;
            if (!::JS_IsExceptionPending(cx)) return; // stopped from outside
            ::JS_ClearPendingException(cx);
        }
        m_jobs.clear();
    }
    [[nodiscard]] bool empty() const override { return m_jobs.empty(); }

protected:
    js::UniquePtr<SavedJobQueue> saveJobQueue(JSContext* /*cx*/) override { return nullptr; }

private:
    JS::PersistentRooted<Objects> m_jobs;
};

} // namespace

/// A script's own world: its global object and what the prelude made.
struct ScriptEngine::Realm {
    Realm(std::shared_ptr<ThreadContext> home, JSContext* cx)
        : thread(std::move(home)),
          global(cx),
          api(cx),
          cursor(cx),
          states(cx),
          names(cx),
          none(cx),
          run(cx),
          partitions(cx),
          addType(cx),
          read(cx),
          result(cx),
          whole(cx),
          ask(cx),
          modules(cx, Objects())
    {}

    std::shared_ptr<ThreadContext> thread;
    std::shared_ptr<const ScriptSource> source;
    std::shared_ptr<const Streams> streams;
    ScriptLimits limits;
    JS::PersistentRootedObject global;
    JS::PersistentRootedObject api;
    JS::PersistentRootedObject cursor;
    JS::PersistentRootedObject states;
    JS::PersistentRootedObject names;
    JS::PersistentRootedObject none;
    JS::PersistentRootedValue run;
    JS::PersistentRootedValue partitions;
    JS::PersistentRootedValue addType;
    JS::PersistentRootedValue read;
    JS::PersistentRootedValue result;
    JS::PersistentRootedValue whole;
    JS::PersistentRootedValue ask;
    JS::PersistentRooted<Objects> modules;
    std::vector<std::string> modulePaths; ///< as `modules`
    std::vector<std::string> topics;
    std::vector<std::string> types;
    std::uint32_t slots = 0;
    std::vector<std::uint32_t> freeSlots; ///< own thread's
    std::mutex freedMutex;
    std::vector<std::uint32_t> freedSlots; ///< on whatever thread; not looked at yet
    const ScriptBatch* batch = nullptr; ///< at work
    std::stop_token stopAsked;
    Asked asked;
    bool isRunning = false;
    bool isOver = false; ///< the thread is gone

    void drop();
    [[nodiscard]] std::size_t at(JSContext* cx) const;
    [[nodiscard]] std::string handlerName(JSContext* cx) const;
    [[nodiscard]] std::string place(JSContext* cx) const;
    [[nodiscard]] std::string placeOf(const ScriptBatch::Row& row) const;
};

namespace {

using Realm = ScriptEngine::Realm;

/// The engine of a thread: it must be used on no other.
class ThreadContext : public std::enable_shared_from_this<ThreadContext> {
public:
    /// This thread's; made when it is first asked for.
    static std::shared_ptr<ThreadContext> mine();
    ~ThreadContext() = default;

    [[nodiscard]] JSContext* cx() const { return m_cx; }
    /// Names of threads that are gone are given to new ones.
    [[nodiscard]] bool isMine() const { return std::this_thread::get_id() == m_thread && m_cx != nullptr; }
    void add(Realm& made) { m_realms.insert(&made); }
    /// A realm that nobody needs any more. Any thread.
    void bury(std::shared_ptr<Realm> dead)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isClosed) m_graveyard.push_back(std::move(dead));
    }
    void clearGraveyard();
    void close();

    /// Whether a script may go on; asked by the watchdog now and then.
    [[nodiscard]] bool mayGoOn();

    Realm* realm = nullptr; ///< at work
    Stop stop = Stop::None;
    std::chrono::nanoseconds limit{};
    std::chrono::nanoseconds eventSince{}; ///< as `ownTime` has it
    std::size_t eventSeen = SIZE_MAX;
    std::optional<Error> importError;
    ScriptEngine::ImportReader readImport;
    std::shared_ptr<WatchedEngine> watched = std::make_shared<WatchedEngine>();
    std::unique_ptr<Jobs> jobs;

private:
    JSContext* m_cx = nullptr;
    std::thread::id m_thread = std::this_thread::get_id();
    std::set<Realm*> m_realms;
    std::size_t m_dropped = 0; ///< realms, since the last collection
    std::mutex m_mutex;
    std::vector<std::shared_ptr<Realm>> m_graveyard;
    bool m_isClosed = false;
};

/// Leaves with its thread.
struct ThreadHolder {
    std::shared_ptr<ThreadContext> context;
    ~ThreadHolder()
    {
        if (context) context->close();
    }
};

std::shared_ptr<ThreadContext> ThreadContext::mine()
{
    thread_local ThreadHolder holder;
    if (holder.context) return holder.context;
    startEngine();
    auto context = std::make_shared<ThreadContext>();
    JSContext* cx = newContext(static_cast<std::uint32_t>(ScriptLimits{}.maxMemoryBytes));
    context->m_cx = cx;
    ++contextsAlive;
    ::JS_SetContextPrivate(cx, context.get());
    ::JS_SetNativeStackQuota(cx, kStackBytes);
    ::JS_SetGCParameter(cx, JSGC_MAX_NURSERY_BYTES, kNurseryBytes);
    static const JSSecurityCallbacks kSecurity = {nothingFromText, nullptr};
    ::JS_SetSecurityCallbacks(cx, &kSecurity);
    ::JS_AddInterruptCallback(cx, onInterrupt);
    ::JS_SetDefaultLocale(::JS_GetRuntime(cx), "en-US");
    JS::ContextOptionsRef(cx).setAsmJS(false).setWasm(false);
    context->jobs = std::make_unique<Jobs>(cx);
    JS::SetJobQueue(cx, context->jobs.get());
    context->watched->interrupt = [cx] { ::JS_RequestInterruptCallback(cx); };
    context->watched->maxMemoryBytes = ScriptLimits{}.maxMemoryBytes;
    ScriptWatchdog::instance().watch(context->watched);
    holder.context = context;
    return context;
}

void ThreadContext::clearGraveyard()
{
    std::vector<std::shared_ptr<Realm>> dead;
    {
        const std::lock_guard lock(m_mutex);
        dead.swap(m_graveyard);
    }
    for (const auto& each : dead) {
        m_realms.erase(each.get());
        each->drop();
    }
    m_dropped += dead.size();
    if (m_dropped < kRealmsPerCollection) return;
    m_dropped = 0;
    ::JS_GC(m_cx);
}

void ThreadContext::close()
{
    ScriptWatchdog::instance().forget(watched);
    clearGraveyard();
    for (Realm* each : m_realms) each->drop();
    m_realms.clear();
    jobs.reset();
    ::JS_DestroyContext(m_cx);
    --contextsAlive;
    m_cx = nullptr;
    const std::lock_guard lock(m_mutex);
    m_isClosed = true;
}

bool ThreadContext::mayGoOn()
{
    if (realm == nullptr || stop != Stop::None) return stop == Stop::None;
    if (watched->hasTooMuchMemory) {
        stop = Stop::Memory;
        return false;
    }
    if (realm->stopAsked.stop_requested()) {
        stop = Stop::Asked;
        return false;
    }
    const std::chrono::nanoseconds now = ownTime();
    const std::size_t event = realm->batch != nullptr ? realm->at(m_cx) : 0;
    if (event != eventSeen) {
        eventSeen = event;
        eventSince = now;
    }
    if (now - eventSince < limit) return true;
    stop = Stop::Time;
    return false;
}

ThreadContext& contextOf(JSContext* cx)
{
    return *static_cast<ThreadContext*>(::JS_GetContextPrivate(cx));
}

Error refusalAt(JSContext* cx)
{
    const Realm& realm = *contextOf(cx).realm;
    const std::string& file = realm.source->files.front().name;
    return {ErrorCode::ScriptFailed, {realm.place(cx), realm.handlerName(cx), kNoPromises, file, "0", "0"}, {}};
}

bool onInterrupt(JSContext* cx)
{
    return contextOf(cx).mayGoOn();
}

/// Date asks here: it is told the time of the event, while there is none the beginning of 1970.
double nowOfEvent(double /*realMicroseconds*/, JSContext* cx)
{
    auto* context = static_cast<ThreadContext*>(::JS_GetContextPrivate(cx));
    if (context == nullptr || context->realm == nullptr) return 0;
    Realm& realm = *context->realm;
    realm.asked.time = true;
    if (realm.batch == nullptr) return 0;
    const auto& numbers = realm.batch->rows[realm.at(cx)].numbers;
    return numbers[static_cast<std::size_t>(BatchColumn::Seconds)] * 1e6
           + std::floor(numbers[static_cast<std::size_t>(BatchColumn::Nanoseconds)] / 1e3);
}

/// The engine at work: in the realm, watched, with so much time for each event.
class Work {
public:
    Work(Realm& realm, std::chrono::nanoseconds limit) : m_context(*realm.thread), m_realm(m_context.cx(), realm.global)
    {
        LEFTFOLD_INVARIANT(m_context.isMine());
        m_context.realm = &realm;
        m_context.stop = Stop::None;
        m_context.limit = limit;
        m_context.eventSeen = SIZE_MAX;
        m_context.watched->hasTooMuchMemory = false;
        m_context.watched->runningSince.store(steady_clock::now().time_since_epoch().count(),
                                              std::memory_order_release);
    }
    ~Work()
    {
        m_context.watched->runningSince.store(0, std::memory_order_release);
        m_context.realm = nullptr;
    }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

private:
    ThreadContext& m_context;
    JSAutoRealm m_realm;
    BoundedBlocks m_blocks;
};

std::string textOf(JSContext* cx, JS::HandleString string)
{
    const JS::UniqueChars bytes = ::JS_EncodeStringToUTF8(cx, string);
    if (bytes) return bytes.get();
    ::JS_ClearPendingException(cx);
    return {};
}

/// With NULs inside, which JS_EncodeStringToUTF8 does not tell of.
std::optional<std::string> bytesOf(JSContext* cx, JS::HandleString string)
{
    JSLinearString* linear = ::JS_EnsureLinearString(cx, string);
    if (linear == nullptr) return std::nullopt;
    std::string out(JS::GetDeflatedUTF8StringLength(linear), '\0');
    (void)JS::DeflateStringToUTF8Buffer(linear, {out.data(), out.size()});
    return out;
}

/// Bytes that are no UTF-8 are replaced.
JSString* newText(JSContext* cx, base::ByteView bytes, bool isAscii)
{
    if (isAscii) return ::JS_NewStringCopyN(cx, bytes.data(), bytes.size());
    const JS::UTF8Chars utf8(bytes.data(), bytes.size());
    if (JSString* text = ::JS_NewStringCopyUTF8N(cx, utf8)) return text;
    ::JS_ClearPendingException(cx);
    std::size_t length = 0;
    const JS::TwoByteCharsZ units = JS::LossyUTF8CharsToNewTwoByteCharsZ(cx, utf8, &length, js::MallocArena);
    if (!units) return nullptr;
    const JS::UniqueTwoByteChars owned(units.get());
    return ::JS_NewUCStringCopyN(cx, owned.get(), length);
}

/// What was thrown, and where: the innermost place that is not the prelude's.
struct Thrown {
    std::string message;
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

void findPlace(JSContext* cx, JS::HandleObject stack, Thrown& thrown)
{
    JS::RootedObject frame(cx, stack);
    while (frame) {
        JS::RootedString file(cx);
        std::uint32_t line = 0;
        std::uint32_t column = 0;
        if (JS::GetSavedFrameSource(cx, nullptr, frame, &file) == JS::SavedFrameResult::Ok && file) {
            (void)JS::GetSavedFrameLine(cx, nullptr, frame, &line);
            (void)JS::GetSavedFrameColumn(cx, nullptr, frame, &column);
            const std::string name = textOf(cx, file);
            if (name != kPreludeName && name != "self-hosted") {
                thrown.file = name;
                thrown.line = line;
                thrown.column = column;
                return;
            }
        }
        JS::RootedObject parent(cx);
        if (JS::GetSavedFrameParent(cx, nullptr, frame, &parent) != JS::SavedFrameResult::Ok) return;
        frame = parent;
    }
}

std::optional<Thrown> takeThrown(JSContext* cx)
{
    JS::ExceptionStack exception(cx);
    if (!JS::StealPendingExceptionStack(cx, &exception)) {
        ::JS_ClearPendingException(cx);
        return std::nullopt;
    }
    Thrown thrown;
    JS::ErrorReportBuilder report(cx);
    if (report.init(cx, exception, JS::ErrorReportBuilder::NoSideEffects)) {
        thrown.message = report.toStringResult().c_str();
        if (report.report()->filename != nullptr) thrown.file = report.report()->filename;
        thrown.line = report.report()->lineno;
        thrown.column = report.report()->column;
    }
    ::JS_ClearPendingException(cx);
    if (thrown.file.empty() || thrown.file == kPreludeName || thrown.file == "self-hosted") {
        JS::RootedObject stack(cx, exception.stack());
        if (exception.exception().isObject()) {
            JS::RootedObject object(cx, &exception.exception().toObject());
            if (JSObject* own = JS::ExceptionStackOrNull(object)) stack = own;
        }
        findPlace(cx, stack, thrown);
    }
    for (const std::string_view head : {"uncaught exception: ", "Error: "})
        if (thrown.message.starts_with(head)) thrown.message.erase(0, head.size());
    if (thrown.message.empty()) thrown.message = "unknown reason";
    return thrown;
}

/// Why the engine gave up; the realm is to be entered. `place` and `handler` say where, in events.
Error takeFailure(Realm& realm, const std::string& place, const std::string& handler, ErrorCode code)
{
    ThreadContext& context = *realm.thread;
    JSContext* cx = context.cx();
    const auto memory = [&] {
        ::JS_GC(cx); // the next script on this thread is to find room
        return Error{ErrorCode::ScriptMemory, {place, handler, std::to_string(realm.limits.maxMemoryBytes >> 20)}, {}};
    };
    const Stop stop = context.stop;
    std::optional<Thrown> thrown;
    if (::JS_IsExceptionPending(cx)) thrown = takeThrown(cx);
    if (stop == Stop::Asked) return {ErrorCode::Cancelled, {}, {}};
    if (stop == Stop::Time) {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(context.limit);
        return {ErrorCode::ScriptTime, {place, handler, std::to_string(ms.count())}, {}};
    }
    if (stop == Stop::Memory || !thrown) return memory();
    if (thrown->message == "out of memory" || thrown->message.ends_with("allocation size overflow")) return memory();
    if (thrown->file.empty()) thrown->file = realm.source->files.front().name;
    if (code == ErrorCode::ScriptLoad)
        return {
            code, {thrown->file, std::to_string(thrown->line), std::to_string(thrown->column), thrown->message}, {}};
    if (code == ErrorCode::ScriptState) return {code, {thrown->message}, {}};
    return {
        code,
        {place, handler, thrown->message, thrown->file, std::to_string(thrown->line), std::to_string(thrown->column)},
        {}};
}

// ------------------------------------------------------------------ what the prelude asks for

/// The realm at work, where the arguments are so many numbers.
bool giveStream(JSContext* cx, unsigned count, JS::Value* values)
{
    const JS::CallArgs args = JS::CallArgsFromVp(count, values);
    const Realm& realm = *contextOf(cx).realm;
    const auto topic = static_cast<std::size_t>(args.get(1).toNumber());
    const auto index = static_cast<std::uint64_t>(args.get(0).toNumber());
    const std::string name = realm.streams ? realm.streams->nameOf({index}, realm.topics[topic]) : realm.topics[topic];
    JSString* text = newText(cx, name, false);
    if (text == nullptr) return false;
    args.rval().setString(text);
    return true;
}

bool giveNumber(JSContext* cx, unsigned count, JS::Value* values)
{
    const JS::CallArgs args = JS::CallArgsFromVp(count, values);
    const Realm& realm = *contextOf(cx).realm;
    const auto index = static_cast<std::uint64_t>(args.get(0).toNumber());
    args.rval().setNumber(static_cast<double>(realm.streams ? realm.streams->numberOf({index}) : index));
    return true;
}

bool giveCreated(JSContext* cx, unsigned count, JS::Value* values)
{
    const JS::CallArgs args = JS::CallArgsFromVp(count, values);
    const base::Time whole{static_cast<std::int64_t>(args.get(0).toNumber()), 0};
    std::string text = base::toIso(whole);
    if (text.ends_with('Z')) text.pop_back();
    const auto hundreds = static_cast<std::uint32_t>(args.get(1).toNumber()) / 100;
    JSString* string = newText(cx, fmt::format("{}.{:07}Z", text, hundreds), true);
    if (string == nullptr) return false;
    args.rval().setString(string);
    return true;
}

bool giveIsProxy(JSContext* /*cx*/, unsigned count, JS::Value* values)
{
    const JS::CallArgs args = JS::CallArgsFromVp(count, values);
    args.rval().setBoolean(args.get(0).isObject() && js::IsProxy(&args.get(0).toObject()));
    return true;
}

bool noteChance(JSContext* cx, unsigned count, JS::Value* values)
{
    contextOf(cx).realm->asked.chance = true;
    JS::CallArgsFromVp(count, values).rval().setUndefined();
    return true;
}

JSObject* makeHost(JSContext* cx)
{
    JS::RootedObject host(cx, ::JS_NewPlainObject(cx));
    if (!host) return nullptr;
    const bool isMade = ::JS_DefineFunction(cx, host, "streamOf", giveStream, 2, 0) != nullptr
                        && ::JS_DefineFunction(cx, host, "numberOf", giveNumber, 1, 0) != nullptr
                        && ::JS_DefineFunction(cx, host, "createdOf", giveCreated, 2, 0) != nullptr
                        && ::JS_DefineFunction(cx, host, "isProxy", giveIsProxy, 1, 0) != nullptr
                        && ::JS_DefineFunction(cx, host, "tellOfChance", noteChance, 0, 0) != nullptr;
    JS::RootedObject forbidden(cx, JS::NewArrayObject(cx, 0));
    if (!isMade || !forbidden) return nullptr;
    std::uint32_t count = 0;
    for (const char* name : kForbidden) {
        JS::RootedString text(cx, ::JS_NewStringCopyZ(cx, name));
        if (!text || !::JS_DefineElement(cx, forbidden, count++, text, JSPROP_ENUMERATE)) return nullptr;
    }
    return ::JS_SetProperty(cx, host, "forbidden", JS::RootedValue(cx, JS::ObjectValue(*forbidden))) ? host.get()
                                                                                                     : nullptr;
}

// ------------------------------------------------------------------ loading

bool evaluate(JSContext* cx, const char* name, base::ByteView text, JS::MutableHandleValue out)
{
    JS::CompileOptions options(cx);
    options.setFileAndLine(name, 1);
    JS::SourceText<mozilla::Utf8Unit> source;
    return source.init(cx, text.data(), text.size(), JS::SourceOwnership::Borrowed)
           && JS::Evaluate(cx, options, source, out);
}

JSObject* compileModule(JSContext* cx, Realm& realm, const ScriptSource::File& file)
{
    JS::CompileOptions options(cx);
    options.setFileAndLine(file.name.c_str(), 1);
    JS::SourceText<mozilla::Utf8Unit> source;
    if (!source.init(cx, file.text.data(), file.text.size(), JS::SourceOwnership::Borrowed)) return nullptr;
    JS::RootedObject module(cx, JS::CompileModule(cx, options, source));
    if (!module) return nullptr;
    JS::RootedString path(cx, newText(cx, file.path, false));
    if (!path || !realm.modules.append(module)) return nullptr;
    JS::SetModulePrivate(module, JS::StringValue(path));
    realm.modulePaths.push_back(file.path);
    return module;
}

JSObject* failImport(JSContext* cx, Error error)
{
    contextOf(cx).importError = std::move(error);
    ::JS_ReportErrorUTF8(cx, "import failed");
    return nullptr;
}

/// The module that another one imports: compiled already, or read and compiled now.
JSObject* resolveModule(JSContext* cx, JS::HandleValue referrer, JS::HandleObject request)
{
    ThreadContext& context = contextOf(cx);
    Realm& realm = *context.realm;
    JS::RootedString specifier(cx, JS::GetModuleRequestSpecifier(cx, request));
    JS::RootedString from(cx, referrer.isString() ? referrer.toString() : nullptr);
    if (!specifier || !from)
        return failImport(cx, {ErrorCode::ScriptImport, {"?", "?", "it is not known who asks"}, {}});
    const auto asking = std::ranges::find(realm.source->files, textOf(cx, from), &ScriptSource::File::path);
    LEFTFOLD_INVARIANT(asking != realm.source->files.end());
    auto file = context.readImport(textOf(cx, specifier), *asking);
    if (!file) return failImport(cx, std::move(file).error());
    const auto known = std::ranges::find(realm.modulePaths, file->path);
    if (known != realm.modulePaths.end())
        return realm.modules[static_cast<std::size_t>(known - realm.modulePaths.begin())];
    return compileModule(cx, realm, *file);
}

bool runModule(JSContext* cx, Realm& realm, JS::MutableHandleValue out)
{
    JS::RootedObject module(cx, compileModule(cx, realm, realm.source->files.front()));
    JS::RootedValue evaluated(cx);
    if (!module || !JS::ModuleInstantiate(cx, module) || !JS::ModuleEvaluate(cx, module, &evaluated)) return false;
    realm.thread->jobs->runJobs(cx);
    if (realm.thread->stop != Stop::None) return false;
    JS::RootedObject promise(cx, evaluated.isObject() ? &evaluated.toObject() : nullptr);
    if (promise && !JS::ThrowOnModuleEvaluationFailure(cx, promise, JS::ThrowModuleErrorsSync)) return false;
    if (promise && JS::IsPromiseObject(promise) && JS::GetPromiseState(promise) == JS::PromiseState::Pending) {
        ::JS_ReportErrorUTF8(cx, "what it awaits never comes");
        return false;
    }
    JS::RootedObject names(cx, JS::GetModuleNamespace(cx, module));
    bool hasDefault = false;
    if (!names || !::JS_HasProperty(cx, names, "default", &hasDefault)) return false;
    out.setUndefined();
    return !hasDefault || ::JS_GetProperty(cx, names, "default", out);
}

/// The values of top-level `let`, `const` and `class`, which become constants; `var` and functions are the global's members.
bool sealLexicals(JSContext* cx, Realm& realm, JS::HandleObject values)
{
    JS::RootedObject lexicals(cx, ::JS_GlobalLexicalEnvironment(realm.global));
    JS::Rooted<JS::IdVector> ids(cx, JS::IdVector(cx));
    if (!lexicals || !::JS_Enumerate(cx, lexicals, &ids)) return false;
    JS::RootedValue value(cx);
    JS::RootedId id(cx);
    for (std::uint32_t i = 0; i < ids.length(); ++i) {
        id = ids[i];
        if (!::JS_GetPropertyById(cx, lexicals, id, &value)
            || !::JS_DefineElement(cx, values, i, value, JSPROP_ENUMERATE)
            || !::JS_DefinePropertyById(cx, lexicals, id, value, JSPROP_ENUMERATE | JSPROP_READONLY | JSPROP_PERMANENT))
            return false;
    }
    return true;
}

bool callApi(JSContext* cx, Realm& realm, const char* name, JS::HandleValueArray args, JS::MutableHandleValue out)
{
    return ::JS_CallFunctionName(cx, realm.api, name, args, out);
}

bool getObject(JSContext* cx, JS::HandleObject from, const char* name, JS::PersistentRootedObject& out)
{
    JS::RootedValue value(cx);
    if (!::JS_GetProperty(cx, from, name, &value) || !value.isObject()) return false;
    out = &value.toObject();
    return true;
}

bool makePrelude(JSContext* cx, Realm& realm)
{
    JS::RootedObject host(cx, makeHost(cx));
    JS::RootedValue function(cx);
    if (!host || !evaluate(cx, kPreludeName, kScriptPrelude, &function)) return false;
    JS::RootedValueArray<2> args(cx);
    args[0].setObject(*realm.global);
    args[1].setObject(*host);
    JS::RootedValue api(cx);
    if (!JS::Call(cx, JS::UndefinedHandleValue, function, args, &api) || !api.isObject()) return false;
    realm.api = &api.toObject();
    JS::RootedObject object(cx, realm.api);
    return getObject(cx, object, "cursor", realm.cursor) && getObject(cx, object, "states", realm.states)
           && getObject(cx, object, "names", realm.names) && getObject(cx, object, "NONE", realm.none)
           && ::JS_GetProperty(cx, object, "run", &realm.run)
           && ::JS_GetProperty(cx, object, "partitions", &realm.partitions)
           && ::JS_GetProperty(cx, object, "addType", &realm.addType)
           && ::JS_GetProperty(cx, object, "read", &realm.read) && ::JS_GetProperty(cx, object, "result", &realm.result)
           && ::JS_GetProperty(cx, object, "whole", &realm.whole) && ::JS_GetProperty(cx, object, "ask", &realm.ask);
}

/// Runs the script and closes it. `complaint` is what the prelude says of it, if anything.
bool runScript(JSContext* cx, Realm& realm, std::string& complaint)
{
    JS::RootedValue given(cx);
    const ScriptSource::File& file = realm.source->files.front();
    if (realm.source->isModule ? !runModule(cx, realm, &given) : !evaluate(cx, file.name.c_str(), file.text, &given))
        return false;
    realm.thread->jobs->runJobs(cx);
    JS::RootedValue said(cx);
    const char* finish = realm.source->isQuestion ? "finishQuestion" : "finishLoading";
    if (!callApi(cx, realm, finish, JS::HandleValueArray(given), &said)) return false;
    if (said.isString()) {
        complaint = textOf(cx, JS::RootedString(cx, said.toString()));
        return true;
    }
    JS::RootedObject values(cx, JS::NewArrayObject(cx, 0));
    JS::RootedValue sealed(cx);
    if (!values || !sealLexicals(cx, realm, values)) return false;
    JS::RootedValue list(cx, JS::ObjectValue(*values));
    return callApi(cx, realm, "seal", JS::HandleValueArray(list), &sealed);
}

} // namespace

void Realm::drop()
{
    if (isOver) return;
    isOver = true;
    for (JS::PersistentRootedObject* object : {&global, &api, &cursor, &states, &names, &none}) object->reset();
    for (JS::PersistentRootedValue* value : {&run, &partitions, &addType, &read, &result, &whole, &ask}) value->reset();
    modules.reset();
}

std::size_t Realm::at(JSContext* cx) const
{
    JS::RootedValue value(cx);
    JS::RootedObject object(cx, cursor);
    if (!::JS_GetProperty(cx, object, "at", &value) || !value.isNumber()) return 0;
    const auto place = static_cast<std::size_t>(value.toNumber());
    return batch != nullptr && place < batch->rows.size() ? place : 0;
}

std::string Realm::handlerName(JSContext* cx) const
{
    JS::RootedValue value(cx);
    JS::RootedObject object(cx, cursor);
    if (::JS_GetProperty(cx, object, "handler", &value) && value.isString()) {
        JS::RootedString text(cx, value.toString());
        std::string name = textOf(cx, text);
        if (!name.empty()) return name;
    }
    if (batch == nullptr) return "the state";
    const auto type =
        static_cast<std::size_t>(batch->rows[at(cx)].numbers[static_cast<std::size_t>(BatchColumn::Type)]);
    return types[type].empty() ? "an event without a type" : types[type];
}

std::string Realm::place(JSContext* cx) const
{
    if (batch == nullptr) return source->files.front().name;
    return placeOf(batch->rows[at(cx)]);
}

std::string Realm::placeOf(const ScriptBatch::Row& row) const
{
    const auto topic = static_cast<std::size_t>(row.numbers[static_cast<std::size_t>(BatchColumn::Topic)]);
    return toText(event::Position{{topics[topic], row.partition}, row.offset});
}

void ScriptBatch::clear()
{
    text = "[";
    textUnits = 1;
    meta.clear();
    metaUnits = 0;
    hasEventIds = false;
    rows.clear();
}

Result<std::unique_ptr<ScriptEngine>> ScriptEngine::load(std::shared_ptr<const ScriptSource> source,
                                                         const ScriptLimits& limits,
                                                         std::shared_ptr<const Streams> streams,
                                                         const ImportReader& reader)
{
    const auto context = ThreadContext::mine();
    context->clearGraveyard();
    JSContext* cx = context->cx();
    const auto realm = std::make_shared<Realm>(context, cx);
    context->add(*realm);
    std::unique_ptr<ScriptEngine> engine(new ScriptEngine(realm));
    realm->source = std::move(source);
    realm->streams = std::move(streams);
    realm->limits = limits;
    ::JS_SetGCParameter(cx, JSGC_MAX_BYTES,
                        static_cast<std::uint32_t>(std::min<std::size_t>(limits.maxMemoryBytes, UINT32_MAX)));
    context->watched->maxMemoryBytes = limits.maxMemoryBytes;
    context->readImport = reader;
    context->importError.reset();
    JS::SetModuleResolveHook(::JS_GetRuntime(cx), resolveModule);

    JS::RealmOptions options;
    options.creationOptions().setSharedMemoryAndAtomicsEnabled(false).setWeakRefsEnabled(
        JS::WeakRefSpecifier::Disabled);
    options.behaviors().setClampAndJitterTime(true);
    realm->global = newGlobal(cx, options);
    if (!realm->global) {
        ::JS_ClearPendingException(cx);
        ::JS_GC(cx); // what others left behind
        realm->global = newGlobal(cx, options);
    }
    if (!realm->global) return base::fail(ErrorCode::ScriptMemory, "", "", std::to_string(limits.maxMemoryBytes >> 20));
    const std::string name = realm->source->files.front().name;
    const Work work(*realm, limits.load);
    context->jobs->clear();
    context->jobs->isLoading = true;
    std::string complaint;
    const bool isMade = JS::InitRealmStandardClasses(cx) && makePrelude(cx, *realm);
    context->eventSeen = SIZE_MAX; // what follows is the script's time
    const bool isLoaded = isMade && runScript(cx, *realm, complaint);
    context->jobs->isLoading = false;
    if (!isLoaded) {
        Error failure = takeFailure(*realm, name, "loading", ErrorCode::ScriptLoad);
        if (context->importError) return tl::unexpected(*context->importError);
        return tl::unexpected(std::move(failure));
    }
    if (!complaint.empty()) return base::fail(ErrorCode::ScriptDefinition, name, complaint);
    return engine;
}

ScriptEngine::~ScriptEngine()
{
    m_realm->thread->bury(m_realm);
    if (m_realm->thread->isMine()) m_realm->thread->clearGraveyard();
}

namespace {

/// A text result of the prelude as bytes.
Result<std::string> textResult(Realm& realm, bool isDone, JS::HandleValue value, ErrorCode code)
{
    JSContext* cx = realm.thread->cx();
    if (isDone && value.isString()) {
        JS::RootedString text(cx, value.toString());
        if (auto bytes = bytesOf(cx, text)) return std::move(*bytes);
    }
    return tl::unexpected(takeFailure(realm, realm.place(cx), realm.handlerName(cx), code));
}

} // namespace

Result<std::string> ScriptEngine::definition()
{
    const Work work(*m_realm, m_realm->limits.load);
    JSContext* cx = m_realm->thread->cx();
    JS::RootedValue value(cx);
    const bool isDone = callApi(cx, *m_realm, "definition", JS::HandleValueArray::empty(), &value);
    return textResult(*m_realm, isDone, value, ErrorCode::ScriptLoad);
}

std::uint32_t ScriptEngine::newSlot(bool mayReuse)
{
    Realm& realm = *m_realm;
    if (mayReuse && realm.freeSlots.empty()) {
        const std::lock_guard lock(realm.freedMutex);
        realm.freeSlots.swap(realm.freedSlots);
    }
    std::uint32_t slot = realm.slots;
    if (!mayReuse || realm.freeSlots.empty()) {
        ++realm.slots;
    } else {
        slot = realm.freeSlots.back();
        realm.freeSlots.pop_back();
    }
    JSContext* cx = realm.thread->cx();
    LEFTFOLD_INVARIANT(realm.thread->isMine());
    const JSAutoRealm entered(cx, realm.global);
    JS::RootedObject states(cx, realm.states);
    JS::RootedObject names(cx, realm.names);
    JS::RootedValue none(cx, JS::ObjectValue(*realm.none));
    (void)::JS_DefineElement(cx, states, slot, none, JSPROP_ENUMERATE);
    (void)::JS_DefineElement(cx, names, slot, JS::UndefinedHandleValue, JSPROP_ENUMERATE);
    return slot;
}

void ScriptEngine::freeSlot(std::uint32_t slot)
{
    const std::lock_guard lock(m_realm->freedMutex);
    m_realm->freedSlots.push_back(slot);
}

void ScriptEngine::nameSlot(std::uint32_t slot, base::ByteView partition)
{
    JSContext* cx = m_realm->thread->cx();
    const JSAutoRealm entered(cx, m_realm->global);
    JS::RootedObject names(cx, m_realm->names);
    JS::RootedString name(cx, newText(cx, partition, false));
    if (!name || !::JS_DefineElement(cx, names, slot, name, JSPROP_ENUMERATE)) ::JS_ClearPendingException(cx);
}

std::uint32_t ScriptEngine::addType(std::string_view name)
{
    Realm& realm = *m_realm;
    JSContext* cx = realm.thread->cx();
    const JSAutoRealm entered(cx, realm.global);
    JS::RootedString text(cx, newText(cx, name, false));
    if (!text) {
        ::JS_ClearPendingException(cx);
        text = ::JS_GetEmptyString(cx);
    }
    JS::RootedValue value(cx, JS::StringValue(text));
    JS::RootedValue ignored(cx);
    if (!JS::Call(cx, JS::UndefinedHandleValue, realm.addType, JS::HandleValueArray(value), &ignored))
        ::JS_ClearPendingException(cx);
    realm.types.emplace_back(name);
    return static_cast<std::uint32_t>(realm.types.size() - 1);
}

std::uint32_t ScriptEngine::addTopic(std::string_view name)
{
    m_realm->topics.emplace_back(name);
    return static_cast<std::uint32_t>(m_realm->topics.size() - 1);
}

namespace {

/// A batch as the prelude takes it: text, meta, ids, nums, count.
bool batchArguments(JSContext* cx, const ScriptBatch& batch, JS::RootedValueArray<5>& args)
{
    const std::string& joined = batch.text;
    JS::RootedString text(cx, newText(cx, joined, batch.textUnits + 1 == joined.size()));
    JS::RootedString meta(cx, newText(cx, batch.meta, batch.metaUnits == batch.meta.size()));
    if (!text || !meta) return false;
    JS::RootedValueVector numbers(cx);
    if (!numbers.reserve(batch.rows.size() * static_cast<std::size_t>(BatchColumn::Count))) return false;
    for (const ScriptBatch::Row& row : batch.rows)
        for (const double number : row.numbers) numbers.infallibleAppend(JS::NumberValue(number));
    JS::RootedObject nums(cx, JS::NewArrayObject(cx, numbers));
    JS::RootedObject ids(cx, JS::NewArrayObject(cx, 0));
    if (!nums || !ids) return false;
    for (std::uint32_t i = 0; batch.hasEventIds && i < batch.rows.size(); ++i) {
        JS::RootedString id(cx, newText(cx, batch.rows[i].eventId, false));
        if (!id || !::JS_DefineElement(cx, ids, i, id, JSPROP_ENUMERATE)) return false;
    }
    args[0].setString(text);
    args[1].setString(meta);
    args[2].setObject(*ids);
    args[3].setObject(*nums);
    args[4].setNumber(static_cast<double>(batch.rows.size()));
    return true;
}

/// The batch is the realm's while it is at work.
struct AtWork {
    Realm& realm;
    AtWork(Realm& of, const ScriptBatch& batch) : realm(of) { realm.batch = &batch; }
    ~AtWork() { realm.batch = nullptr; }
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;
};

} // namespace

Result<void> ScriptEngine::run(const ScriptBatch& batch)
{
    Realm& realm = *m_realm;
    const Work work(realm, realm.limits.event);
    const AtWork atWork(realm, batch);
    JSContext* cx = realm.thread->cx();
    JS::RootedValueArray<5> args(cx);
    JS::RootedValue ignored(cx);
    realm.thread->jobs->refusal.reset();
    if (batchArguments(cx, batch, args) && JS::Call(cx, JS::UndefinedHandleValue, realm.run, args, &ignored)) {
        if (!realm.thread->jobs->refusal) return {};
        return tl::unexpected(*std::exchange(realm.thread->jobs->refusal, std::nullopt));
    }
    return tl::unexpected(takeFailure(realm, realm.place(cx), realm.handlerName(cx), ErrorCode::ScriptFailed));
}

Result<std::vector<ScriptNaming>> ScriptEngine::partitions(const ScriptBatch& batch)
{
    Realm& realm = *m_realm;
    const Work work(realm, realm.limits.event);
    const AtWork atWork(realm, batch);
    JSContext* cx = realm.thread->cx();
    JS::RootedValueArray<5> args(cx);
    JS::RootedValue out(cx);
    std::vector<ScriptNaming> namings;
    bool isDone = batchArguments(cx, batch, args)
                  && JS::Call(cx, JS::UndefinedHandleValue, realm.partitions, args, &out) && out.isObject();
    if (isDone) {
        JS::RootedObject list(cx, &out.toObject());
        JS::RootedValue value(cx);
        for (std::uint32_t i = 0; isDone && i < batch.rows.size(); ++i) {
            isDone = ::JS_GetElement(cx, list, i, &value);
            ScriptNaming naming;
            if (value.isNull()) naming.kind = ScriptNaming::Kind::Unhandled;
            if (value.isString()) {
                JS::RootedString text(cx, value.toString());
                auto id = bytesOf(cx, text);
                isDone = id.has_value();
                if (id) naming = {ScriptNaming::Kind::Named, std::move(*id)};
            }
            namings.push_back(std::move(naming));
        }
    }
    if (isDone) return namings;
    return tl::unexpected(takeFailure(realm, realm.place(cx), realm.handlerName(cx), ErrorCode::ScriptFailed));
}

namespace {

/// States as an array of texts and undefined.
JSObject* stateTexts(JSContext* cx, const std::vector<std::optional<std::string>>& states)
{
    JS::RootedObject texts(cx, JS::NewArrayObject(cx, states.size()));
    for (std::uint32_t i = 0; texts && i < states.size(); ++i) {
        if (!states[i]) continue;
        JS::RootedString text(cx, newText(cx, *states[i], false));
        if (!text || !::JS_DefineElement(cx, texts, i, text, JSPROP_ENUMERATE)) return nullptr;
    }
    return texts;
}

/// What the prelude answers: a digit that says whether it is true, and the JSON.
std::optional<ScriptAnswer> answerOf(JSContext* cx, JS::HandleObject list, std::uint32_t at)
{
    JS::RootedValue value(cx);
    if (!::JS_GetElement(cx, list, at, &value) || !value.isString()) return std::nullopt;
    JS::RootedString text(cx, value.toString());
    const auto bytes = bytesOf(cx, text);
    if (!bytes || bytes->empty()) return std::nullopt;
    ScriptAnswer answer{bytes->front() == '1', std::nullopt};
    if (bytes->size() > 1) answer.json = bytes->substr(1);
    return answer;
}

} // namespace

Result<std::vector<ScriptAnswer>> ScriptEngine::ask(const ScriptBatch& batch, const States& states)
{
    Realm& realm = *m_realm;
    const Work work(realm, realm.limits.event);
    const AtWork atWork(realm, batch);
    JSContext* cx = realm.thread->cx();
    JS::RootedValueArray<5> common(cx);
    JS::RootedValueArray<7> args(cx);
    JS::RootedObject before(cx, stateTexts(cx, states.before));
    JS::RootedObject after(cx, stateTexts(cx, states.after));
    JS::RootedValue out(cx);
    realm.thread->jobs->refusal.reset();
    bool isDone = before && after && batchArguments(cx, batch, common);
    if (isDone) {
        for (std::size_t i = 0; i < 5; ++i) args[i].set(common[i]);
        args[5].setObject(*before);
        args[6].setObject(*after);
        isDone = JS::Call(cx, JS::UndefinedHandleValue, realm.ask, args, &out) && out.isObject();
    }
    std::vector<ScriptAnswer> answers;
    JS::RootedObject list(cx, isDone ? &out.toObject() : nullptr);
    for (std::uint32_t i = 0; isDone && i < batch.rows.size(); ++i) {
        auto answer = answerOf(cx, list, i);
        isDone = answer.has_value();
        if (answer) answers.push_back(std::move(*answer));
    }
    if (realm.thread->jobs->refusal) return tl::unexpected(*std::exchange(realm.thread->jobs->refusal, std::nullopt));
    if (isDone) return answers;
    return tl::unexpected(takeFailure(realm, realm.place(cx), realm.handlerName(cx), ErrorCode::ScriptFailed));
}

bool ScriptEngine::exists(std::uint32_t slot)
{
    JSContext* cx = m_realm->thread->cx();
    const JSAutoRealm entered(cx, m_realm->global);
    JS::RootedObject states(cx, m_realm->states);
    JS::RootedValue value(cx);
    if (!::JS_GetElement(cx, states, slot, &value)) return false;
    return !value.isObject() || &value.toObject() != m_realm->none.get();
}

namespace {

Result<std::string> stateText(Realm& realm, const JS::PersistentRootedValue& function, std::uint32_t slot,
                              ErrorCode code)
{
    const Work work(realm, realm.limits.event);
    JSContext* cx = realm.thread->cx();
    JS::RootedValue argument(cx, JS::NumberValue(slot));
    JS::RootedValue value(cx);
    const bool isDone = JS::Call(cx, JS::UndefinedHandleValue, function, JS::HandleValueArray(argument), &value);
    LEFTFOLD_TRY(std::string text, textResult(realm, isDone, value, code));
    if (text.size() <= realm.limits.maxStateBytes) return text;
    return base::fail(ErrorCode::ScriptState, fmt::format("it has {} bytes as JSON, more than {} MB", text.size(),
                                                          realm.limits.maxStateBytes >> 20));
}

} // namespace

Result<std::string> ScriptEngine::read(std::uint32_t slot)
{
    return stateText(*m_realm, m_realm->read, slot, ErrorCode::ScriptState);
}

Result<std::string> ScriptEngine::result(std::uint32_t slot)
{
    return stateText(*m_realm, m_realm->result, slot, ErrorCode::ScriptState);
}

Result<std::string> ScriptEngine::save(std::uint32_t slot)
{
    Realm& realm = *m_realm;
    const Work work(realm, realm.limits.event);
    JSContext* cx = realm.thread->cx();
    JS::RootedValue argument(cx, JS::NumberValue(slot));
    JS::RootedValue state(cx);
    JSAutoStructuredCloneBuffer buffer(JS::StructuredCloneScope::DifferentProcess, nullptr, nullptr);
    if (JS::Call(cx, JS::UndefinedHandleValue, realm.whole, JS::HandleValueArray(argument), &state)
        && buffer.write(cx, state)) {
        std::string bytes(buffer.data().Size(), '\0');
        auto from = buffer.data().Start();
        if (buffer.data().ReadBytes(from, bytes.data(), bytes.size())) return bytes;
    }
    return tl::unexpected(takeFailure(realm, "", realm.handlerName(cx), ErrorCode::ScriptState));
}

bool ScriptEngine::restore(std::uint32_t slot, base::ByteView saved)
{
    Realm& realm = *m_realm;
    const Work work(realm, realm.limits.load);
    JSContext* cx = realm.thread->cx();
    JSAutoStructuredCloneBuffer buffer(JS::StructuredCloneScope::DifferentProcess, nullptr, nullptr);
    JS::RootedValue state(cx);
    JS::RootedObject states(cx, realm.states);
    const bool isRestored = buffer.data().AppendBytes(saved.data(), saved.size()) && buffer.read(cx, &state)
                            && ::JS_DefineElement(cx, states, slot, state, JSPROP_ENUMERATE);
    if (!isRestored) ::JS_ClearPendingException(cx);
    return isRestored;
}

void ScriptEngine::record(bool on)
{
    const Work work(*m_realm, m_realm->limits.load);
    JSContext* cx = m_realm->thread->cx();
    JS::RootedValue argument(cx, JS::BooleanValue(on));
    JS::RootedValue ignored(cx);
    LEFTFOLD_INVARIANT(callApi(cx, *m_realm, "setRecording", JS::HandleValueArray(argument), &ignored));
}

Result<std::string> ScriptEngine::takeOutputs()
{
    const Work work(*m_realm, m_realm->limits.load);
    JSContext* cx = m_realm->thread->cx();
    JS::RootedValue value(cx);
    const bool isDone = callApi(cx, *m_realm, "takeOutputs", JS::HandleValueArray::empty(), &value);
    return textResult(*m_realm, isDone, value, ErrorCode::ScriptState);
}

std::string ScriptEngine::placeOf(const ScriptBatch::Row& row) const
{
    return m_realm->placeOf(row);
}

void ScriptEngine::obey(std::stop_token stop)
{
    m_realm->stopAsked = std::move(stop);
}

bool ScriptEngine::isMine() const
{
    return m_realm->thread->isMine();
}

ScriptEngine::Asked ScriptEngine::takeAsked()
{
    return std::exchange(m_realm->asked, {});
}

} // namespace leftfold::fold
