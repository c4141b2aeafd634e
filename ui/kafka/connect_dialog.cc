// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kafka/connect_dialog.h"

#include "ui/error_text.h"
#include "ui/kafka/kafka_texts.h"
#include "ui/kafka/profile_form.h"
#include "ui/kafka/topics_model.h"
#include "ui/panels/parts.h"
#include "ui/table/quiet_header.h"
#include "ui/texts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace leftfold::ui {

using workspace::Clusters;

namespace {

constexpr int kListWidth = 190;
constexpr int kPreviewHeight = 210;

QLabel* titled(const QString& text)
{
    auto* label = new QLabel(text);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    return label;
}

QLabel* wrapped()
{
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

/// Numbers stand below the end of the name of their column.
class TopicDelegate : public PaddedDelegate {
public:
    using PaddedDelegate::PaddedDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem moved = option;
        const int alignment = index.data(Qt::TextAlignmentRole).toInt();
        if ((alignment & Qt::AlignRight) != 0) moved.rect.setRight(option.rect.right() - 5);
        moved.state &= ~QStyle::State_HasFocus; // the row is lit
        PaddedDelegate::paint(painter, moved, index);
    }
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return PaddedDelegate::sizeHint(option, index) + QSize(16, 0);
    }
};

QTableView* quietTable(QAbstractItemModel* model, const QString& name, QuietHeader*& header)
{
    auto* table = new QTableView;
    header = new QuietHeader(8);
    table->setHorizontalHeader(header);
    table->setModel(model);
    table->setAccessibleName(name);
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(rowHeight(table->font()));
    table->verticalHeader()->setMinimumSectionSize(rowHeight(table->font()));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setItemDelegate(new TopicDelegate(table));
    table->setTabKeyNavigation(false);
    return table;
}

/// A place to begin or to end at: a word, or something typed.
struct Bound {
    QComboBox* kind = nullptr;
    QLineEdit* value = nullptr;

    [[nodiscard]] std::string text() const
    {
        const QString word = kind->currentData().toString();
        const QString typed = value->text().trimmed();
        if (word == QLatin1String("-N")) return typed.isEmpty() ? "-1000" : "-" + typed.toStdString();
        return word.isEmpty() ? typed.toStdString() : word.toStdString();
    }
    void showField() const
    {
        const QString word = kind->currentData().toString();
        value->setVisible(word.isEmpty() || word == QLatin1String("-N"));
        value->setPlaceholderText(word == QLatin1String("-N") ? QStringLiteral("1000")
                                                              : QStringLiteral("2026-01-31T12:00:00Z"));
    }
};

} // namespace

class ConnectDialog::Parts : public QObject {
public:
    explicit Parts(ConnectDialog& dialog) : m_dialog(dialog)
    {
        pages = new QStackedWidget;
        pages->addWidget(makeClusterPage());
        pages->addWidget(makeTopicsPage());
        auto* column = new QVBoxLayout(&dialog);
        column->setContentsMargins(16, 14, 16, 14);
        column->addWidget(pages);
        connectAll();
        showBounds();
        showChoice();
    }

    // What is shown.

    void show(const Clusters& clusters)
    {
        showProfiles(clusters.profiles);
        showConnection(clusters.connection);
        showTopics(clusters.topics);
        showPreview(clusters.preview);
    }
    void setColours(const Colours& given)
    {
        colours = given;
        m_topicsHeader->setColours(colours);
        m_previewHeader->setColours(colours);
        showSteps();
    }

    void goToTopics(const QString& chosen)
    {
        if (m_cluster != chosen) m_topicsModel->setTopics(nullptr);
        m_cluster = chosen;
        m_clusterTitle->setText(ConnectDialog::tr("Topics of %1").arg(chosen));
        m_previewOf.clear();
        m_previewModel->setPreview(nullptr);
        pages->setCurrentIndex(1);
        m_open->setDefault(true);
        m_filter->setFocus();
        emit m_dialog.topicsWanted(chosen, m_internal->isChecked());
        showChoice();
    }
    void goToClusters()
    {
        pages->setCurrentIndex(0);
        m_go->setDefault(true);
        m_form->edit();
    }

