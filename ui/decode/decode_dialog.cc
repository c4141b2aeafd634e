// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/decode/decode_dialog.h"

#include "core/decode/text.h"
#include "ui/decode/decode_texts.h"
#include "ui/error_text.h"
#include "ui/panels/json_tree.h"
#include "ui/panels/parts.h"
#include "ui/texts.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace leftfold::ui {

using decode::DecoderTrial;
using decode::RecordPart;
using workspace::AskTrials;
using workspace::Trials;

namespace {

constexpr std::size_t kShortPreview = 160;
constexpr int kWayWidth = 260;
constexpr int kTreeHeight = 180;

QString wayText(const DecoderTrial& trial)
{
    if (trial.rule.format == decode::PayloadFormat::Automatic)
        return QCoreApplication::translate("leftfold::ui::Decoding", "Automatic (%1)").arg(noteText(trial.note));
    const QString way = noteText(trial.note);
    return trial.rule.message.empty() ? way : way + QStringLiteral(", ") + text(trial.rule.message);
}

/// Of one way alone it need not be said that the bytes stay as they are.
QString reasonText(const base::Error& error)
{
    const bool isOfOneWay = error.code == base::ErrorCode::PayloadKept && error.args.size() > 1;
    return isOfOneWay ? text(error.args[1]) : errorText(error);
}

} // namespace

class DecodeDialog::Parts {
public:
    explicit Parts(DecodeDialog& dialog) : m_dialog(dialog)
    {
        dialog.setWindowTitle(tr("Decode payloads"));
        dialog.setObjectName(QStringLiteral("decode"));
        dialog.resize(820, 560);
        m_what = new QLabel;
        m_what->setWordWrap(true);
        m_part = new QComboBox;
        m_part->addItem(tr("Values"));
        m_part->addItem(tr("Keys"));
        m_part->setAccessibleName(tr("Which part of the records"));
        m_file = new QPushButton(tr("Schema from a file…"));
        auto* const top = new QHBoxLayout;
        top->addWidget(m_what, 1);
        top->addWidget(m_part);
        top->addWidget(m_file);
        m_list = makeList();
        m_tree = new JsonTree;
        m_tree->setMinimumHeight(kTreeHeight);
        m_error = new QLabel;
        m_error->setWordWrap(true);
        m_error->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        m_error->setAccessibleName(tr("What is wrong"));
        m_error->hide();
        auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close);
        m_use = buttons->addButton(tr("Read all of them so"), QDialogButtonBox::ApplyRole);
        m_use->setDefault(true);
        m_file->setAutoDefault(false);
        auto* const column = new QVBoxLayout(&dialog);
        column->addLayout(top);
        column->addWidget(m_list, 1);
        column->addWidget(m_tree);
        column->addWidget(m_error);
        column->addWidget(buttons);
        connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
        connect(m_use, &QPushButton::clicked, &dialog, [this] { use(); });
        connect(m_file, &QPushButton::clicked, &dialog, [this] { chooseFile(); });
        connect(m_part, &QComboBox::currentIndexChanged, &dialog, [this] { ask(); });
        connect(m_list, &QTableWidget::itemSelectionChanged, &dialog, [this] { showChosen(); });
    }

    void begin(event::EventIndex index)
    {
        m_index = index;
        m_schemaFile.clear();
        ask();
        m_dialog.QDialog::show();
        m_dialog.raise();
    }
    void show(const workspace::Open& open)
    {
        const auto& asked = open.of<AskTrials>();
        if (asked.isWaiting) return;
        m_error->setVisible(asked.error.has_value());
        if (asked.error) m_error->setText(errorText(*asked.error));
        if (asked.answer != m_shown) showTrials(asked.answer);
    }
    void setColours(const Colours& colours)
    {
        m_colours = colours;
        m_tree->setColours(colours);
        m_header->setColours(colours);
        setInk(m_error, colours.bad);
    }

