// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/runner.h"

#include "core/source/files.h"
#include "core/source/kafka_place.h"
#include "core/source/segment_place.h"
#include "core/workspace/answering.h"
#include "core/workspace/cluster_runner.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;
using Clock = std::chrono::steady_clock;

/// At most 30 times a second. Any threads'.
class Throttle {
public:
    bool isDue()
    {
        const std::lock_guard lock(m_mutex);
        const auto now = Clock::now();
        if (now < m_next) return false;
        m_next = now + std::chrono::milliseconds(34);
        return true;
    }

private:
    std::mutex m_mutex;
    Clock::time_point m_next = Clock::now();
};

/// An open log as the workers see it: whoever works on it makes a reader of his own out of this one.
struct OpenedLog {
    std::uint64_t generation = 0;
    std::mutex mutex;
    std::unique_ptr<capture::Reader> prototype; ///< null once a writer has come
    std::shared_ptr<replay::Checkpoints> checkpoints;
    std::shared_ptr<const snapshot::Masks> masks;
};

/// What the source's thread and the workers have in common. All under the mutex.
struct Common {
    std::mutex mutex;
    std::condition_variable_any changed;
    /// What questions are about from now on; none: nothing is open. A log that has grown is another one.
    std::shared_ptr<OpenedLog> log;
    std::shared_ptr<OpenedLog> arrived; ///< is used once the state knows of it
    bool mayRead = true; ///< false: readers are put away, so that a writer can come
    unsigned benches = 0; ///< workers that have a reader
    unsigned longJobs = 0; ///< running, of those that would not be waited for
};

/// A question on its way: run with a bench, or told that it is not answered.
struct Job {
    std::shared_ptr<OpenedLog> log; ///< what it is about: its cuts and indexes fit no other
    std::function<void(Bench&, std::stop_token)> run;
    std::function<void(base::Error)> fail;
};

