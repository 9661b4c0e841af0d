// The plan is a setting, the links are invitations that nobody on the roll made; both end when the
// four entries stand.
#include "node/founders.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "directory/names.hpp"
#include "node/roll_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace comity::node {

namespace {

constexpr std::string_view plan_setting = "founders";
constexpr std::size_t plan_bytes = 64 * 1024;
constexpr std::string_view code_rule =
    "The founders are put on the roll with the codes that they read from their own page";
// As where their passkeys were given beforehand.
constexpr Period entry_time{.years = 2};
constexpr Period trained_time{.years = 1};

// By language; what an older program kept is the English name alone.
std::map<std::string, std::string> read_names(const json::Value& value) {
    std::map<std::string, std::string> out;
    if (value.is_string()) out.emplace("en", value.as_string());
    if (!value.is_object()) return out;
    for (const auto& item : value.as_object())
        if (item.value().is_string())
            out.emplace(std::string(item.key()), item.value().as_string());
    return out;
}

Result<FoundersPlan> parse_plan(std::string_view text) {
    TRY(const auto object, json::parse_object(text, plan_bytes));
    json::Reader in{object, "founders"};
    FoundersPlan out;
    if (const auto* names = in.any_if("participant_name"))
        out.participant_names = read_names(*names);
    for (const auto& item : in.object("office_names"))
        out.office_names[OfficeId(std::string(item.key()))] = read_names(item.value());
    for (const auto& item : in.array("founders")) {
        if (!item.is_object())
            return refuse(Code::json_malformed, say("a founder is not an object"));
        json::Reader founder{item.as_object(), "founder"};
        out.founders.push_back(
            {PersonId(founder.string("person")), founder.string("name"),
             OfficeId(founder.string("office")), founder.strings("roles")});
        TRY_VOID(founder.done());
    }
    TRY_VOID(in.done());
    return out;
}

InvitationWish wish_of(const Founder& founder, Instant now) {
    return {founder.person,       founder.name.empty() ? founder.person.str() : founder.name,
            founder.office,       founder.roles,
            add(now, entry_time), add(now, trained_time)};
}

// The invitation of each that is not over: the link that waits, or the passkeys that were made.
std::map<PersonId, Invitation> open_ones(StoreReader& reader, Instant now) {
    std::map<PersonId, Invitation> out;
    for (const auto& row : reader.invitations(limits::invitations)) {
        auto invitation = read_row(row);
        if (!invitation.founding || invitation.expires <= now) continue;
        const PersonId person = invitation.wish.person;
        out.insert_or_assign(person, std::move(invitation));
    }
    return out;
}

void remove_founding(StoreWriter& writer, const std::optional<PersonId>& person) {
    for (const auto& row : writer.invitations(limits::invitations)) {
        const auto invitation = read_row(row);
        if (invitation.founding && (!person || invitation.wish.person == *person))
            writer.remove_invitation(row.id);
    }
}

// A code as somebody types it who heard it: in small letters, without the hyphens.
std::string bare(std::string_view code) {
    std::string out;
    for (const char c : code)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            out.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    return out;
}

Result<void> check_code(
    const Founder& founder, const Invitation::Made& made,
    const std::map<PersonId, std::string>& codes) {
    const auto given = codes.find(founder.person);
    if (given == codes.end())
        return refuse(
            Code::not_allowed, say("no code of {} was given", founder.person.str()),
            std::string(code_rule), {}, "Give the codes of both founders");
    if (bare(given->second) != bare(key_code(made)))
        return refuse(
            Code::not_allowed,
            say("the code is not that of the passkeys made for {}", founder.person.str()),
            std::string(code_rule), {},
            "Somebody else may have used the link: invite the person again, and hand the link "
            "over in person");
    return {};
}

// Two people with one key would be one person who approves twice.
Result<void> check_distinct(const std::vector<Invitation>& all) {
    std::set<Bytes> credentials;
    std::set<Bytes> points;
    std::size_t keys = 0;
    for (const auto& invitation : all)
        for (const auto& passkey : invitation.made->passkeys) {
            credentials.insert(passkey.credential_id);
            points.insert(passkey.key.point());
            ++keys;
        }
    if (credentials.size() != keys || points.size() != keys)
        return refuse(Code::roll_exists, say("two of the founders' passkeys are one"));
    return {};
}

struct Sealed {
    RollRow row;
    RollNote note;
};

Sealed seal_entry(Node& node, const Invitation& invitation, std::size_t which, Instant now) {
    auto entry = wished_entry(node, node.settings().federation, invitation, which);
    entry.founding = true;
    const std::string text = found(node.keys(), entry, now);
    const Digest hash = directory::roll_entry_hash(directory::print_roll_entry(entry));
    return {
        {hash, entry.person, text, false},
        {hash, invitation.wish.name, invitation.made->label, invitation.id, std::nullopt,
         std::nullopt}};
}

// They stand already: the same codes get the same answer, so that whoever did not hear it asks
// again.
Result<std::vector<Digest>> confirmed_before(
    const FoundersPlan& plan, const std::vector<RollRow>& rows,
    const std::map<PersonId, std::string>& codes) {
    std::vector<Digest> out;
    for (const auto& founder : plan.founders) {
        Invitation::Made made;
        for (const auto& row : rows) {
            if (row.person != founder.person) continue;
            auto sealed = read_entry(row);
            if (!sealed.entry.founding) continue;
            made.passkeys.at(sealed.entry.purpose == purposes[0] ? 0 : 1) =
                std::move(sealed.entry.passkey);
            out.push_back(row.hash);
        }
        TRY_VOID(check_code(founder, made, codes));
    }
    return out;
}

} // namespace