    [[nodiscard]] source::KafkaAddress chosen() const
    {
        source::KafkaAddress address;
        address.brokers = m_cluster.toStdString();
        for (const QString& topic : m_topicsModel->ticked()) address.topics.push_back({topic.toStdString(), {}});
        address.from = m_from.text();
        address.until = m_until.text();
        address.isolation = isolation();
        if (const QString key = m_key->text(); !key.isEmpty()) address.key = key.toStdString();
        return address;
    }
    [[nodiscard]] source::Isolation isolation() const
    {
        return m_isolation->currentIndex() == 0 ? source::Isolation::Committed : source::Isolation::Uncommitted;
    }

    QStackedWidget* pages = nullptr;
    Colours colours = lightColours();

private:
    // Making it.

    QWidget* makeClusterPage()
    {
        m_list = new QListWidget;
        m_list->setAccessibleName(ConnectDialog::tr("Profiles"));
        m_list->setFixedWidth(kListWidth);
        m_new = new QPushButton(ConnectDialog::tr("New"));
        m_import = new QPushButton(ConnectDialog::tr("Import…"));
        m_import->setToolTip(ConnectDialog::tr("A client.properties of Java, or a kcat.conf"));
        m_remove = new QPushButton(ConnectDialog::tr("Remove"));
        auto* under = new QGridLayout;
        under->setSpacing(8);
        under->addWidget(m_new, 0, 0);
        under->addWidget(m_remove, 0, 1);
        under->addWidget(m_import, 1, 0, 1, 2);
        auto* left = new QVBoxLayout;
        left->setSpacing(8);
        left->addWidget(titled(ConnectDialog::tr("Profiles")));
        left->addWidget(m_list, 1);
        m_noProfiles = new QLabel(ConnectDialog::tr("None yet. A cluster that needs no sign-in needs none."), m_list);
        m_noProfiles->setObjectName(QStringLiteral("secondary"));
        m_noProfiles->setWordWrap(true);
        m_noProfiles->setGeometry(10, 8, kListWidth - 20, 60);
        m_noProfiles->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        left->addLayout(under);

        m_form = new ProfileForm;
        m_steps = new QListWidget;
        m_steps->setAccessibleName(ConnectDialog::tr("Steps of the connection test"));
        m_steps->setSelectionMode(QAbstractItemView::NoSelection);
        m_steps->setFrameShape(QFrame::NoFrame);
        m_steps->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_message = wrapped();
        m_message->setAccessibleName(ConnectDialog::tr("Message"));
        auto* inside = new QWidget;
        auto* fields = new QVBoxLayout(inside);
        fields->setContentsMargins(0, 0, 4, 0);
        fields->addWidget(m_form);
        fields->addStretch(1);
        auto* scroll = new QScrollArea;
        scroll->setWidget(inside);
        scroll->setWidgetResizable(true);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        auto* right = new QVBoxLayout;
        right->addWidget(titled(ConnectDialog::tr("Cluster")));
        right->addWidget(scroll, 1);
        right->addWidget(m_message);
        right->addWidget(m_steps);

        m_save = new QPushButton(ConnectDialog::tr("Save"));
        m_test = new QPushButton(ConnectDialog::tr("Test the connection"));
        m_go = new QPushButton(ConnectDialog::tr("Choose topics"));
        auto* close = new QPushButton(ConnectDialog::tr("Cancel"));
        auto* note = new QLabel(ConnectDialog::tr("Leftfold only reads: no consumer group, no commit, no new topic."));
        note->setObjectName(QStringLiteral("secondary"));
        auto* buttons = new QHBoxLayout;
        buttons->addWidget(note, 1);
        for (QPushButton* button : {close, m_save, m_test, m_go}) buttons->addWidget(button);
        QObject::connect(close, &QPushButton::clicked, &m_dialog, &QDialog::reject);

        auto* page = new QWidget;
        auto* columns = new QHBoxLayout;
        columns->setSpacing(18);
        columns->addLayout(left);
        columns->addLayout(right, 1);
        auto* all = new QVBoxLayout(page);
        all->setContentsMargins(0, 0, 0, 0);
        all->setSpacing(12);
        all->addLayout(columns, 1);
        all->addLayout(buttons);
        return page;
    }

