// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"
#include "core/event/pointer.h"
#include "core/replay/blame.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// The rule of blame.h told once more, slowly: by paths, with every comparison a comparison of values.
namespace leftfold::replay::test {

class NaiveBlame {
public:
    using Writings = std::map<std::string, Writing>; ///< by pointer, of everything that is not shadowed

    void after(event::EventIndex event, const std::optional<event::Document>& next)
    {
        Writings before = std::move(m_writings);
        const std::optional<event::Document> documentBefore = std::move(m_document);
        m_writings.clear();
        m_document = next;
        m_event = event;
        m_removed.clear();
        m_added.clear();
        if (!next) return;
        if (!documentBefore) return write("", next->root());
        m_before = &before;
        compare("", documentBefore->root(), "", next->root());
        for (const Found& added : m_added) {
            const bool alone = count(m_added, added.value) == 1 && count(m_removed, added.value) == 1;
            if (!alone || isCommon(added.value)) {
                write(added.path, added.value);
                continue;
            }
            const auto from = std::ranges::find_if(m_removed, [&](const Found& r) { return r.value == added.value; });
            keep(from->path, added.path, added.value, true);
        }
    }

    [[nodiscard]] const Writings& writings() const { return m_writings; }

private:
    struct Found {
        std::string path;
        event::Value value;
    };

    static bool isCommon(event::Value value)
    {
        static const std::set<std::string> common = {"null", "true", "false", "\"\"", "[]", "{}"};
        return common.contains(toJson(value));
    }

    static long count(const std::vector<Found>& values, event::Value value)
    {
        return std::ranges::count_if(values, [&](const Found& each) { return each.value == value; });
    }

    /// What is directly inside, by path, without the shadowed.
    static std::vector<Found> inside(const std::string& path, event::Value value)
    {
        std::vector<Found> out;
        for (const event::Value item : value.items()) out.push_back({path + "/" + std::to_string(out.size()), item});
        for (const event::Member& member : value.members()) {
            if (member.shadowed) continue;
            std::string at = path;
            event::appendToken(at, member.key);
            out.push_back({at, member.value});
        }
        return out;
    }

    void write(const std::string& path, event::Value value)
    {
        m_writings[path] = {m_event, {}};
        for (const Found& each : inside(path, value)) write(each.path, each.value);
    }

    void keep(const std::string& from, const std::string& to, event::Value value, bool moved)
    {
        Writing writing = m_before->at(from);
        if (moved) writing.movedBy = m_event;
        m_writings[to] = writing;
        for (const Found& each : inside("", value)) keep(from + each.path, to + each.path, each.value, moved);
    }

    void compare(const std::string& from, event::Value a, const std::string& to, event::Value b)
    {
        if (a == b) return keep(from, to, b, false);
        if (a.kind() != b.kind() || a.size() + b.size() == 0 || a.kind() < event::Kind::Array) return write(to, b);
        m_writings[to] = {m_event, {}};
        a.kind() == event::Kind::Array ? items(inside(from, a), inside(to, b)) : members(from, a, to, b);
    }

    void members(const std::string& from, event::Value a, const std::string& to, event::Value b)
    {
        for (const Found& member : inside("", a)) {
            const auto other = b.find(event::parsePointer(member.path).value());
            if (!other) m_removed.push_back({from + member.path, member.value});
        }
        for (const Found& member : inside("", b)) {
            const auto other = a.find(event::parsePointer(member.path).value());
            if (other)
                compare(from + member.path, *other, to + member.path, member.value);
            else
                m_added.push_back({to + member.path, member.value});
        }
    }

    /// Equal ends, then a longest common subsequence, what lies between one by one.
    void items(std::vector<Found> a, std::vector<Found> b)
    {
        std::vector<std::pair<Found, Found>> ends;
        while (!a.empty() && !b.empty() && a.front().value == b.front().value) {
            ends.push_back({a.front(), b.front()});
            a.erase(a.begin());
            b.erase(b.begin());
        }
        while (!a.empty() && !b.empty() && a.back().value == b.back().value) {
            ends.push_back({a.back(), b.back()});
            a.pop_back();
            b.pop_back();
        }
        for (const auto& [one, other] : ends) compare(one.path, one.value, other.path, other.value);
        between(a, b);
    }

    void between(std::vector<Found> a, std::vector<Found> b)
    {
        std::vector<Found> gapA;
        std::vector<Found> gapB;
        while (common(a, b, 0, 0) > 0) {
            if (a.front().value == b.front().value) {
                oneByOne(gapA, gapB);
                compare(a.front().path, a.front().value, b.front().path, b.front().value);
                a.erase(a.begin());
                b.erase(b.begin());
            } else {
                const bool skipA = common(a, b, 1, 0) >= common(a, b, 0, 1);
                auto& from = skipA ? a : b;
                (skipA ? gapA : gapB).push_back(from.front());
                from.erase(from.begin());
            }
        }
        gapA.insert(gapA.end(), a.begin(), a.end());
        gapB.insert(gapB.end(), b.begin(), b.end());
        oneByOne(gapA, gapB);
    }

    /// The length of the longest common subsequence of what is behind the first i and j.
    static std::size_t common(const std::vector<Found>& a, const std::vector<Found>& b, std::size_t i, std::size_t j)
    {
        std::vector<std::size_t> row(b.size() + 1, 0);
        for (std::size_t x = a.size(); x-- > i;) {
            std::vector<std::size_t> next(b.size() + 1, 0);
            for (std::size_t y = b.size(); y-- > j;)
                next[y] = a[x].value == b[y].value ? row[y + 1] + 1 : std::max(row[y], next[y + 1]);
            row = next;
        }
        return row[j];
    }

    void oneByOne(std::vector<Found>& a, std::vector<Found>& b)
    {
        for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
            if (i < a.size() && i < b.size())
                compare(a[i].path, a[i].value, b[i].path, b[i].value);
            else if (i < a.size())
                m_removed.push_back(a[i]);
            else
                m_added.push_back(b[i]);
        }
        a.clear();
        b.clear();
    }

    std::optional<event::Document> m_document;
    Writings m_writings;
    const Writings* m_before = nullptr;
    event::EventIndex m_event;
    std::vector<Found> m_removed;
    std::vector<Found> m_added;
};

} // namespace leftfold::replay::test
