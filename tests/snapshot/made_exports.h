// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/export.h"
#include "core/snapshot/export_reader.h"
#include "core/snapshot/verify.h"
#include "tests/snapshot/made_documents.h"

#include <QDir>
#include <QTest>

/// Exports of made logs, and what is found when they are read again.
namespace leftfold::snapshot::test {

inline void addFormats()
{
    QTest::addColumn<QString>("format");
    QTest::newRow("JSON lines") << "jsonl";
    QTest::newRow("CSV") << "csv";
    QTest::newRow("SQLite") << "sqlite";
}

inline ExportOptions exportTo(const std::string& path, const QString& format)
{
    ExportOptions options;
    options.path = path;
    options.format = *exportFormatNamed(format.toStdString());
    options.at = "somewhere";
    options.version = "1.2.3";
    options.folding.workers = 2;
    return options;
}

inline std::vector<ExportedState> rowsOf(const std::string& path)
{
    const auto reader = must(ExportReader::open(path));
    std::vector<ExportedState> rows;
    while (auto row = must(reader->next())) rows.push_back(std::move(*row));
    return rows;
}

inline QStringList filesIn(const std::string& folder)
{
    return QDir(QString::fromStdString(folder)).entryList(QDir::Files | QDir::Hidden | QDir::System);
}

/// What verifying says, with the log.
inline VerifyReport verified(const MadeDocuments& made, const std::string& path)
{
    VerifyReport report;
    const auto manifest = must(verifyFile(path, {}, report));
    if (manifest) must(verifyAgainstLog(path, *manifest, made.reader(), made.projection(), {}, {}, {}, report));
    return report;
}

} // namespace leftfold::snapshot::test