/// A thread that answers questions of one type, the newest or all in turn.
class Worker {
public:
    Worker(Common& common, const RunnerOptions& options, bool queues, bool isLong)
        : m_common(common),
          m_options(options),
          m_queues(queues),
          m_isLong(isLong),
          m_thread([this](const std::stop_token& stop) { work(stop); })
    {}
    ~Worker()
    {
        stopAll();
        m_thread.request_stop();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void post(Job job)
    {
        {
            const std::lock_guard lock(m_common.mutex);
            if (!m_queues) {
                m_jobs.clear();
                m_running.request_stop();
            }
            job.log = m_common.log;
            m_jobs.push_back(std::move(job));
        }
        m_common.changed.notify_all();
    }
    /// Jobs that have not begun are answered with Cancelled, the one that runs answers soon.
    void stopAll()
    {
        std::deque<Job> dropped;
        {
            const std::lock_guard lock(m_common.mutex);
            m_running.request_stop();
            dropped.swap(m_jobs);
        }
        for (const Job& job : dropped) job.fail({ErrorCode::Cancelled, {}, {}});
    }

private:
    [[nodiscard]] bool mustLeave() const { return m_log != nullptr && (m_log != m_common.log || !m_common.mayRead); }

    void work(const std::stop_token& stop)
    {
        std::unique_lock lock(m_common.mutex);
        for (;;) {
            const auto canGoOn = [&] { return mustLeave() || (!m_jobs.empty() && m_common.mayRead); };
            if (!m_common.changed.wait(lock, stop, canGoOn)) break;
            if (mustLeave() || (m_log && m_log != m_jobs.front().log)) {
                leave(lock);
            } else {
                runNext(lock);
            }
        }
        leave(lock);
    }

    /// Puts the reader away.
    void leave(std::unique_lock<std::mutex>& lock)
    {
        if (m_log == nullptr) return;
        lock.unlock();
        m_bench = {};
        m_log.reset();
        lock.lock();
        --m_common.benches;
        m_common.changed.notify_all();
    }

    void runNext(std::unique_lock<std::mutex>& lock)
    {
        const Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        m_running = std::stop_source();
        const std::stop_token stop = m_running.get_token();
        if (job.log == nullptr) return;
        if (m_log == nullptr) {
            m_log = job.log;
            ++m_common.benches;
        }
        m_common.longJobs += m_isLong ? 1 : 0;
        lock.unlock();
        const Result<void> ready = m_bench.reader ? Result<void>() : openBench();
        if (ready) {
            job.run(m_bench, stop);
        } else {
            job.fail(ready.error());
        }
        lock.lock();
        m_common.longJobs -= m_isLong ? 1 : 0;
        m_common.changed.notify_all();
    }

    Result<void> openBench()
    {
        const std::lock_guard lock(m_log->mutex);
        m_bench.checkpoints = m_log->checkpoints;
        m_bench.workers = m_options.workers;
        m_bench.version = m_options.version;
        m_bench.masks = m_log->masks;
        if (!m_log->prototype) return base::fail(ErrorCode::Cancelled);
        LEFTFOLD_TRY(m_bench.reader, m_log->prototype->another());
        return {};
    }

    Common& m_common;
    const RunnerOptions& m_options;
    const bool m_queues;
    const bool m_isLong;
    std::deque<Job> m_jobs;
    std::stop_source m_running;
    std::shared_ptr<OpenedLog> m_log; ///< of the bench
    Bench m_bench;
    std::jthread m_thread;
};

template <class Question, class... Others>
constexpr bool kIsAmong = (std::is_same_v<Question, Others> || ...);
template <class Question>
constexpr bool kIsLong = kIsAmong<Question, AskExport, AskSnapshot, AskDiff, AskProblems, AskMatches, AskProjection,
                                  AskRun, AskScript, AskPartings, AskPlot>;

template <class Question>
concept Queueing = requires
{
    Question::kQueues;
};

using Post = Runner::Post;

/// A question as a job: what is told while it runs goes out not too often.
template <class Question>
Job jobOf(Ask<Question> ask, std::size_t place, const Post& post)
{
    using Answer = typename Question::Answer;
    const auto tell = [post, ticket = ask.ticket](Result<Answer> answer, bool isLast) {
        if (!answer) return post(Answered<Question>{ticket, tl::unexpected(std::move(answer).error()), isLast});
        post(Answered<Question>{ticket, std::make_shared<const Answer>(std::move(*answer)), isLast});
    };
    const auto run = [post, place, tell, ask = std::move(ask)](Bench& bench, const std::stop_token& stop) {
        Throttle progress;
        Throttle more;
        Telling<Answer> telling;
        telling.progress = [&](Progress at) {
            if (progress.isDue()) post(Progressed{ask.ticket, place, at});
        };
        telling.mayTellMore = [&] { return more.isDue(); };
        telling.more = [&](Answer answer) { tell(std::move(answer), false); };
        auto answer = workspace::answer(bench, ask.question, stop, telling);
        if (!answer) answer = tl::unexpected(bench.shown(nullptr).error(std::move(answer).error()));
        tell(std::move(answer), true);
    };
    return {nullptr, run, [tell](base::Error error) { tell(tl::unexpected(std::move(error)), true); }};
}

/// The thread of a source: captures it, opens the capture for the workers, and follows it as it grows.
class SourceThread {
public:
    SourceThread(Common& common, const RunnerOptions& options, Post post, LoadLog effect,
                 std::unique_ptr<SourceThread> before)
        : m_common(common),
          m_options(options),
          m_post(std::move(post)),
          m_effect(std::move(effect)),
          m_before(std::move(before)),
          m_thread([this](const std::stop_token& stop) { run(stop); })
    {}
    void requestStop() { m_thread.request_stop(); }
    /// What was captured so far is shown, and no more is captured.
    void stopLoading() { m_loading.request_stop(); }

private:
    void run(const std::stop_token& stop)
    {
        m_before.reset(); // waits for its end: it may have the lock of the same capture
        const std::stop_callback both(stop, [this] { m_loading.request_stop(); });
        const auto loaded = load(stop);
        if (!loaded) {
            m_post(LoadFailed{m_effect.ticket, loaded.error()});
        } else if (const auto followed = follow(stop); !followed && followed.error().code != ErrorCode::Cancelled) {
            m_post(FollowingEnded{m_effect.ticket, followed.error()});
        }
        // The capture is left as one file, which takes that nobody reads it; else the next writer does it.
        if (m_writes && putReadersAway({}, std::chrono::seconds(1))) letRead();
        if (m_loader) (void)m_loader->close();
    }

