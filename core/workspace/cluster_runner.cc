// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/cluster_runner.h"

#include "core/workspace/cluster_answers.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <tuple>

namespace leftfold::workspace {

namespace {

constexpr auto kClusterEnds = std::chrono::seconds(2);

template <class Question>
concept Queueing = requires
{
    Question::kQueues;
};

/// The thread for one type of question; there is none before the first.
template <class Question>
class Worker {
public:
    using Answer = typename Question::Answer;

    Worker() = default;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker() { stop(); }

    void ask(Ask<Question> ask, const ClusterRunner::Post& post, const std::shared_ptr<source::Draining>& draining)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!Queueing<Question>) drop();
            m_asked.push_back(std::move(ask));
        }
        m_changed.notify_all();
        if (m_thread.joinable()) return;
        m_post = post;
        m_bench.draining = draining;
        m_thread = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }
    void stop()
    {
        const std::lock_guard lock(m_mutex);
        drop();
    }

private:
    void drop()
    {
        m_asked.clear();
        m_running.request_stop();
    }

    void work(const std::stop_token& end)
    {
        std::unique_lock lock(m_mutex);
        while (m_changed.wait(lock, end, [this] { return !m_asked.empty(); })) {
            const Ask<Question> ask = std::move(m_asked.front());
            m_asked.pop_front();
            m_running = std::stop_source();
            const std::stop_token stop = m_running.get_token();
            lock.unlock();
            run(ask, stop);
            lock.lock();
        }
    }

    void run(const Ask<Question>& ask, const std::stop_token& stop)
    {
        Telling<Answer> telling;
        telling.more = [&](Answer answer) { tell(ask.ticket, std::move(answer), false); };
        auto answered = answer(m_bench, ask.question, stop, telling);
        if (answered) return tell(ask.ticket, std::move(*answered), true);
        m_post(Answered<Question>{ask.ticket, tl::unexpected(std::move(answered).error()), true});
    }
    void tell(Ticket ticket, Answer answer, bool isLast)
    {
        m_post(Answered<Question>{ticket, std::make_shared<const Answer>(std::move(answer)), isLast});
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Ask<Question>> m_asked;
    std::stop_source m_running;
    ClusterRunner::Post m_post;
    ClusterBench m_bench;
    std::jthread m_thread; ///< the last member: it uses the others
};

template <class... Questions>
using WorkerTuple = std::tuple<Worker<Questions>...>;

} // namespace

class ClusterRunner::Parts {
public:
    explicit Parts(Post to) : post(std::move(to)) {}
    ~Parts()
    {
        std::apply([](auto&... worker) { (worker.stop(), ...); }, *workers);
        workers.reset();
        draining->wait(kClusterEnds);
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    using Workers = ForEachClusterQuestion<WorkerTuple>;
    Post post;
    std::shared_ptr<source::Draining> draining = std::make_shared<source::Draining>();
    std::unique_ptr<Workers> workers = std::make_unique<Workers>();
};

ClusterRunner::ClusterRunner(Post post) : m_parts(std::make_unique<Parts>(std::move(post))) {}

ClusterRunner::~ClusterRunner() = default;

template <class Question>
void ClusterRunner::ask(Ask<Question> ask)
{
    std::get<Worker<Question>>(*m_parts->workers).ask(std::move(ask), m_parts->post, m_parts->draining);
}

template <class Question>
void ClusterRunner::stop()
{
    std::get<Worker<Question>>(*m_parts->workers).stop();
}

template void ClusterRunner::ask(Ask<AskProfiles>);
template void ClusterRunner::ask(Ask<AskConnection>);
template void ClusterRunner::ask(Ask<AskTopics>);
template void ClusterRunner::ask(Ask<AskPreview>);
template void ClusterRunner::ask(Ask<AskViews>);
template void ClusterRunner::stop<AskConnection>();
template void ClusterRunner::stop<AskTopics>();
template void ClusterRunner::stop<AskPreview>();
template void ClusterRunner::stop<AskViews>();

} // namespace leftfold::workspace
