// From queued leaves to a cosigned checkpoint.
#include "node/sequence_record.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "node/deliver_outbox.hpp"
#include "node/tile_files.hpp"
#include "record/witness.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

constexpr std::size_t leaves_at_once = 10'000;
const std::string folder = "record/";
const std::string checkpoint_file = folder + "checkpoint";

bool is_by(const record::NoteSignature& line, const record::VerifierKey& key) {
    return line.name == key.name && line.id == key.id;
}

// By the times of both: a cosignature of a witness whose clock is behind is asked for once more,
// and then counted from when it came (`cosigned_`).
bool is_fresh(const record::NoteSignature& line, const record::VerifierKey& key, Instant now) {
    const Instant at{std::chrono::seconds{static_cast<std::int64_t>(record::time_of(line, key))}};
    return now - at < cosignature_age;
}

} // namespace

Result<record::Policy> witness_policy(const directory::Directory& directory) {
    std::string text;
    for (const auto& participant : directory.participants())
        if (!participant.record.vkey.empty()) text += "log " + participant.record.vkey + "\n";
    return record::Policy::parse(text + directory.witness_policy());
}

Sequencer::Sequencer(Node& node) : node_(node) {}

Result<void> Sequencer::start() {
    if (!node_.keys().record)
        return refuse(Code::not_initialised, say("this node has no record key"));
    const auto published = node_.files().read(checkpoint_file);
    TRY(const auto directory, node_.directory());
    const auto* self = directory->find(node_.self());
    if (!self) return refuse(Code::performer_unknown, node_.self().str());
    if (published) {
        TRY(const auto vkey, record::VerifierKey::parse(self->record.vkey));
        TRY(const auto opened, record::open_checkpoint(*published, vkey));
        std::int64_t leaves = 0;
        node_.store().read([&](StoreReader& reader) { leaves = reader.leaf_count(); });
        size_ = opened.checkpoint.size;
        if (static_cast<std::uint64_t>(leaves) < size_)
            return refuse(
                Code::proof_wrong,
                say("the published record has {} leaves and the store {}: the store is "
                    "older than the record",
                    size_, leaves));
        TRY(writer_, record::TileWriter::recover(size_, tiles_in(node_.files(), folder)));
        if (writer_.root() != opened.checkpoint.root)
            return refuse(
                Code::proof_wrong,
                say("the tiles do not have the root of the published checkpoint"));
        checkpoint_ = *published;
    }
    cache_ = std::make_unique<record::TileCache>(tiles_in(node_.files(), folder), size_);
    return cosign_check(*directory);
}

// A witness that has seen more of our record than we have: this node stands on an old back-up.
Result<void> Sequencer::cosign_check(const directory::Directory& directory) {
    TRY(const auto policy, witness_policy(directory));
    const auto& own = directory.find(node_.self())->record;
    TRY(const auto vkey, record::VerifierKey::parse(own.vkey));
    for (const auto& witness : policy.witnesses()) {
        if (ParticipantId(witness.name) == node_.self()) continue;
        Said problem;
        const auto answer = node_.peers().call(
            ParticipantId(witness.name),
            {"GET",
             fmt::format("/witness/v1/{}/checkpoint", record::origin_directory(own.origin)),
             {},
             {},
             ""},
            problem);
        if (!answer || answer->status != 200) continue; // asked again with each checkpoint
        // What this node's own key did not sign proves nothing: a witness cannot stop a record
        // alone.
        const auto seen = record::open_checkpoint(answer->body, vkey);
        if (!seen) {
            node_.log(
                "witness answered wrongly",
                {{"witness", witness.name}, {"code", std::string(seen.error().name())}});
            continue;
        }
        if (seen->checkpoint.size > size_)
            return refuse(
                Code::proof_wrong,
                say("{} has cosigned {} leaves of this record, of which {} are here: this node was restored "
                    "from an old back-up and must not go on",
                    witness.name, seen->checkpoint.size, size_));
    }
    return {};
}

Result<bool> Sequencer::beat() {
    std::int64_t leaves = 0;
    node_.store().read([&](StoreReader& reader) { leaves = reader.leaf_count(); });
    const auto target = static_cast<std::uint64_t>(leaves);
    // A beat whose files could not be written left the writer ahead of what is published, and the
    // tiles it had made are gone: they are made again from where the published record stands.
    if (writer_.size() != size_) {
        TRY(writer_, record::TileWriter::recover(size_, tiles_in(node_.files(), folder)));
    }
    const bool grows = target > writer_.size() || checkpoint_.empty();
    const bool fresh = all_cosigned_ && node_.now() - cosigned_ < cosignature_age;
    if (!grows && fresh) return false;
    if (grows) {
        while (writer_.size() < target) {
            std::vector<Bytes> entries;
            node_.store().read([&](StoreReader& reader) {
                entries = reader.leaves(static_cast<std::int64_t>(writer_.size()), leaves_at_once);
            });
            if (entries.empty()) throw Fault("the store counts more leaves than it holds");
            TRY_VOID(writer_.append(entries));
        }
        put_tiles(node_.files(), folder, writer_);
    }
    TRY(const auto directory, node_.directory());
    const record::Checkpoint checkpoint{
        directory->find(node_.self())->record.origin, writer_.size(), writer_.root(), {}};
    if (grows) {
        // The tiles are durable; from here on the checkpoint may be seen.
        publish(record::sign_checkpoint(checkpoint, *node_.keys().record).print());
        cache_->grow(writer_.size());
        all_cosigned_ = false; // also when asking the witnesses fails below
        const std::scoped_lock lock(mutex_);
        size_ = writer_.size();
    }
    TRY_VOID(cosign(checkpoint));
    return grows;
}