    Result<void> load(const std::stop_token& stop)
    {
        LEFTFOLD_TRY(m_loader, Loader::open(m_effect.options));
        m_isKafka = m_effect.options.log.size() == 1 && source::isKafkaAddress(m_effect.options.log.front());
        auto loaded = read(stop);
        // Another program captures this source right now: what it has captured so far can be read.
        m_isBusy =
            !loaded && (loaded.error().code == ErrorCode::CaptureBusy || loaded.error().code == ErrorCode::FileInUse);
        const bool canShow = loaded || m_isBusy || hasSome(loaded.error());
        if (!canShow || stop.stop_requested()) return loaded;
        if (!m_writes) LEFTFOLD_CHECK(m_loader->close());
        m_follows = loaded && m_loader->isSource();
        LEFTFOLD_CHECK(show(stop, false));
        const bool isToBeTold = !loaded && !m_isBusy && loaded.error().code != ErrorCode::Cancelled;
        if (isToBeTold) m_post(FollowingEnded{m_effect.ticket, loaded.error()});
        return {};
    }

    /// Up to where the source ends now. A topic takes its time: what has come is shown on the way.
    Result<void> read(const std::stop_token& stop)
    {
        Throttle throttle;
        m_nextShow = Clock::now() + m_options.showWhileFilling / 2;
        std::uint64_t shown = 0;
        return m_loader->update(m_loading.get_token(), [&](const LoadProgress& at) {
            if (throttle.isDue()) m_post(LoadProgressed{m_effect.ticket, at});
            if (!m_isKafka || at.events == shown || Clock::now() < m_nextShow) return;
            shown = at.events;
            showSoFar(stop);
        });
    }

    /// Showing takes a fifth of the time at most. Where it fails, the next time or the end of the load says why.
    void showSoFar(const std::stop_token& stop)
    {
        const auto begin = Clock::now();
        // Before the first time nobody reads; later the writer is here already.
        m_writes = true;
        if (m_loader->commit()) (void)show(stop, true);
        letRead();
        const auto end = Clock::now();
        m_nextShow = end + std::max<Clock::duration>(m_options.showWhileFilling, 4 * (end - begin));
    }

    /// Of a load that failed: something was captured of it, now or earlier.
    [[nodiscard]] bool hasSome(const base::Error& error) const
    {
        std::error_code ignored;
        if (m_generation > 0) return true;
        return m_isKafka && isOfBrokers(error.code) && std::filesystem::exists(m_loader->capturePath(), ignored);
    }
    static bool isOfBrokers(ErrorCode code)
    {
        return isAway(code) || code == ErrorCode::KafkaTls || code == ErrorCode::KafkaSasl
               || code == ErrorCode::KafkaToken;
    }
    /// Whoever waits sees it again.
    static bool isAway(ErrorCode code)
    {
        return code == ErrorCode::KafkaNoResolve || code == ErrorCode::KafkaNoConnection
               || code == ErrorCode::KafkaNoAnswer;
    }

    /// Opens the capture as it is now for the workers, and says what is in it.
    Result<void> show(const std::stop_token& stop, bool isFilling)
    {
        LEFTFOLD_TRY(auto reader, capture::Reader::open(m_loader->capturePath(), {m_loader->indexFolder()}));
        LEFTFOLD_TRY(auto facts, factsOf(*reader, stop));
        auto log = std::make_shared<OpenedLog>();
        log->generation = facts->generation;
        log->prototype = std::move(reader);
        log->masks = m_effect.options.masks;
        // Those of an order that was not the last one are of no use.
        if (std::exchange(m_isProvisional, isFilling) || isFilling || !m_checkpoints)
            m_checkpoints = std::make_shared<replay::Checkpoints>();
        log->checkpoints = m_checkpoints;
        {
            const std::lock_guard lock(m_common.mutex);
            // Another log may be wanted since; then this is nobody's any more.
            if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            m_common.arrived = m_log = std::move(log);
        }
        m_post(LogRead{m_effect.ticket, std::move(facts), m_loader->mappingNote(), m_follows, isFilling});
        return {};
    }

    static std::optional<source::Isolation> isolationOf(const capture::Catalog& catalog)
    {
        const std::string sourceCut = catalog.loads().empty() ? std::string() : catalog.loads().back().sourceCut;
        if (sourceCut.empty()) return {};
        if (const auto cut = source::parseKafkaCut(sourceCut)) return cut->isolation;
        const auto cut = source::parseSegmentCut(sourceCut);
        return cut ? std::optional(cut->isolation) : std::nullopt;
    }

