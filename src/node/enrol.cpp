// Roll and directory deeds.
#include "node/enrol.hpp"

#include "base/limits.hpp"
#include "node/perform_act.hpp"
#include "record/leaf.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

Result<Digest> entry_hash_of(Node& node, const PersonId& person) {
    TRY(const auto chain, roll_chain(node, person));
    TRY(const auto sealed, directory::parse_sealed_roll_entry(chain.front()));
    return sealed.hash;
}

std::int64_t next_version(StoreWriter& writer, std::string_view name) {
    const auto before = writer.setting(name);
    const std::int64_t version = before ? std::stoll(*before) + 1 : 1;
    writer.put_setting(name, std::to_string(version));
    return version;
}

} // namespace

Result<PreparedEnrolment> prepare_enrolment(Node& node, const Enrolment& enrolment) {
    TRY(const auto directory, node.directory());
    if (enrolment.by_first == enrolment.by_second)
        return refuse(
            Code::roll_two_people, fmt::format("{} cannot enrol alone", enrolment.by_first.str()));
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
    TRY(const auto first, entry_hash_of(node, enrolment.by_first));
    TRY(const auto second, entry_hash_of(node, enrolment.by_second));
    entry.enrolled_by = {first, second};
    if (!directory::find_office(*directory->find(node.self()), entry.office))
        return refuse(
            Code::office_unknown,
            fmt::format("{} has no office {}", node.self().str(), entry.office.str()));
    const Bytes payload = directory::print_roll_entry(entry);
    TRY_VOID(directory::parse_roll_entry(payload).map([](auto&&) {}));
    return PreparedEnrolment{payload, directory::enrolment_challenge(payload)};
}

Result<Digest> enrol(
    Node& node, BytesView payload, const crypto::Assertion& first,
    const crypto::Assertion& second) {
    TRY(const auto directory, node.directory());
    const std::array approvals = {first, second};
    const std::string text =
        directory::seal_roll_entry(payload, node.now(), node.signer(), approvals);
    TRY(auto sealed, directory::parse_sealed_roll_entry(text));
    std::vector<RollRow> rows;
    node.store().read([&](StoreReader& reader) { rows = reader.roll(); });
    for (const auto& by : sealed.entry.enrolled_by) {
        const auto row = std::find_if(
            rows.begin(), rows.end(), [&](const auto& item) { return item.hash == by; });
        if (row == rows.end() || row->ended)
            return refuse(Code::roll_two_people, "an enrolling person is not on the roll");
    }
    TRY(const auto chain, directory::chain_of(sealed, entries_among(rows)));
    TRY_VOID(directory::verify_chain(*directory, chain));
    for (const auto& row : rows) {
        TRY(const auto other, directory::parse_sealed_roll_entry(row.text));
        if (other.entry.passkey.credential_id == sealed.entry.passkey.credential_id)
            return refuse(
                Code::roll_exists,
                fmt::format("the credential is enrolled for {}", row.person.str()));
    }
    node.store().write([&](StoreWriter& writer) {
        writer.put_roll({sealed.hash, sealed.entry.person, text, false});
        writer.add_leaf(record::change_leaf(
            record::Leaf::Kind::roll, next_version(writer, "roll_version"), sealed.hash));
    });
    return sealed.hash;
}

std::string found(const Keys& keys, const directory::RollEntry& entry, Instant now) {
    CHECK_THAT(entry.founding);
    return directory::seal_roll_entry(
        directory::print_roll_entry(entry), now, {keys.seal, keys.seal_certificate}, {});
}

Result<void> end_entry(Node& node, const Digest& entry) {
    bool found_it = false;
    node.store().write([&](StoreWriter& writer) {
        auto row = writer.find_roll(entry);
        if (!row || row->ended) return;
        row->ended = true;
        writer.put_roll(*row);
        writer.add_leaf(record::change_leaf(
            record::Leaf::Kind::roll, next_version(writer, "roll_version"), entry));
        found_it = true;
    });
    if (!found_it) return refuse(Code::not_found, "no such entry on the roll");
    return {};
}

Result<void> install_directory(Node& node, std::string_view jws) {
    const auto current = node.directory();
    Result<directory::Directory> next =
        current ? directory::accept_update(**current, jws) : directory::accept_first(jws);
    if (!next) {
        // The directory that is in force already is no news and no error.
        const auto parsed = crypto::parse_jws(jws, limits::directory_bytes * 2);
        if (current && parsed) {
            const auto same = directory::Directory::read(parsed->payload);
            if (same && same->hash() == (*current)->hash()) return {};
        }
        return tl::unexpected(next.error());
    }
    node.store().write([&](StoreWriter& writer) {
        writer.put_directory(next->version(), jws);
        writer.add_leaf(
            record::change_leaf(record::Leaf::Kind::directory, next->version(), next->hash()));
    });
    node.use_directory(std::make_shared<const directory::Directory>(std::move(*next)));
    return {};
}

} // namespace comity::node
