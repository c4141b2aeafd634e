// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/event/document.h"
#include "core/event/offset.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::ui {

/// One event, with all that its log says of it.
struct EventDetail {
    event::EventIndex index;
    event::Position position;
    base::Time effective = base::kBeginningOfTime;
    std::optional<base::Time> time; ///< its own, by the mapping
    std::optional<base::Time> timestamp; ///< the log's
    std::string type;
    std::optional<std::string> aggregate;
    std::optional<std::string> key; ///< the record's key, bytes
    std::optional<std::string> value; ///< as it is seen: decoded; none: a tombstone
    std::optional<std::string> raw; ///< the value as the log holds it, where it was decoded
    std::optional<event::Document> document; ///< the value decoded; none: it is no document, see `problem`
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    QString problem; ///< why it could not be decoded, or read at all; else empty
    QString decoded; ///< how the value was decoded: "Avro by orders-value version 2"; empty: it stands as it is
    QString schema; ///< the key of its schema; empty: it has none
};

/// An event as a tree, raw, in hex, and its headers.
class EventPanel : public QWidget {
    Q_OBJECT

public:
    enum class Tab { Tree, Raw, Hex, Headers };

    explicit EventPanel(QWidget* parent = nullptr);
    ~EventPanel() override;
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    /// None: no event is looked at.
    void setEvent(std::optional<EventDetail> event);
    void showTab(Tab tab);
    [[nodiscard]] Tab tab() const;

signals:
    void aggregateWanted(QString id);
    void goToWanted(quint64 eventIndex);
    void decodersWanted(quint64 eventIndex);
    void schemaWanted(QString key);

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

/// Bytes as text, and how many more there are than `maxBytes`: a pane of text cannot be given 16 MB.
[[nodiscard]] QString readable(std::string_view bytes, std::size_t maxBytes);

} // namespace leftfold::ui