private:
    QTableWidget* makeList()
    {
        auto* const list = new QTableWidget(0, 2);
        m_header = new QuietHeader;
        list->setHorizontalHeader(m_header);
        list->setHorizontalHeaderLabels({tr("read as"), tr("what it is then, or why it cannot be")});
        list->setItemDelegate(new PaddedDelegate(list));
        list->setAccessibleName(tr("Decoders"));
        list->setShowGrid(false);
        list->setEditTriggers(QAbstractItemView::NoEditTriggers);
        list->setSelectionBehavior(QAbstractItemView::SelectRows);
        list->setSelectionMode(QAbstractItemView::SingleSelection);
        list->verticalHeader()->hide();
        list->verticalHeader()->setDefaultSectionSize(rowHeight(m_dialog.font()));
        m_header->resizeSection(0, kWayWidth);
        m_header->setStretchLastSection(true);
        return list;
    }

    void ask()
    {
        const auto part = m_part->currentIndex() == 0 ? RecordPart::Value : RecordPart::Key;
        emit m_dialog.trialsWanted({m_index, part, m_schemaFile.toStdString()});
    }
    void chooseFile()
    {
        const QString path = QFileDialog::getOpenFileName(
            &m_dialog, m_file->text(), m_schemaFile,
            tr("Schemas") + QStringLiteral(" (*.avsc *.proto *.json *.desc *.pb *.protoset);;") + tr("All files")
                + QStringLiteral(" (*)"));
        if (path.isEmpty()) return;
        m_schemaFile = path;
        ask();
    }

    void showTrials(std::shared_ptr<const Trials> shown)
    {
        m_shown = std::move(shown);
        const auto count = m_shown ? static_cast<int>(m_shown->trials.size()) : 0;
        m_list->setRowCount(count);
        int chosen = -1;
        for (int row = 0; row < count; ++row) {
            const DecoderTrial& trial = m_shown->trials[static_cast<std::size_t>(row)];
            fillRow(row, trial);
            if (trial.isInForce) chosen = row;
        }
        if (m_shown) {
            const QString place = QStringLiteral("#%1").arg(m_shown->index.value);
            m_what->setText(count == 0 ? tr("Event %1 has none: it is null.").arg(place)
                                       : tr("How those of topic %1 are read, and what comes of event %2")
                                             .arg(text(m_shown->topic), place));
        }
        if (chosen >= 0) m_list->selectRow(chosen);
        showChosen();
    }
    void fillRow(int row, const DecoderTrial& trial)
    {
        auto* const way = new QTableWidgetItem(wayText(trial));
        QFont font = m_dialog.font();
        font.setBold(trial.isInForce);
        way->setFont(font);
        if (trial.isInForce) way->setToolTip(tr("So they are read now"));
        const QString why = trial.note.kept ? reasonText(*trial.note.kept) : QString();
        auto* const what = new QTableWidgetItem(trial.seen ? text(decode::printable(*trial.seen, kShortPreview)) : why);
        if (trial.seen) what->setFont(dataFont(m_dialog.font()));
        if (!trial.seen) {
            what->setForeground(m_colours.secondary);
            what->setToolTip(why);
        }
        m_list->setItem(row, 0, way);
        m_list->setItem(row, 1, what);
    }
    [[nodiscard]] const DecoderTrial* chosen() const
    {
        const int row = m_list->currentRow();
        return m_shown && row >= 0 && row < m_list->rowCount() ? &m_shown->trials[static_cast<std::size_t>(row)]
                                                               : nullptr;
    }
    void showChosen()
    {
        const DecoderTrial* trial = chosen();
        m_use->setEnabled(trial != nullptr && !trial->isInForce);
        std::optional<event::Document> document;
        if (trial != nullptr && trial->seen) {
            if (auto parsed = event::Document::parse(*trial->seen)) document = std::move(*parsed);
        }
        const bool isText = trial != nullptr && trial->seen && !document;
        const QString why = trial != nullptr && trial->note.kept ? reasonText(*trial->note.kept) : QString();
        m_tree->setEmptyText(isText ? text(decode::printable(*trial->seen, 4 * kShortPreview)) : why);
        m_tree->setDocument(std::move(document));
    }
    void use()
    {
        const DecoderTrial* trial = chosen();
        if (trial == nullptr) return;
        workspace::DecodeLog action{{trial->rule}, {}};
        if (!trial->rule.schema.empty()) action.schemas = m_shown->schemas;
        m_dialog.accept();
        emit m_dialog.decodeWanted(action);
    }

    DecodeDialog& m_dialog;
    QLabel* m_what = nullptr;
    QComboBox* m_part = nullptr;
    QPushButton* m_file = nullptr;
    QTableWidget* m_list = nullptr;
    QuietHeader* m_header = nullptr;
    JsonTree* m_tree = nullptr;
    QLabel* m_error = nullptr;
    QPushButton* m_use = nullptr;
    Colours m_colours = lightColours();
    event::EventIndex m_index;
    QString m_schemaFile;
    std::shared_ptr<const Trials> m_shown;
};

DecodeDialog::DecodeDialog(QWidget* parent) : QDialog(parent), m_parts(std::make_unique<Parts>(*this)) {}

DecodeDialog::~DecodeDialog() = default;

void DecodeDialog::setColours(const Colours& colours)
{
    m_parts->setColours(colours);
}

void DecodeDialog::begin(event::EventIndex index)
{
    m_parts->begin(index);
}

void DecodeDialog::show(const workspace::Open& open)
{
    m_parts->show(open);
}

} // namespace leftfold::ui