Result<void> check_founders(const FoundersPlan& plan) {
    if (plan.founders.size() != 2 || plan.founders[0].person == plan.founders[1].person)
        return refuse(Code::roll_two_people, say("a node begins with two different people"));
    for (const auto& founder : plan.founders) {
        if (!is_name(founder.person.str()))
            return refuse(Code::roll_malformed, say("\"{}\" is not a name", founder.person.str()));
        if (founder.name.size() > limits::person_name_bytes)
            return refuse(Code::roll_malformed, say("a founder's name is too long"));
        if (!plan.office_names.contains(founder.office))
            return refuse(Code::office_unknown, say("there is no office {}", founder.office.str()));
        if (founder.roles.size() > limits::person_roles ||
            std::find(founder.roles.begin(), founder.roles.end(), directory::administrator) ==
                founder.roles.end())
            return refuse(
                Code::roll_two_people, say("{} is to be no administrator", founder.person.str()),
                "Everybody who comes later is approved by two administrators", {},
                "Give both founders the role administrator");
    }
    return {};
}

void plan_founders(StoreWriter& writer, const FoundersPlan& plan) {
    CHECK_THAT(check_founders(plan).has_value());
    json::Object offices;
    for (const auto& [id, names] : plan.office_names)
        offices[id.str()] = directory::print_names(names);
    json::Array list;
    for (const auto& founder : plan.founders) {
        json::Array roles;
        for (const auto& role : founder.roles)
            roles.emplace_back(role);
        list.emplace_back(json::Object{
            {"person", founder.person.str()},
            {"name", founder.name},
            {"office", founder.office.str()},
            {"roles", std::move(roles)}});
    }
    writer.put_setting(
        plan_setting, json::print(json::Object{
                          {"participant_name", directory::print_names(plan.participant_names)},
                          {"office_names", std::move(offices)},
                          {"founders", std::move(list)}}));
}

std::optional<FoundersPlan> planned_founders(StoreReader& reader) {
    const auto text = reader.setting(plan_setting);
    if (!text) return std::nullopt;
    auto plan = parse_plan(*text);
    if (!plan)
        throw Fault("the plan of the founders is not readable: " + plan.error().facts.text());
    return std::move(*plan);
}