    Result<std::shared_ptr<const LogFacts>> factsOf(capture::Reader& reader, const std::stop_token& stop)
    {
        LogFacts facts;
        const capture::Catalog& catalog = reader.catalog();
        facts.log = m_effect.options.log;
        facts.capturePath = reader.path();
        facts.isSource = m_loader->isSource();
        facts.isComplete = !catalog.loads().empty() && catalog.loads().back().complete;
        facts.events = catalog.eventCount();
        LEFTFOLD_TRY(facts.summary, replay::summarize(reader, stop));
        facts.mapping = catalog.mapping();
        if (!catalog.loads().empty()) facts.formats = source::describeFormats(catalog.loads().back().sourceCut);
        facts.isolation = isolationOf(catalog);
        if (reader.walLoss()) facts.damage.push_back(*reader.walLoss());
        for (const capture::Damage& damage : catalog.damage()) facts.damage.push_back(damage.error);
        facts.end = catalog.end();
        facts.generation = ++m_generation;
        return std::make_shared<const LogFacts>(std::move(facts));
    }

    Result<void> follow(const std::stop_token& stop)
    {
        std::mutex mutex;
        std::condition_variable_any stopped;
        while (!stop.stop_requested() && m_follows) {
            const auto looked = lookForMore(stop);
            if (!looked && !isPassing(looked.error())) return stopFollowing(looked.error(), stop);
            m_failures = looked ? 0 : m_failures + 1;
            tellNote(looked ? m_loader->note() : base::render(looked.error()));
            std::unique_lock lock(mutex);
            stopped.wait_for(lock, stop, m_options.lookForMore, [] { return false; });
        }
        return {};
    }

    Result<void> lookForMore(const std::stop_token& stop)
    {
        LEFTFOLD_TRY(const bool hasMore, m_loader->hasMore(stop));
        return hasMore && (m_writes || putReadersAway(stop, std::chrono::seconds(10))) ? grow(stop) : Result<void>();
    }

    /// A broker that goes comes back; while it starts it may say anything for a moment.
    [[nodiscard]] bool isPassing(const base::Error& error) const
    {
        constexpr int kMostFailures = 40;
        const bool mayPass = error.code == ErrorCode::KafkaFailed && m_failures < kMostFailures;
        return m_isKafka && (isAway(error.code) || mayPass);
    }

    void tellNote(const std::string& note)
    {
        if (std::exchange(m_note, note) != note) m_post(FollowingWaits{m_effect.ticket, note});
    }

    /// A load that was cancelled is shown as far as it went.
    Result<void> stopFollowing(const base::Error& error, const std::stop_token& stop)
    {
        m_follows = false;
        if (error.code != ErrorCode::Cancelled || stop.stop_requested()) return tl::unexpected(error);
        return show(stop, false);
    }

    /// The writer stays: readers that are opened beside it do not keep it out.
    Result<void> grow(const std::stop_token& stop)
    {
        m_writes = true;
        auto shown = read(stop);
        if (shown) shown = show(stop, false);
        letRead();
        return shown;
    }

    /// No worker has a reader then, and none gets one until `letRead`. False, and nothing changed, where something long goes
    /// on or it takes too long.
    bool putReadersAway(const std::stop_token& stop, Clock::duration atMost)
    {
        {
            std::unique_lock lock(m_common.mutex);
            if (m_common.longJobs > 0) return false;
            m_common.mayRead = false;
            m_common.changed.notify_all();
            const bool isAlone = m_common.changed.wait_for(lock, stop, atMost, [&] { return m_common.benches == 0; });
            if (!isAlone) {
                m_common.mayRead = true;
                m_common.changed.notify_all();
                return false;
            }
        }
        if (!m_log) return true;
        const std::lock_guard reader(m_log->mutex);
        m_log->prototype.reset();
        return true;
    }
    void letRead()
    {
        const std::lock_guard lock(m_common.mutex);
        m_common.mayRead = true;
        m_common.changed.notify_all();
    }

