// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/files.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <functional>
#include <string>
#include <sys/stat.h>
#include <vector>
#include <zlib.h>
#include <zstd.h>

/// Files in a folder of a test's own, and loads of them as text.
namespace leftfold::source::test {

inline QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

class Folder {
public:
    [[nodiscard]] std::string path(const std::string& name = {}) const
    {
        const std::string root = QFileInfo(m_root.path()).canonicalFilePath().toStdString();
        return name.empty() ? root : root + '/' + name;
    }
    void write(const std::string& name, const std::string& bytes) const { put(name, bytes, QIODevice::WriteOnly); }
    void append(const std::string& name, const std::string& bytes) const { put(name, bytes, QIODevice::Append); }
    /// Changes bytes where they stand: the file keeps its identity.
    void overwrite(const std::string& name, std::size_t at, const std::string& bytes) const
    {
        QFile file(QString::fromStdString(path(name)));
        if (!file.open(QIODevice::ReadWrite) || !file.seek(static_cast<qint64>(at))) qFatal("cannot overwrite");
        file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    }
    void shorten(const std::string& name, std::size_t size) const
    {
        QFile::resize(QString::fromStdString(path(name)), static_cast<qint64>(size));
    }
    void rename(const std::string& from, const std::string& to) const
    {
        if (std::rename(path(from).c_str(), path(to).c_str()) != 0) qFatal("cannot rename");
    }
    void remove(const std::string& name) const { QFile::remove(QString::fromStdString(path(name))); }
    void makeFolder(const std::string& name) const { QDir().mkpath(QString::fromStdString(path(name))); }
    /// Sets the time of the last change, in seconds since 1970.
    void touch(const std::string& name, std::int64_t seconds) const
    {
        const timespec times[2] = {{seconds, 0}, {seconds, 0}};
        if (::utimensat(-1, path(name).c_str(), times, 0) != 0) qFatal("cannot touch");
    }

private:
    void put(const std::string& name, const std::string& bytes, QIODevice::OpenMode mode) const
    {
        QFile file(QString::fromStdString(path(name)));
        if (!file.open(mode)) qFatal("cannot write");
        file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    }

    QTemporaryDir m_root;
};

inline std::string gzipped(const std::string& bytes)
{
    z_stream zlib{};
    deflateInit2(&zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&zlib, bytes.size()) + 64, '\0');
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    zlib.avail_in = static_cast<uInt>(bytes.size());
    zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib.avail_out = static_cast<uInt>(out.size());
    deflate(&zlib, Z_FINISH);
    out.resize(zlib.total_out);
    deflateEnd(&zlib);
    return out;
}

inline std::string zstdPacked(const std::string& bytes)
{
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
    return out;
}

/// What one or several loads gave.
struct Loaded {
    QStringList records; ///< "orders[0]@3 {...}"
    std::vector<event::Record> raw;
    std::vector<event::RecordBatch> batches;
    QStringList problems; ///< "orders[0]@3 text"
    QStringList tail; ///< of the last batch with a cut
    std::string cut;
    QString error; ///< of the function that failed; empty: none did
};

inline QString asText(const event::Problem& problem)
{
    return text(toText(problem.position)) + ' ' + text(base::render(problem.error));
}

inline void add(Loaded& loaded, event::RecordBatch batch)
{
    for (const event::Record& record : batch.records) {
        const event::Position position{batch.partition, record.offset};
        loaded.records.append(text(toText(position) + ' ' + std::string(record.value.value_or("(null)"))));
        loaded.raw.push_back(record);
    }
    for (const event::Problem& problem : batch.problems) loaded.problems.append(asText(problem));
    if (!batch.sourceCut.empty()) {
        loaded.cut = batch.sourceCut;
        loaded.tail.clear();
        for (const event::Problem& problem : batch.tailProblems) loaded.tail.append(asText(problem));
    }
    loaded.batches.push_back(std::move(batch));
}

/// Reads to the target, or until `maxBatches` were read.
inline void loadInto(Loaded& loaded, EventSource& source, const std::string& target, std::size_t maxBatches = SIZE_MAX)
{
    const auto opened = source.open(loaded.cut, target, {});
    if (!opened) loaded.error = text(base::render(opened.error()));
    for (std::size_t i = 0; opened && i < maxBatches; ++i) {
        auto batch = source.read({});
        if (!batch) loaded.error = text(base::render(batch.error()));
        if (!batch || !*batch) return;
        add(loaded, std::move(**batch));
    }
}

/// A load of what is there now, behind `cut`.
inline Loaded load(const std::vector<std::string>& paths, const std::string& cut = {})
{
    Loaded loaded;
    loaded.cut = cut;
    auto source = openFiles(paths);
    if (!source) {
        loaded.error = text(base::render(source.error()));
        return loaded;
    }
    const auto target = (*source)->target();
    if (!target) {
        loaded.error = text(base::render(target.error()));
        return loaded;
    }
    loadInto(loaded, **source, *target);
    return loaded;
}

inline bool grownBeyond(const std::vector<std::string>& paths, const std::string& cut)
{
    auto source = openFiles(paths);
    return source && (*source)->grownBeyond(cut).value_or(false);
}

} // namespace leftfold::source::test