    QWidget* makeTopicsPage()
    {
        m_clusterTitle = titled({});
        m_filter = new QLineEdit;
        m_filter->setPlaceholderText(ConnectDialog::tr("Filter the topics"));
        m_filter->setAccessibleName(m_filter->placeholderText());
        m_filter->setClearButtonEnabled(true);
        m_internal = new QCheckBox(ConnectDialog::tr("Kafka's own topics too"));
        auto* head = new QHBoxLayout;
        head->setSpacing(12);
        head->addWidget(m_clusterTitle);
        head->addStretch(1);
        head->addWidget(m_internal);
        head->addWidget(m_filter, 1);

        m_topicsModel = new TopicsModel(this);
        m_proxy = new QSortFilterProxyModel(this);
        m_proxy->setSourceModel(m_topicsModel);
        m_proxy->setSortRole(TopicsModel::kSortRole);
        m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
        m_proxy->setSortCaseSensitivity(Qt::CaseInsensitive);
        m_topics = quietTable(m_proxy, ConnectDialog::tr("Topics"), m_topicsHeader);
        m_topics->setSortingEnabled(true);
        m_topics->sortByColumn(TopicsModel::Name, Qt::AscendingOrder);
        m_topicsHeader->setStretchLastSection(false);
        m_topicsHeader->setSectionResizeMode(TopicsModel::Name, QHeaderView::Stretch);
        for (int column = 1; column < TopicsModel::kColumns; ++column)
            m_topicsHeader->setSectionResizeMode(column, QHeaderView::ResizeToContents);
        m_topics->installEventFilter(this);
        m_note = wrapped();
        m_note->setObjectName(QStringLiteral("secondary"));
        m_note->setAccessibleName(ConnectDialog::tr("Message"));
        m_busy = new QProgressBar;
        m_busy->setRange(0, 0);
        m_busy->setTextVisible(false);
        m_busy->setAccessibleName(ConnectDialog::tr("Asking the cluster"));

        m_previewModel = new PreviewModel(this);
        m_preview = quietTable(m_previewModel, ConnectDialog::tr("Last records"), m_previewHeader);
        m_previewTitle = titled(ConnectDialog::tr("Last records"));
        m_previewHeader->setStretchLastSection(true);
        const int widths[] = {190, 205, 150};
        for (int column = 0; column < 3; ++column) m_previewHeader->resizeSection(column, widths[column]);
        m_preview->setMinimumHeight(kPreviewHeight / 2);
        auto* below = new QWidget;
        auto* previewColumn = new QVBoxLayout(below);
        previewColumn->setContentsMargins(0, 6, 0, 0);
        previewColumn->addWidget(m_previewTitle);
        previewColumn->addWidget(m_preview, 1);
        auto* split = new QSplitter(Qt::Vertical);
        split->addWidget(m_topics);
        split->addWidget(below);
        split->setStretchFactor(0, 3);
        split->setStretchFactor(1, 2);
        split->setChildrenCollapsible(false);

        auto* page = new QWidget;
        auto* all = new QVBoxLayout(page);
        all->setContentsMargins(0, 0, 0, 0);
        all->setSpacing(10);
        all->addLayout(head);
        all->addWidget(m_busy);
        all->addWidget(m_note);
        all->addWidget(split, 1);
        all->addLayout(makeRange());
        all->addLayout(makeOpening());
        return page;
    }

