// Roll and directory deeds.
#include "node/enrol.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/hands.hpp"
#include "node/invite.hpp"
#include "node/own_books.hpp"
#include "node/roll_chain.hpp"
#include "node/roll_index.hpp"
#include "record/leaf.hpp"

#include <fmt/format.h>

#include <array>

namespace comity::node {

namespace {

std::int64_t next_version(StoreWriter& writer, std::string_view name) {
    const std::int64_t version = counted(writer, name) + 1;
    writer.put_setting(name, std::to_string(version));
    return version;
}

} // namespace

Result<PreparedEnrolment> prepare_enrolment(Node& node, const Enrolment& enrolment) {
    TRY(const auto directory, node.directory());
    if (enrolment.by_first == enrolment.by_second)
        return refuse(
            Code::roll_two_people, say("{} cannot enrol alone", enrolment.by_first.str()));
    directory::RollEntry entry;
    entry.federation = directory->federation();
    entry.participant = node.self();
    entry.person = enrolment.person;
    entry.office = enrolment.office;
    entry.roles = enrolment.roles;
    entry.purpose = enrolment.purpose;
    entry.passkey = enrolment.passkey;
    entry.valid_from = node.now();
    entry.valid_until = enrolment.valid_until;
    entry.trained_until = enrolment.trained_until;
    TRY(const auto first, signing_entry(node, enrolment.by_first, {}));
    TRY(const auto second, signing_entry(node, enrolment.by_second, {}));
    entry.enrolled_by = {first, second};
    if (!directory::find_office(*directory->find(node.self()), entry.office))
        return refuse(
            Code::office_unknown,
            say("{} has no office {}", node.self().str(), entry.office.str()));
    const Bytes payload = directory::print_roll_entry(entry);
    TRY_VOID(directory::parse_roll_entry(payload).map([](auto&&) {}));
    return PreparedEnrolment{payload, directory::enrolment_challenge(payload)};
}

namespace {

struct Checked {
    directory::SealedRollEntry sealed;
    std::string text;
};

// Everything that speaks against an enrolment, before anything is written.
Result<Checked> check_enrolment(
    Node& node, const directory::Directory& directory, const Approved& approved) {
    std::string text =
        directory::seal_roll_entry(approved.payload, node.now(), node.signer(), approved.approvals);
    TRY(auto sealed, directory::parse_sealed_roll_entry(text));
    bool stands = true;
    node.store().read([&](StoreReader& reader) {
        for (const auto& by : sealed.entry.enrolled_by) {
            const auto row = reader.find_roll(by);
            stands = stands && row && !row->ended;
        }
    });
    if (!stands)
        return refuse(Code::roll_two_people, say("an enrolling person is not on the roll"));
    TRY(const auto chain, directory::chain_of(sealed, entries_of(node)));
    TRY_VOID(directory::verify_chain(directory, chain));
    if (const auto other = node.roll().with_credential(sealed.entry.passkey.credential_id))
        return refuse(
            Code::roll_exists,
            say("the credential is enrolled for {}", other->sealed.entry.person.str()));
    return Checked{std::move(sealed), std::move(text)};
}

} // namespace

Result<std::vector<Digest>> enrol_all(
    Node& node, std::span<const Approved> entries,
    const std::function<bool(StoreWriter&, const std::vector<Digest>&)>& with) {
    TRY(const auto directory, node.directory());
    std::vector<Checked> checked;
    std::vector<Digest> hashes;
    for (const auto& entry : entries) {
        TRY(auto one, check_enrolment(node, *directory, entry));
        hashes.push_back(one.sealed.hash);
        checked.push_back(std::move(one));
    }
    bool written = false;
    node.store().write([&](StoreWriter& writer) {
        written = false;
        for (const auto& one : checked)
            for (const auto& by : one.sealed.entry.enrolled_by)
                if (const auto row = writer.find_roll(by); !row || row->ended) return;
        if (!with(writer, hashes)) return;
        written = true;
        for (const auto& one : checked) {
            writer.put_roll({one.sealed.hash, one.sealed.entry.person, one.text, false});
            writer.add_leaf(record::change_leaf(
                record::Leaf::Kind::roll, next_version(writer, "roll_version"), one.sealed.hash));
        }
    });
    if (!written)
        return refuse(
            Code::draft_changed, say("the enrolment has changed meanwhile"), {}, {},
            "Look at it again");
    return hashes;
}

Result<Digest> enrol(
    Node& node, BytesView payload, const crypto::Assertion& first,
    const crypto::Assertion& second) {
    const std::array entries{Approved{Bytes(payload), {first, second}}};
    TRY(const auto hashes, enrol_all(node, entries, [](auto&, const auto&) { return true; }));
    return hashes.front();
}

std::string found(const Keys& keys, const directory::RollEntry& entry, Instant now) {
    CHECK_THAT(entry.founding);
    return directory::seal_roll_entry(
        directory::print_roll_entry(entry), now, {keys.seal, keys.seal_certificate}, {});
}

namespace {

// Ends what is still in force of these, and what hangs on the person: prepared acts, and the
// invitations for and by somebody of whom no entry is left, and what is in their hands.
std::size_t end_rows(
    Node& node, StoreWriter& writer, const PersonId& person,
    const std::function<bool(const RollRow&)>& meant) {
    std::size_t ended = 0;
    bool left = false;
    for (auto row : writer.roll_of(person)) {
        if (row.ended) continue;
        if (!meant(row)) {
            left = true;
            continue;
        }
        row.ended = true;
        writer.put_roll(row);
        RollNote note = writer.find_roll_note(row.hash).value_or(RollNote{});
        note.entry = row.hash;
        note.ended = node.now();
        writer.put_roll_note(note);
        writer.add_leaf(record::change_leaf(
            record::Leaf::Kind::roll, next_version(writer, "roll_version"), row.hash));
        ++ended;
    }
    if (ended == 0) return 0;
    writer.remove_drafts_of(person);
    if (!left) {
        withdraw_invitations_of(writer, person);
        empty_hands(writer, person, node.now());
    }
    return ended;
}

} // namespace

Result<void> end_entry(Node& node, const Digest& entry) {
    std::size_t ended = 0;
    node.store().write([&](StoreWriter& writer) {
        ended = 0;
        const auto row = writer.find_roll(entry);
        if (!row) return;
        ended = end_rows(
            node, writer, row->person, [&](const RollRow& one) { return one.hash == entry; });
    });
    if (ended == 0) return refuse(Code::not_found, say("no such entry on the roll"));
    return {};
}

Result<void> end_device(Node& node, const Digest& entry) {
    std::size_t ended = 0;
    node.store().write([&](StoreWriter& writer) {
        ended = 0;
        const auto row = writer.find_roll(entry);
        if (!row || row->ended) return;
        const auto note = writer.find_roll_note(entry);
        const std::string visit = note ? note->visit : "";
        ended = end_rows(node, writer, row->person, [&](const RollRow& one) {
            if (one.hash == entry) return true;
            const auto other = writer.find_roll_note(one.hash);
            return !visit.empty() && other && other->visit == visit;
        });
    });
    if (ended == 0) return refuse(Code::not_found, say("no such entry on the roll"));
    return {};
}

Result<void> end_person(Node& node, const PersonId& person) {
    std::size_t ended = 0;
    node.store().write([&](StoreWriter& writer) {
        ended = end_rows(node, writer, person, [](const RollRow&) { return true; });
    });
    if (ended == 0) return refuse(Code::not_found, say("no such person on the roll"));
    return {};
}

Result<void> install_directory(Node& node, std::string_view jws) {
    const auto current = node.directory();
    if (current) {
        // The directory that is in force already is no news and no error; it is known by its hash
        // before anything of it is read again.
        const auto parsed = crypto::parse_jws(jws, limits::directory_bytes * 2);
        if (parsed && crypto::sha256(parsed->payload) == (*current)->hash()) return {};
    }
    TRY(auto next,
        current ? directory::accept_update(**current, jws) : directory::accept_first(jws));
    node.store().write([&](StoreWriter& writer) {
        writer.put_directory(next.version(), jws);
        writer.add_leaf(
            record::change_leaf(record::Leaf::Kind::directory, next.version(), next.hash()));
    });
    node.use_directory(std::make_shared<const directory::Directory>(std::move(next)));
    return {};
}

} // namespace comity::node