    Common& m_common;
    const RunnerOptions& m_options;
    Post m_post;
    LoadLog m_effect;
    std::unique_ptr<SourceThread> m_before;
    std::unique_ptr<Loader> m_loader;
    std::shared_ptr<OpenedLog> m_log;
    std::shared_ptr<replay::Checkpoints> m_checkpoints;
    std::uint64_t m_generation = 0;
    std::stop_source m_loading; ///< ends a load, and with it that the source is followed
    Clock::time_point m_nextShow;
    std::string m_note; ///< what following waits for
    int m_failures = 0; ///< looks in a row that failed
    bool m_isProvisional = false; ///< what was shown last
    bool m_isKafka = false;
    bool m_follows = false;
    bool m_isBusy = false; ///< somebody else writes the capture
    bool m_writes = false; ///< we do
    std::jthread m_thread;
};

} // namespace

class Runner::Parts {
public:
    Parts(RunnerOptions options, Post post) : m_options(std::move(options)), m_post(std::move(post)), m_clusters(m_post)
    {
        makeWorkers(static_cast<AllAsked*>(nullptr));
    }
    ~Parts() { letGo(); }

    void operator()(LoadLog effect)
    {
        letGo();
        m_source = std::make_unique<SourceThread>(m_common, m_options, m_post, std::move(effect), std::move(m_source));
    }
    void operator()(const UseLog& effect)
    {
        {
            const std::lock_guard lock(m_common.mutex);
            if (m_common.arrived && m_common.arrived->generation == effect.generation) m_common.log = m_common.arrived;
        }
        m_common.changed.notify_all();
    }
    void operator()(const LetGo&) { letGo(); }
    void operator()(const StopLoading&)
    {
        if (m_source) m_source->stopLoading();
    }
    void operator()(const StopViews&) { m_clusters.stop<AskViews>(); }
    void operator()(const StopClusters&)
    {
        m_clusters.stop<AskConnection>();
        m_clusters.stop<AskTopics>();
        m_clusters.stop<AskPreview>();
    }
    void operator()(Ask<AskProfiles> effect) { m_clusters.ask(std::move(effect)); }
    void operator()(Ask<AskConnection> effect) { m_clusters.ask(std::move(effect)); }
    void operator()(Ask<AskTopics> effect) { m_clusters.ask(std::move(effect)); }
    void operator()(Ask<AskPreview> effect) { m_clusters.ask(std::move(effect)); }
    void operator()(Ask<AskViews> effect)
    {
        effect.question.every = m_options.lookAtViews;
        m_clusters.ask(std::move(effect));
    }
    void operator()(const StopAsking& effect) { m_workers[effect.question]->stopAll(); }
    template <class Question>
    void operator()(Ask<Question> effect)
    {
        const std::size_t place = placeOf<Question>(static_cast<AllAsked*>(nullptr));
        m_workers[place]->post(jobOf(std::move(effect), place, m_post));
    }

private:
    template <class... Questions>
    void makeWorkers(AskedTuple<Questions...>*)
    {
        std::size_t place = 0;
        ((m_workers[place++] = std::make_unique<Worker>(m_common, m_options, Queueing<Questions>, kIsLong<Questions>)),
         ...);
    }
    template <class Question, class... Questions>
    static std::size_t placeOf(AskedTuple<Questions...>*)
    {
        const std::array<bool, kQuestionTypes> isIt = {std::is_same_v<Question, Questions>...};
        return static_cast<std::size_t>(std::ranges::find(isIt, true) - isIt.begin());
    }

    /// Returns at once; the source's thread ends by itself.
    void letGo()
    {
        if (m_source) m_source->requestStop();
        for (const auto& worker : m_workers) worker->stopAll();
        {
            const std::lock_guard lock(m_common.mutex);
            m_common.log.reset();
            m_common.arrived.reset();
        }
        m_common.changed.notify_all();
    }

    RunnerOptions m_options;
    Post m_post;
    Common m_common;
    std::array<std::unique_ptr<Worker>, kQuestionTypes> m_workers;
    ClusterRunner m_clusters;
    std::unique_ptr<SourceThread> m_source; ///< it waits for readers: to be gone before the workers
};

Runner::Runner(RunnerOptions options, Post post) : m_parts(std::make_unique<Parts>(std::move(options), std::move(post)))
{}

Runner::~Runner() = default;

void Runner::perform(Effect effect)
{
    std::visit(*m_parts, std::move(effect));
}

} // namespace leftfold::workspace
