// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file.h"
#include "core/event/json_walker.h"
#include "core/snapshot/export_reader.h"

namespace leftfold::snapshot {

/// Appends a row and a line break: {"id":"...","state":...}; "idBase64" instead of an id that is no UTF-8; "change" between
/// the two where there is one, and no state where that is "deleted". The state's members keep their order, its numbers
/// their digits. Fails with NotExportable where a text of the state is no WTF-8, which JSON cannot say.
[[nodiscard]] base::Result<void> appendJsonLine(std::string& out, base::ByteView id, RowChange change,
                                                event::Value state);

/// Such lines, also those of `leftfold ls --json`. A last line without a line break is a line.
class JsonLinesReader final : public ExportReader {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<JsonLinesReader>> open(const std::string& path);

private:
    JsonLinesReader(const std::string& path, base::FileBlocks blocks)
        : ExportReader(path, ExportFormat::JsonLines),
          m_blocks(std::move(blocks))
    {}
    [[nodiscard]] base::Result<std::optional<ExportedState>> read() override;
    [[nodiscard]] base::Result<bool> readLine();

    base::FileBlocks m_blocks;
    base::ByteView m_left; ///< of the block at hand
    bool m_atEnd = false;
    std::string m_line;
    event::JsonReader m_reader;
};

} // namespace leftfold::snapshot
