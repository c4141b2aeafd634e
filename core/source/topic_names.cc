// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/topic_names.h"

#include "core/event/offset.h"
#include "core/source/file_facts.h"

#include <array>
#include <set>

namespace leftfold::source {

namespace {

bool cutEnding(std::string_view& name, std::string_view ending)
{
    if (name.size() <= ending.size() || !name.ends_with(ending)) return false;
    name.remove_suffix(ending.size());
    return true;
}

/// The names a file could have, best first: its stem below none, one, two ... of its folders, then the same
/// with its whole name.
std::vector<std::string> candidatesFor(const std::string& path)
{
    std::vector<std::string> candidates;
    const std::string name = nameOf(path);
    for (const std::string_view last : {stemOf(name), std::string_view(name)}) {
        std::string candidate(last);
        std::string folder = folderOf(path);
        candidates.push_back(event::topicNameFor(candidate));
        while (folder != "." && folder != "/") {
            candidate = nameOf(folder) + '/' + candidate;
            candidates.push_back(event::topicNameFor(candidate));
            folder = folderOf(folder);
        }
    }
    return candidates;
}

using Uses = std::map<std::string, int>;

/// How many of the files would like each name, at whatever place of their lists.
Uses countUses(const std::vector<std::vector<std::string>>& lists)
{
    Uses uses;
    for (const auto& list : lists) {
        for (const std::string& name : std::set<std::string>(list.begin(), list.end())) ++uses[name];
    }
    return uses;
}

std::string firstFree(const std::vector<std::string>& candidates, const Uses& uses, const std::set<std::string>& taken)
{
    for (const std::string& name : candidates) {
        if (uses.at(name) == 1 && !taken.contains(name)) return name;
    }
    for (int number = 2;; ++number) {
        std::string name = candidates.front() + '-' + std::to_string(number);
        if (!taken.contains(name) && !uses.contains(name)) return name;
    }
}

} // namespace

std::string_view stemOf(std::string_view fileName)
{
    constexpr std::array<std::string_view, 2> kCompressions = {".gz", ".zst"};
    constexpr std::array<std::string_view, 8> kFormats = {".jsonl", ".ndjson", ".json", ".log",
                                                          ".txt",   ".csv",    ".tsv",  ".tab"};
    for (const std::string_view ending : kCompressions) {
        if (cutEnding(fileName, ending)) break;
    }
    for (const std::string_view ending : kFormats) {
        if (cutEnding(fileName, ending)) break;
    }
    return fileName;
}

std::map<std::string, std::string> nameTopics(const std::vector<std::string>& paths,
                                              const std::map<std::string, std::string>& known)
{
    std::vector<std::vector<std::string>> lists;
    for (const std::string& path : paths) lists.push_back(candidatesFor(path));
    const Uses uses = countUses(lists);
    std::map<std::string, std::string> topics;
    std::set<std::string> taken;
    for (const auto& [path, topic] : known) taken.insert(topic);
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const auto already = known.find(paths[i]);
        const std::string topic = already != known.end() ? already->second : firstFree(lists[i], uses, taken);
        topics[paths[i]] = topic;
        taken.insert(topic);
    }
    return topics;
}

} // namespace leftfold::source