    QLayout* makeRange()
    {
        const auto bound = [this](Bound& made, const QString& name, bool isFrom) {
            made.kind = new QComboBox;
            made.kind->setAccessibleName(name);
            if (isFrom) made.kind->addItem(ConnectDialog::tr("the earliest record"), QStringLiteral("earliest"));
            made.kind->addItem(isFrom ? ConnectDialog::tr("what comes from now on") : ConnectDialog::tr("the end"),
                               QStringLiteral("latest"));
            if (isFrom) made.kind->addItem(ConnectDialog::tr("the last … of each partition"), QStringLiteral("-N"));
            made.kind->addItem(ConnectDialog::tr("a time or an offset"), QString());
            made.value = new QLineEdit;
            made.value->setAccessibleName(ConnectDialog::tr("%1: value").arg(name));
            made.value->setFixedWidth(180);
            QObject::connect(made.kind, &QComboBox::currentIndexChanged, this, [this] { showBounds(); });
            QObject::connect(made.value, &QLineEdit::textChanged, this, [this] { showChoice(); });
        };
        bound(m_from, ConnectDialog::tr("From"), true);
        bound(m_until, ConnectDialog::tr("Until"), false);
        m_isolation = new QComboBox;
        m_isolation->setAccessibleName(ConnectDialog::tr("Isolation level"));
        for (const auto level : {source::Isolation::Committed, source::Isolation::Uncommitted}) {
            m_isolation->addItem(isolationText(level));
            m_isolation->setItemData(m_isolation->count() - 1, isolationExplained(level), Qt::ToolTipRole);
        }
        m_key = new QLineEdit;
        m_key->setAccessibleName(ConnectDialog::tr("Only the key"));
        m_key->setPlaceholderText(ConnectDialog::tr("all keys"));
        m_key->setToolTip(
            ConnectDialog::tr("Reads only records with this key: first the partition where producers put it"));
        m_key->setMinimumWidth(120);
        auto* row = new QHBoxLayout;
        row->setSpacing(8);
        for (const auto& [label, boundOf] :
             {std::pair(ConnectDialog::tr("From"), &m_from), std::pair(ConnectDialog::tr("Until"), &m_until)}) {
            row->addWidget(new QLabel(label));
            row->addWidget(boundOf->kind);
            row->addWidget(boundOf->value);
            row->addSpacing(8);
        }
        row->addWidget(new QLabel(ConnectDialog::tr("Transactions")));
        row->addWidget(m_isolation);
        row->addSpacing(8);
        row->addWidget(new QLabel(ConnectDialog::tr("Only the key")));
        row->addWidget(m_key, 1);
        return row;
    }

    QLayout* makeOpening()
    {
        m_addressText = new QLabel;
        m_addressText->setObjectName(QStringLiteral("secondary"));
        m_addressText->setFont(dataFont(m_addressText->font()));
        m_addressText->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_addressText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        m_addressText->setAccessibleName(ConnectDialog::tr("Address"));
        m_live = new QCheckBox(ConnectDialog::tr("Stay at the end"));
        m_live->setToolTip(ConnectDialog::tr("Live: the playhead stays at the end while records come"));
        m_back = new QPushButton(ConnectDialog::tr("Back"));
        m_again = new QPushButton(ConnectDialog::tr("Look again"));
        m_open = new QPushButton(ConnectDialog::tr("Open"));
        auto* row = new QHBoxLayout;
        row->addWidget(m_addressText, 1);
        row->addWidget(m_live);
        for (QPushButton* button : {m_again, m_back, m_open}) row->addWidget(button);
        return row;
    }

