// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/json_walker.h"
#include "core/fold/script_engine.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace leftfold::fold {

/// Writes events as rows of a batch. One thread's; remembers the types and topics that an engine knows by number.
class ScriptRows {
public:
    /// `streams` may be null. `exactNumbers`: as ScriptOptions has it.
    ScriptRows(const ScriptSource& source, const Streams* streams, bool exactNumbers);

    /// Adds an event for the state at `slot`. Numbers that JavaScript cannot hold are told to `findings`, unless that is null.
    /// Fails with ScriptMemory where it is larger than any text may be.
    [[nodiscard]] base::Result<void> add(ScriptBatch& batch, ScriptEngine& engine, const FoldEvent& event,
                                         std::uint32_t slot, std::vector<base::Error>* findings);

    /// Another engine knows none of the types and topics.
    void forget();

private:
    [[nodiscard]] std::uint32_t typeOf(ScriptEngine& engine, std::string_view type);
    [[nodiscard]] std::uint32_t topicOf(ScriptEngine& engine, const std::string& topic);
    void addValue(ScriptBatch& batch, ScriptBatch::Row& row, const FoldEvent& event,
                  std::vector<base::Error>* findings);
    static void addMetadata(ScriptBatch& batch, ScriptBatch::Row& row, const FoldEvent& event);
    [[nodiscard]] base::ByteView exactly(base::ByteView value, std::vector<base::Error>* findings);

    bool m_exactNumbers;
    std::unique_ptr<decode::FieldExtractor> m_eventId; ///< null: nobody asks for it
    event::JsonReader m_reader;
    std::string m_rewritten;
    std::unordered_map<std::string, std::uint32_t> m_types;
    std::string m_lastType;
    std::uint32_t m_lastTypeId = UINT32_MAX;
    std::unordered_map<std::string, std::uint32_t> m_topics;
    std::uint32_t m_lastTopicId = UINT32_MAX;
    std::string m_lastTopic;
};

/// Whether JavaScript's number for these digits is that very number: then writing it gives the same number back.
/// `seen` is what JavaScript writes. REQUIRES: a JSON number.
[[nodiscard]] bool isExactInScripts(base::ByteView digits, std::string& seen);

} // namespace leftfold::fold