std::vector<FounderState> founders(Node& node) {
    std::vector<FounderState> out;
    node.store().read([&](StoreReader& reader) {
        const auto plan = planned_founders(reader);
        if (!plan) return;
        const auto open = open_ones(reader, node.now());
        const auto rows = reader.roll();
        for (const auto& founder : plan->founders) {
            FounderState state{founder, FounderState::Step::not_invited, {}, {}};
            const auto at = open.find(founder.person);
            if (std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
                    return row.person == founder.person && read_entry(row).entry.founding;
                })) {
                state.step = FounderState::Step::on_roll;
            } else if (at != open.end()) {
                const auto& made = at->second.made;
                state.step =
                    made ? FounderState::Step::key_registered : FounderState::Step::invited;
                state.expires = at->second.expires;
                if (made) state.label = made->label;
            }
            out.push_back(std::move(state));
        }
    });
    return out;
}

Result<std::vector<Invited>> invite_founders(Node& node, const std::optional<PersonId>& person) {
    std::vector<Invited> out;
    Result<void> refused;
    node.store().write([&](StoreWriter& writer) {
        out.clear();
        refused = {};
        const auto plan = planned_founders(writer);
        if (!plan) {
            refused = refuse(
                Code::not_allowed,
                say("the founders' passkeys were given when the node was created"));
            return;
        }
        if (!writer.roll().empty()) {
            refused = refuse(
                Code::not_allowed, say("the founders are on the roll already"), {}, {},
                "Invite people on the page People; two administrators approve each");
            return;
        }
        if (person &&
            std::none_of(plan->founders.begin(), plan->founders.end(), [&](const auto& founder) {
                return founder.person == *person;
            })) {
            refused = refuse(Code::not_found, say("{} is no founder", person->str()));
            return;
        }
        const auto open = open_ones(writer, node.now());
        for (const auto& founder : plan->founders) {
            const auto at = open.find(founder.person);
            const bool made = at != open.end() && at->second.made;
            if (person ? founder.person != *person : made) continue;
            remove_founding(writer, founder.person);
            auto invited =
                new_invitation(wish_of(founder, node.now()), node.now() + limits::invitation_time);
            invited.invitation.founding = true;
            writer.put_invitation(row_of(invited.invitation, token_hash(invited.token)));
            out.push_back(std::move(invited));
        }
    });
    if (!refused) return tl::unexpected(refused.error());
    return out;
}

Result<std::vector<Digest>> confirm_founders(
    Node& node, const std::map<PersonId, std::string>& codes) {
    std::vector<Digest> out;
    Result<void> refused;
    const auto confirm = [&](StoreWriter& writer) -> Result<void> {
        out.clear();
        const auto plan = planned_founders(writer);
        if (!plan)
            return refuse(
                Code::not_allowed,
                say("the founders' passkeys were given when the node was created"));
        if (const auto rows = writer.roll(); !rows.empty()) {
            TRY(out, confirmed_before(*plan, rows, codes));
            return {};
        }
        const auto open = open_ones(writer, node.now());
        std::vector<Invitation> both;
        for (const auto& founder : plan->founders) {
            const auto at = open.find(founder.person);
            if (at == open.end() || !at->second.made)
                return refuse(
                    Code::not_allowed, say("{} has made no passkeys yet", founder.person.str()), {},
                    {}, "Hand the link over, and confirm when both have read their codes to you");
            TRY_VOID(check_code(founder, *at->second.made, codes));
            both.push_back(at->second);
        }
        TRY_VOID(check_distinct(both));
        for (const auto& invitation : both)
            for (std::size_t i = 0; i < purposes.size(); ++i) {
                const auto sealed = seal_entry(node, invitation, i, node.now());
                writer.put_roll(sealed.row);
                writer.put_roll_note(sealed.note);
                out.push_back(sealed.row.hash);
            }
        remove_founding(writer, std::nullopt);
        return {};
    };
    node.store().write([&](StoreWriter& writer) { refused = confirm(writer); });
    if (!refused) return tl::unexpected(refused.error());
    return out;
}

} // namespace comity::node