    void connectAll()
    {
        const auto clicked = [this](QPushButton* button, auto slot) {
            button->setAutoDefault(true);
            QObject::connect(button, &QPushButton::clicked, this, slot);
        };
        clicked(m_new, [this] {
            m_list->clearSelection();
            m_list->setCurrentRow(-1);
            m_form->setProfile({});
            m_form->edit();
        });
        clicked(m_import, [this] { import(); });
        clicked(m_remove, [this] { remove(); });
        clicked(m_save, [this] { save(); });
        clicked(m_test, [this] { emit m_dialog.testWanted(testable(), m_form->secrets()); });
        clicked(m_go, [this] { goOn(); });
        clicked(m_back, [this] { goToClusters(); });
        clicked(m_again, [this] { emit m_dialog.topicsWanted(m_cluster, m_internal->isChecked()); });
        clicked(m_open, [this] { open(); });
        QObject::connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) { fill(row); });
        QObject::connect(m_list, &QListWidget::itemDoubleClicked, this, [this] { goOn(); });
        QObject::connect(m_form, &ProfileForm::changed, this, [this] { showForm(); });
        QObject::connect(m_filter, &QLineEdit::textChanged, m_proxy, &QSortFilterProxyModel::setFilterFixedString);
        QObject::connect(m_internal, &QCheckBox::toggled, this,
                         [this](bool on) { emit m_dialog.topicsWanted(m_cluster, on); });
        QObject::connect(m_topicsModel, &TopicsModel::tickedChanged, this, [this] { showChoice(); });
        QObject::connect(m_topics->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
                         [this](const QModelIndex& index) { wantPreview(index); });
        QObject::connect(m_topics, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
            tick(index, true);
            open();
        });
        QObject::connect(m_isolation, &QComboBox::currentIndexChanged, this, [this] {
            m_previewOf.clear();
            wantPreview(m_topics->currentIndex());
            showChoice();
        });
        QObject::connect(m_key, &QLineEdit::textChanged, this, [this] { showChoice(); });
    }

    // What is done.

    void goOn()
    {
        if (m_form->isPlain()) return goToTopics(text(m_form->profile().properties.at("bootstrap.servers")));
        m_goesOn = true;
        save();
    }
    void save()
    {
        m_message->clear();
        emit m_dialog.profilesWanted(workspace::SaveProfile{m_form->profile(), m_form->secrets()});
    }
    void remove()
    {
        if (m_list->currentItem() == nullptr) return;
        const QString name = m_list->currentItem()->text();
        QMessageBox question(QMessageBox::Question, ConnectDialog::tr("Remove a profile"),
                             ConnectDialog::tr("Remove the profile %1? What it says cannot be had back; secrets stay "
                                               "where they are kept.")
                                 .arg(name),
                             QMessageBox::Cancel, &m_dialog);
        const auto* yes = question.addButton(ConnectDialog::tr("Remove"), QMessageBox::DestructiveRole);
        question.exec();
        if (question.clickedButton() == yes) emit m_dialog.profilesWanted(workspace::RemoveProfile{name.toStdString()});
    }
    void import()
    {
        const QString path =
            QFileDialog::getOpenFileName(&m_dialog, ConnectDialog::tr("Import settings of another program"), {},
                                         ConnectDialog::tr("Settings") + QStringLiteral(" (*.properties *.conf);;")
                                             + ConnectDialog::tr("All files") + QStringLiteral(" (*)"));
        if (path.isEmpty()) return;
        emit m_dialog.profilesWanted(
            workspace::ImportProfile{QFileInfo(path).completeBaseName().toStdString(), path.toStdString()});
    }
    /// A test needs no name.
    [[nodiscard]] source::KafkaProfile testable() const
    {
        source::KafkaProfile profile = m_form->profile();
        if (profile.name.empty()) profile.name = "new";
        return profile;
    }
    void open()
    {
        if (m_open->isEnabled()) emit m_dialog.openWanted(m_dialog.address(), m_live->isChecked());
    }
    void tick(const QModelIndex& index, bool on)
    {
        if (index.isValid())
            m_proxy->setData(index.siblingAtColumn(TopicsModel::Name), on ? Qt::Checked : Qt::Unchecked,
                             Qt::CheckStateRole);
    }
    void wantPreview(const QModelIndex& index)
    {
        const QString topic = m_topicsModel->nameAt(m_proxy->mapToSource(index).row());
        if (!index.isValid() || topic.isEmpty() || topic == m_previewOf) return;
        m_previewOf = topic;
        m_previewModel->setPreview(nullptr);
        m_previewTitle->setText(ConnectDialog::tr("Last records of %1…").arg(topic));
        emit m_dialog.previewWanted(m_cluster, topic, isolation());
    }

    // What is shown.

    void fill(int row)
    {
        if (row < 0 || !m_profiles || static_cast<std::size_t>(row) >= m_profiles->profiles.size()) return;
        m_form->setProfile(m_profiles->profiles[static_cast<std::size_t>(row)]);
        showForm();
    }
    void showForm()
    {
        const auto profile = m_form->profile();
        const bool hasBrokers = profile.properties.contains("bootstrap.servers");
        m_save->setEnabled(hasBrokers && !profile.name.empty());
        m_test->setEnabled(hasBrokers && !m_isTesting);
        m_go->setEnabled(hasBrokers && (m_form->isPlain() || !profile.name.empty()));
        m_go->setToolTip(m_go->isEnabled() || !hasBrokers
                             ? QString()
                             : ConnectDialog::tr("Give it a name first: it is kept as a profile"));
        m_remove->setEnabled(m_list->currentRow() >= 0);
    }
    void showProfiles(const workspace::Asked<workspace::AskProfiles>& asked)
    {
        if (asked.isWaiting) return;
        if (asked.error && asked.ticket != m_profilesTicket) {
            m_goesOn = false;
            m_message->setText(QStringLiteral("⚠ ") + errorText(*asked.error));
        }
        m_profilesTicket = asked.ticket;
        if (!asked.answer || asked.answer == m_profiles) return showForm();
        m_profiles = asked.answer;
        const QString before =
            m_list->currentItem() != nullptr ? m_list->currentItem()->text() : text(m_profiles->changed);
        const QString wanted = m_profiles->changed.empty() ? before : text(m_profiles->changed);
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        for (const auto& profile : m_profiles->profiles) {
            auto* item = new QListWidgetItem(text(profile.name), m_list);
            item->setToolTip(text(profile.properties.at("bootstrap.servers")));
            item->setSizeHint({0, rowHeight(m_list->font())});
            if (item->text() == wanted) m_list->setCurrentItem(item);
        }
        m_noProfiles->setVisible(m_profiles->profiles.empty());
        QStringList notes;
        for (const base::Error& error : m_profiles->unreadable) notes += errorText(error);
        for (const std::string& note : m_profiles->notes) notes += text(note);
        m_message->setText(notes.join(u'\n'));
        fill(m_list->currentRow());
        showForm();
        if (std::exchange(m_goesOn, false) && !m_profiles->changed.empty()) goToTopics(text(m_profiles->changed));
    }

    void showConnection(const workspace::Asked<workspace::AskConnection>& asked)
    {
        m_isTesting = asked.isWaiting;
        m_connection = asked.answer;
        m_connectionError = asked.error;
        m_test->setText(m_isTesting ? ConnectDialog::tr("Testing…") : ConnectDialog::tr("Test the connection"));
        showForm();
        showSteps();
    }
    void showSteps()
    {
        m_steps->clear();
        const auto add = [this](bool isGood, const QString& words) {
            auto* item = new QListWidgetItem((isGood ? QStringLiteral("✓  ") : QStringLiteral("✗  ")) + words, m_steps);
            item->setForeground(isGood ? colours.good : colours.bad);
            item->setToolTip(words);
            item->setSizeHint({0, rowHeight(m_steps->font())});
        };
        if (m_connection) {
            for (const source::ConnectionStep& step : m_connection->steps) {
                const QString outcome = stepOutcome(step);
                add(step.isGood,
                    outcome.isEmpty() ? stepName(step) : ConnectDialog::tr("%1: %2").arg(stepName(step), outcome));
            }
        }
        if (m_connectionError) add(false, errorText(*m_connectionError));
        m_steps->setVisible(m_steps->count() > 0);
        m_steps->setFixedHeight(std::max(1, m_steps->count()) * rowHeight(m_steps->font()) + 10);
    }

    void showTopics(const workspace::Asked<workspace::AskTopics>& asked)
    {
        m_busy->setVisible(asked.isWaiting);
        if (asked.answer != m_topicsShown) {
            m_topicsShown = asked.answer;
            m_topicsModel->setTopics(asked.answer);
            if (!m_topics->currentIndex().isValid() && m_proxy->rowCount() > 0)
                m_topics->setCurrentIndex(m_proxy->index(0, 0));
        }
        QString words;
        if (asked.error) {
            words = QStringLiteral("⚠ ") + errorText(*asked.error);
        } else if (asked.isWaiting && !asked.answer) {
            words = ConnectDialog::tr("Asking %1…").arg(m_cluster);
        } else if (asked.answer && asked.answer->topics.empty()) {
            words = ConnectDialog::tr("There are no topics here, or this user may not see them.");
        }
        m_note->setText(words);
        m_note->setVisible(!words.isEmpty());
    }

    void showPreview(const workspace::Asked<workspace::AskPreview>& asked)
    {
        if (asked.isWaiting || m_previewOf.isEmpty()) return;
        if (asked.error) {
            m_previewTitle->setText(
                ConnectDialog::tr("No last records of %1: %2").arg(m_previewOf, errorText(*asked.error)));
        } else if (asked.answer && text(asked.answer->topic) == m_previewOf && asked.answer != m_previewShown) {
            m_previewShown = asked.answer;
            m_previewModel->setPreview(asked.answer);
            m_previewTitle->setText(asked.answer->rows.empty()
                                        ? ConnectDialog::tr("%1 holds no records").arg(m_previewOf)
                                        : ConnectDialog::tr("Last records of %1").arg(m_previewOf));
        }
    }

    void showBounds()
    {
        m_from.showField();
        m_until.showField();
        showChoice();
    }
    void showChoice()
    {
        const source::KafkaAddress address = chosen();
        QString wrong;
        for (const std::string& bound : {address.from, address.until}) {
            const auto parsed = source::parseKafkaBound(bound);
            if (!parsed && wrong.isEmpty()) wrong = errorText(parsed.error());
        }
        const bool isChosen = !address.topics.empty();
        m_open->setEnabled(isChosen && wrong.isEmpty());
        m_addressText->setText(!wrong.isEmpty() ? wrong
                               : isChosen       ? text(toText(address))
                                                : ConnectDialog::tr("Tick the topics that are to be one log"));
        m_addressText->setFont(isChosen && wrong.isEmpty() ? dataFont(m_dialog.font()) : m_dialog.font());
        m_addressText->setToolTip(m_addressText->text());
        m_open->setText(address.topics.size() > 1 ? ConnectDialog::tr("Open %1 topics").arg(address.topics.size())
                                                  : ConnectDialog::tr("Open"));
    }

    /// Space ticks the topic one stands on, wherever in its row.
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        const bool isSpace =
            event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space;
        if (watched != m_topics || !isSpace) return QObject::eventFilter(watched, event);
        const QModelIndex at = m_topics->currentIndex().siblingAtColumn(TopicsModel::Name);
        tick(at, at.data(Qt::CheckStateRole).toInt() != Qt::Checked);
        return true;
    }

    ConnectDialog& m_dialog;
    QString m_cluster;
    QListWidget* m_list = nullptr;
    QLabel* m_noProfiles = nullptr;
    QPushButton* m_new = nullptr;
    QPushButton* m_import = nullptr;
    QPushButton* m_remove = nullptr;
    ProfileForm* m_form = nullptr;
    QListWidget* m_steps = nullptr;
    QLabel* m_message = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_test = nullptr;
    QPushButton* m_go = nullptr;
    QLabel* m_clusterTitle = nullptr;
    QLineEdit* m_filter = nullptr;
    QCheckBox* m_internal = nullptr;
    TopicsModel* m_topicsModel = nullptr;
    QSortFilterProxyModel* m_proxy = nullptr;
    QTableView* m_topics = nullptr;
    QuietHeader* m_topicsHeader = nullptr;
    QLabel* m_note = nullptr;
    QProgressBar* m_busy = nullptr;
    PreviewModel* m_previewModel = nullptr;
    QTableView* m_preview = nullptr;
    QuietHeader* m_previewHeader = nullptr;
    QLabel* m_previewTitle = nullptr;
    Bound m_from;
    Bound m_until;
    QComboBox* m_isolation = nullptr;
    QLineEdit* m_key = nullptr;
    QLabel* m_addressText = nullptr;
    QCheckBox* m_live = nullptr;
    QPushButton* m_again = nullptr;
    QPushButton* m_back = nullptr;
    QPushButton* m_open = nullptr;
    std::shared_ptr<const workspace::Profiles> m_profiles;
    workspace::Ticket m_profilesTicket = 0;
    std::shared_ptr<const workspace::ConnectionReport> m_connection;
    std::optional<base::Error> m_connectionError;
    std::shared_ptr<const workspace::TopicList> m_topicsShown;
    std::shared_ptr<const workspace::Preview> m_previewShown;
    QString m_previewOf; ///< the topic it is asked of
    bool m_isTesting = false;
    bool m_goesOn = false; ///< to the topics, once the profile is saved
};

ConnectDialog::ConnectDialog(QWidget* parent) : QDialog(parent)
{
    setWindowTitle(ConnectDialog::tr("Connect to Kafka"));
    resize(1080, 720);
    m_parts = std::make_unique<Parts>(*this);
}

ConnectDialog::~ConnectDialog() = default;

void ConnectDialog::setColours(const Colours& colours)
{
    m_parts->setColours(colours);
}

void ConnectDialog::show(const Clusters& clusters)
{
    m_parts->show(clusters);
}

void ConnectDialog::begin(const QString& cluster)
{
    emit profilesWanted({});
    cluster.isEmpty() ? m_parts->goToClusters() : m_parts->goToTopics(cluster);
    open();
}

QString ConnectDialog::address() const
{
    const source::KafkaAddress chosen = m_parts->chosen();
    return chosen.topics.empty() ? QString() : text(toText(chosen));
}

void ConnectDialog::done(int result)
{
    QDialog::done(result);
    emit left();
}

} // namespace leftfold::ui
