// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QMap>
#include <QString>

#include <array>
#include <cstdint>
#include <iterator>
#include <random>
#include <utility>

/// A repository's history made at random, as a stream for `git fast-import`: files are added, changed, deleted and
/// renamed, become symbolic links or programs and back, on a main branch and on branches merged into it, under
/// names that need quoting. Some commits change nothing. A path is never both a file and a folder.
class MadeRepository {
public:
    MadeRepository(std::uint32_t seed, int mainCommits) : m_random(seed), m_mainCommits(mainCommits) {}

    [[nodiscard]] QByteArray stream()
    {
        Commit main;
        for (int i = 0; i < m_mainCommits; ++i) {
            main = i % 7 == 3 ? branchAndMerge(main) : commit("main", changed(main.tree), main);
        }
        return m_stream;
    }

private:
    struct Entry {
        QByteArray mode;
        QByteArray content;
        friend bool operator==(const Entry&, const Entry&) = default;
    };
    using Tree = QMap<QByteArray, Entry>;
    struct Commit {
        Tree tree;
        int mark = 0; ///< 0: none
    };

    static constexpr auto kFile = "100644";
    static constexpr auto kProgram = "100755";
    static constexpr auto kLink = "120000";

    int below(int bound) { return static_cast<int>(m_random() % static_cast<std::uint32_t>(bound)); }

    /// Two commits on a branch, one on main meanwhile, and their merge: main's tree with the branch's changes.
    Commit branchAndMerge(const Commit& base)
    {
        Commit side = commit("side", changed(base.tree), base);
        side = commit("side", changed(side.tree), side);
        const Commit main = commit("main", changed(base.tree), base);
        Tree merged = main.tree;
        for (const auto& [path, entry] : side.tree.asKeyValueRange()) {
            if (base.tree.value(path) != entry) {
                merged[path] = entry;
            }
        }
        for (const QByteArray& path : base.tree.keys()) {
            if (!side.tree.contains(path)) {
                merged.remove(path);
            }
        }
        return commit("main", merged, main, side.mark);
    }

    Tree changed(Tree tree)
    {
        constexpr std::array kChanges = {0, 1, 1, 1, 2, 3, 8};
        for (int left = kChanges[static_cast<std::size_t>(below(kChanges.size()))]; left > 0; --left) {
            change(tree);
        }
        return tree;
    }

    void change(Tree& tree)
    {
        const int kind = tree.isEmpty() ? 0 : below(8);
        if (kind < 2) {
            tree[newPath()] = {kFile, content()};
            return;
        }
        const auto entry = std::next(tree.begin(), below(static_cast<int>(tree.size())));
        switch (kind) {
        case 2:
            tree.erase(entry);
            break;
        case 3:
            rename(tree, entry.key());
            break;
        case 4:
            *entry = {entry->mode == kLink ? kFile : kLink, content()};
            break;
        case 5:
            entry->mode = entry->mode == kFile ? kProgram : entry->mode == kProgram ? kFile : kLink;
            break;
        default:
            entry->content = content();
            break;
        }
    }

    void rename(Tree& tree, const QByteArray& path)
    {
        const Entry entry = tree.take(path);
        tree[newPath()] = entry;
    }

    QByteArray newPath()
    {
        static const QByteArrayList kNames = {"plain",     "with blank", "quo\"ted", "back\\slash", "tab\there",
                                              "new\nline", "ünïcode-ß",  "日本語",   "emoji-🦀",  "'single'",
                                              "-dash",     "@b:1,2[3]",  "%25"};
        QByteArray path;
        for (int depth = below(3); depth > 0; --depth) {
            path += "d" + QByteArray::number(below(10)) + "/";
        }
        return path + kNames[below(static_cast<int>(kNames.size()))] + " " + QByteArray::number(below(60));
    }

    QByteArray content() { return "content " + QByteArray::number(below(5'000)); }

    Commit commit(const QByteArray& branch, const Tree& tree, const Commit& parent, int merged = 0)
    {
        const int mark = ++m_marks;
        // Committers' clocks differ: times go back now and then.
        const int time = 1'600'000'000 + 3'600 * mark - (below(5) == 0 ? 50'000 : 0);
        m_stream += "commit refs/heads/" + branch + "\nmark :" + QByteArray::number(mark)
                    + "\ncommitter A <a@example.org> " + QByteArray::number(time) + " +0000\n";
        writeData("commit " + QByteArray::number(mark));
        if (parent.mark != 0) {
            m_stream += "from :" + QByteArray::number(parent.mark) + "\n";
        }
        if (merged != 0) {
            m_stream += "merge :" + QByteArray::number(merged) + "\n";
        }
        writeChanges(parent.tree, tree);
        return {tree, mark};
    }

    void writeChanges(const Tree& before, const Tree& after)
    {
        for (const QByteArray& path : before.keys()) {
            if (!after.contains(path)) {
                m_stream += "D " + quoted(path) + "\n";
            }
        }
        for (const auto& [path, entry] : after.asKeyValueRange()) {
            if (before.value(path) != entry) {
                m_stream += "M " + entry.mode + " inline " + quoted(path) + "\n";
                writeData(entry.content);
            }
        }
    }

    void writeData(const QByteArray& data)
    {
        m_stream += "data " + QByteArray::number(data.size()) + "\n" + data + "\n";
    }

    static QByteArray quoted(QByteArray path)
    {
        return "\"" + path.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t") + "\"";
    }

    std::mt19937 m_random;
    int m_mainCommits;
    int m_marks = 0;
    QByteArray m_stream;
};
