// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace leftfold::base {

/// Work in pieces 0 to `count` - 1: `produce(worker, piece)` on `workers` threads, `consume(piece, product)` on the
/// calling thread, in order. At most a few pieces a worker are ahead of the consumer, so memory is bounded.
/// The first error ends it, as does a stop (Cancelled).
template <class Product>
[[nodiscard]] Result<void> orderedParallel(std::size_t count, unsigned workers,
                                           const std::function<Result<Product>(unsigned, std::size_t)>& produce,
                                           const std::function<Result<void>(std::size_t, Product&)>& consume,
                                           std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable changed;
    const std::size_t window = std::size_t{4} * std::max(workers, 1u);
    std::vector<std::optional<Result<Product>>> ready(window);
    std::size_t claimed = 0;
    std::size_t consumed = 0;
    bool ended = false;

    const auto work = [&](unsigned worker) {
        for (;;) {
            std::size_t piece = 0;
            {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return ended || claimed == count || claimed < consumed + window; });
                if (ended || claimed == count) return;
                piece = claimed++;
            }
            Result<Product> product = produce(worker, piece);
            {
                const std::lock_guard lock(mutex);
                ready[piece % window].emplace(std::move(product));
            }
            changed.notify_all();
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned worker = 0; worker < std::max(workers, 1u); ++worker) threads.emplace_back(work, worker);

    Result<void> outcome;
    for (std::size_t piece = 0; piece < count && outcome; ++piece) {
        std::optional<Result<Product>> product;
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return ready[piece % window].has_value(); });
            product = std::move(ready[piece % window]);
            ready[piece % window].reset();
        }
        if (stop.stop_requested()) {
            outcome = fail(ErrorCode::Cancelled);
        } else if (!*product) {
            outcome = tl::unexpected(std::move(*product).error());
        } else {
            outcome = consume(piece, **product);
        }
        {
            const std::lock_guard lock(mutex);
            consumed = piece + 1;
            ended = !outcome;
        }
        changed.notify_all();
    }
    return outcome;
}

} // namespace leftfold::base