void Sequencer::publish(const Bytes& note) {
    node_.files().replace(checkpoint_file, note);
    const std::scoped_lock lock(mutex_);
    checkpoint_ = note;
}

Result<void> Sequencer::cosign(const record::Checkpoint& checkpoint) {
    TRY(const auto directory, node_.directory());
    TRY(const auto policy, witness_policy(*directory));
    TRY(auto note, record::Note::parse(this->checkpoint()));
    bool changed = false;
    bool all = true;
    for (const auto& witness : policy.witnesses()) {
        const bool has =
            std::any_of(note.signatures.begin(), note.signatures.end(), [&](const auto& line) {
                return is_by(line, witness.key) && is_fresh(line, witness.key, node_.now());
            });
        if (has) continue;
        TRY(const bool signed_now, ask_witness(witness, note, checkpoint));
        changed = changed || signed_now;
        all = all && signed_now;
    }
    if (changed) publish(note.print());
    all_cosigned_ = all;
    if (all) cosigned_ = node_.now();
    return {};
}

Result<bool> Sequencer::ask_witness(
    const record::Policy::Witness& witness, record::Note& note,
    const record::Checkpoint& checkpoint) {
    const ParticipantId peer(witness.name);
    // Two rounds: a witness whose state we do not know tells it with the first answer.
    for (int round = 0; round < 2; ++round) {
        const std::uint64_t old_size = witnessed_[witness.key.name];
        std::vector<Digest> proof;
        if (old_size > 0 && old_size <= checkpoint.size) {
            TRY(proof, record::consistency_path(old_size, checkpoint.size, cache_->reader()));
        }
        const record::Note own{note.text, {note.signatures.front()}};
        Said problem;
        const auto answer = node_.peers().call(
            peer,
            {"POST",
             "/witness/v1/add-checkpoint",
             {},
             record::add_checkpoint_body(old_size, proof, own.print()),
             "text/plain"},
            problem);
        if (!answer) return false; // away: asked again on the next beat
        if (answer->status == 200) {
            auto line = record::read_cosignature(answer->body, note.text, witness.key);
            if (!line) {
                // Its fault and not the record's: the others are asked, and it again on the next
                // beat.
                node_.log(
                    "witness answered wrongly",
                    {{"witness", witness.name}, {"code", std::string(line.error().name())}});
                witnessed_.erase(witness.key.name);
                return false;
            }
            // An older line of its stays published until the new one is here.
            std::erase_if(
                note.signatures, [&](const auto& old) { return is_by(old, witness.key); });
            note.signatures.push_back(std::move(*line));
            witnessed_[witness.key.name] = checkpoint.size;
            return true;
        }
        if (answer->status != 409) {
            node_.log(
                "witness refused",
                {{"witness", witness.name}, {"status", std::to_string(answer->status)}});
            return false;
        }
        TRY(const auto seen, record::read_conflict_size(answer->body));
        if (seen > checkpoint.size)
            return refuse(
                Code::proof_wrong,
                say("{} has cosigned {} leaves of this record, of which {} are here", witness.name,
                    seen, checkpoint.size));
        witnessed_[witness.key.name] = seen;
    }
    return false;
}

Bytes Sequencer::checkpoint() const {
    const std::scoped_lock lock(mutex_);
    return checkpoint_;
}

std::uint64_t Sequencer::size() const {
    const std::scoped_lock lock(mutex_);
    return size_;
}

Result<record::TlogProof> Sequencer::prove(std::uint64_t index) const {
    record::TlogProof proof;
    proof.index = index;
    std::uint64_t size = 0;
    {
        const std::scoped_lock lock(mutex_);
        proof.checkpoint = checkpoint_;
        size = size_;
    }
    if (index >= size)
        return refuse(
            Code::proof_wrong, say("leaf {} is not in the published record of {}", index, size));
    TRY(const auto note, record::Note::parse(proof.checkpoint));
    TRY(const auto checkpoint, record::Checkpoint::parse(note.text));
    TRY(proof.path, record::inclusion_path(index, checkpoint.size, cache_->reader()));
    return proof;
}

Result<Digest> Sequencer::root_at(std::uint64_t size) const {
    if (const auto published = this->size(); size > published)
        return refuse(
            Code::proof_wrong,
            say("the published record has {} leaves, and not {}", published, size));
    if (size == 0) return record::empty_root();
    TRY(const auto prover, record::Prover::at(size, cache_->reader()));
    return prover.root();
}

} // namespace comity::node
