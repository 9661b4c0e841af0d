// Statements about hands: prepared, checked as things are, kept as they were signed.
#include "node/hands.hpp"

#include "act/seal.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/roll_chain.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace comity::node {

namespace {

constexpr std::string_view version = "hands/1";
// In the order of HandsStatement::deed.
constexpr std::array<std::string_view, 3> deeds{"hand-over", "stand-in", "stand-in-end"};
constexpr std::size_t row_bytes = 2 * limits::hand_statement_bytes;

// Whoever holds one of these beside an administrator's checks, or is checked, when a request goes
// out: one person for each of the four acts (casefile::needs_other_eyes; threat T04).
constexpr std::array<std::string_view, 4> four_eyes_roles{
    "issuing-officer", "supervising-officer", "judge", "central-authority-officer"};

bool holds(const std::vector<std::string>& roles, std::string_view role) {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

// ---- as printed

json::Object print_deed(const HandOver& deed) {
    json::Array moves;
    for (const auto& move : deed.moves)
        moves.emplace_back(
            json::Object{{"from", move.from.str()}, {"cases", case_array(move.cases)}});
    return {{"to", deed.to.str()}, {"moves", std::move(moves)}};
}

json::Object print_deed(const StandIn& deed) {
    return {
        {"absent", deed.absent.str()},
        {"person", deed.person.str()},
        {"from", to_text(deed.from)},
        {"until", to_text(deed.until)},
        {"cases", case_array(deed.cases)}};
}

json::Object print_deed(const StandInEnd& deed) {
    return {{"statement", text(deed.statement)}};
}

std::vector<CaseId> cases_in(json::Reader& in) {
    std::vector<CaseId> out;
    for (auto& id : in.strings("cases"))
        out.emplace_back(std::move(id));
    return out;
}

Instant instant(json::Reader& in, std::string_view member) {
    const auto at = instant_from(in.string(member));
    if (!at) in.complain(member, say("is not an instant"));
    return at.value_or(Instant{});
}

Result<HandOver> read_hand_over(json::Reader& in) {
    HandOver out;
    out.to = PersonId(in.string("to"));
    const auto& moves = in.array("moves");
    TRY_VOID(in.done());
    for (const auto& value : moves) {
        if (!value.is_object()) return refuse(Code::json_malformed, say("{} are objects", "moves"));
        json::Reader inner{value.as_object(), "move"};
        HandOver::Move move;
        move.from = PersonId(inner.string("from"));
        move.cases = cases_in(inner);
        TRY_VOID(inner.done());
        out.moves.push_back(std::move(move));
    }
    return out;
}

Result<StandIn> read_stand_in(json::Reader& in) {
    StandIn out;
    out.absent = PersonId(in.string("absent"));
    out.person = PersonId(in.string("person"));
    out.from = instant(in, "from");
    out.until = instant(in, "until");
    out.cases = cases_in(in);
    TRY_VOID(in.done());
    return out;
}

Result<StandInEnd> read_end(json::Reader& in) {
    const auto statement = digest_from_text(in.string("statement"));
    TRY_VOID(in.done());
    if (!statement) return refuse(Code::json_malformed, say("the statement is named by its hash"));
    return StandInEnd{*statement};
}

// ---- who somebody is today

// A person's roles for working on cases, and whether they are an administrator, by the entries with
// which they sign (R8: no role without training).
struct Standing {
    std::vector<std::string> roles; ///< sorted
    OfficeId office;
    bool administrator = false;
};

std::optional<directory::RollEntry> counting(Node& node, const RollRow& row) {
    if (row.ended) return std::nullopt;
    auto entry = read_entry(row).entry;
    if (entry.purpose != directory::Purpose::sign || node.now() >= entry.trained_until ||
        !entry_in_force(node, entry, row.hash))
        return std::nullopt;
    return entry;
}

void add_to(Standing& standing, const directory::RollEntry& entry) {
    standing.office = entry.office;
    for (const auto& role : entry.roles) {
        if (role == directory::administrator)
            standing.administrator = true;
        else if (!holds(standing.roles, role))
            standing.roles.push_back(role);
    }
    std::sort(standing.roles.begin(), standing.roles.end());
}

Standing standing_of(Node& node, StoreReader& reader, const PersonId& person) {
    Standing out;
    for (const auto& row : reader.roll_of(person))
        if (const auto entry = counting(node, row)) add_to(out, *entry);
    return out;
}

// ---- what speaks against a statement, as things are

// Sorted, and each once: so a statement has one text, and looking up is quick.
template <class T, class Key>
bool in_order(const std::vector<T>& list, Key key) {
    return std::adjacent_find(list.begin(), list.end(), [&](const T& a, const T& b) {
               return !(key(a) < key(b));
           }) == list.end();
}

bool in_order(const std::vector<CaseId>& cases) {
    return in_order(cases, [](const CaseId& id) -> const CaseId& { return id; });
}

bool in_order(const HandOver& deed) {
    return in_order(
               deed.moves,
               [](const HandOver::Move& move) -> const PersonId& { return move.from; }) &&
           std::all_of(deed.moves.begin(), deed.moves.end(), [](const auto& move) {
               return !move.cases.empty() && in_order(move.cases);
           });
}

tl::unexpected<Refusal> not_in_order() {
    return refuse(Code::json_malformed, say("cases and people are not in order, each once"));
}

Result<void> check_taker(Node& node, StoreReader& reader, const HandOver& deed, std::size_t cases) {
    if (deed.to.empty()) return {};
    if (standing_of(node, reader, deed.to).roles.empty())
        return refuse(Code::hands_role, say("{} holds no role that works on cases", deed.to.str()));
    const auto has = static_cast<std::size_t>(std::max<std::int64_t>(reader.caseload(deed.to), 0));
    if (has + cases > limits::cases_in_hand)
        return refuse(
            Code::too_large, say("{} would have {} cases in hand; {} are the most", deed.to.str(),
                                 has + cases, limits::cases_in_hand));
    return {};
}

Result<void> check(Node& node, StoreReader& reader, const PersonId& by, const HandOver& deed) {
    if (!in_order(deed)) return not_in_order();
    const bool decides = standing_of(node, reader, by).administrator;
    std::size_t cases = 0;
    for (const auto& move : deed.moves) {
        cases += move.cases.size();
        const bool takes = deed.to == by && move.from.empty();
        const bool gives_back = deed.to.empty() && move.from == by;
        if (!decides && !takes && !gives_back)
            return refuse(
                Code::not_allowed,
                say("an administrator hands over for others; oneself one takes what nobody has, and gives back"));
    }
    if (cases == 0) return refuse(Code::json_malformed, say("no case is named"));
    if (cases > limits::hand_over_cases)
        return refuse(
            Code::too_large,
            say("one statement names {} cases at the most", limits::hand_over_cases));
    TRY_VOID(check_taker(node, reader, deed, cases));
    for (const auto& move : deed.moves)
        for (const auto& id : move.cases) {
            const auto row = reader.find_work(id);
            if (!row) return refuse(Code::case_unknown, id.str());
            if (row->hands != move.from || row->hands == deed.to)
                return refuse(
                    Code::changed_meanwhile,
                    say("{} is in other hands than the statement says", id.str()), {}, {},
                    "Look at it again");
        }
    return {};
}

Result<void> check_roles(Node& node, StoreReader& reader, const StandIn& deed) {
    if (deed.absent == deed.person)
        return refuse(Code::stand_in_role, say("nobody stands in for themself"));
    const auto absent = standing_of(node, reader, deed.absent).roles;
    if (absent.empty())
        return refuse(
            Code::stand_in_role, say("{} holds no role that works on cases", deed.absent.str()));
    const auto person = standing_of(node, reader, deed.person).roles;
    for (const auto& role : absent)
        if (!holds(person, role))
            return refuse(
                Code::stand_in_role,
                say("{} does not hold the role {}", deed.person.str(), Said::role(role)));
    for (const auto role : four_eyes_roles)
        if (holds(person, role) && !holds(absent, role))
            return refuse(
                Code::stand_in_role, say("{} checks, as {}, what {} does", deed.person.str(),
                                         Said::role(role), deed.absent.str()));
    return {};
}

Result<void> check_times(const StandIn& deed, Instant at, Instant now) {
    if (deed.from < at) return refuse(Code::stand_in_time, say("it would begin before {}", at));
    if (deed.until <= deed.from || deed.until <= now)
        return refuse(Code::stand_in_time, say("it would be over before it begins"));
    if (deed.until > deed.from + limits::stand_in_time)
        return refuse(
            Code::stand_in_time,
            say("it would end after {}", Instant{deed.from + limits::stand_in_time}));
    if (deed.from > now + limits::stand_in_ahead)
        return refuse(
            Code::stand_in_time,
            say("it would begin after {}", Instant{now + limits::stand_in_ahead}));
    return {};
}

Result<void> check(
    Node& node, StoreReader& reader, const PersonId& by, const StandIn& deed, Instant at) {
    const Instant now = node.now();
    if (!in_order(deed.cases)) return not_in_order();
    if (deed.absent != by && !standing_of(node, reader, by).administrator)
        return refuse(
            Code::not_allowed,
            say("an administrator decides for others; everybody for their own absence"));
    TRY_VOID(check_roles(node, reader, deed));
    TRY_VOID(check_times(deed, at, now));
    if (deed.cases.size() > limits::hand_over_cases)
        return refuse(
            Code::too_large,
            say("one statement names {} cases at the most", limits::hand_over_cases));
    for (const auto& id : deed.cases) {
        const auto row = reader.find_work(id);
        if (!row) return refuse(Code::case_unknown, id.str());
        if (row->hands != deed.absent)
            return refuse(
                Code::changed_meanwhile,
                say("{} is in other hands than the statement says", id.str()), {}, {},
                "Look at it again");
    }
    if (reader.stand_ins_for(deed.absent, now, limits::stand_ins).size() == limits::stand_ins ||
        reader.stand_ins_by(deed.person, now, limits::stand_ins).size() == limits::stand_ins)
        return refuse(
            Code::too_large,
            say("{} stand-ins for one person, or by one, are the most", limits::stand_ins));
    return {};
}

Result<StandInRow> open_stand_in(
    Node& node, StoreReader& reader, const PersonId& by, const StandInEnd& deed) {
    auto row = reader.find_stand_in(deed.statement);
    if (!row || row->until <= node.now()) return refuse(Code::not_found, say("the stand-in"));
    if (row->absent != by && !standing_of(node, reader, by).administrator)
        return refuse(
            Code::not_allowed,
            say("an administrator decides for others; everybody for their own absence"));
    return std::move(*row);
}

Result<void> check(Node& node, StoreReader& reader, const HandsStatement& statement) {
    if (const auto* deed = std::get_if<HandOver>(&statement.deed))
        return check(node, reader, statement.by, *deed);
    if (const auto* deed = std::get_if<StandIn>(&statement.deed))
        return check(node, reader, statement.by, *deed, statement.at);
    TRY_VOID(open_stand_in(node, reader, statement.by, std::get<StandInEnd>(statement.deed))
                 .map([](auto&&) {}));
    return {};
}

// ---- preparing

template <class T>
std::vector<T> sorted_once(std::vector<T> list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
}

// The cases by whose hands they are in now.
Result<HandOver> hand_over_now(StoreReader& reader, const HandOverWish& wish, std::size_t& left) {
    auto cases = sorted_once(wish.cases);
    if (!wish.all_of.empty()) {
        cases = reader.in_hands_of(wish.all_of, {}, limits::hand_over_cases);
        const auto all = static_cast<std::size_t>(reader.caseload(wish.all_of));
        left = all - std::min(all, cases.size());
        if (cases.empty())
            return refuse(Code::not_found, say("{} has no case in hand", wish.all_of.str()));
    }
    if (cases.size() > limits::hand_over_cases)
        return refuse(
            Code::too_large,
            say("one statement names {} cases at the most", limits::hand_over_cases));
    std::map<PersonId, std::vector<CaseId>> by;
    for (auto& id : cases) {
        const auto row = reader.find_work(id);
        if (!row) return refuse(Code::case_unknown, id.str());
        // Where it goes to already, there is nothing to hand over.
        if (row->hands != wish.to) by[row->hands].push_back(std::move(id));
    }
    HandOver out{wish.to, {}};
    for (auto& [from, list] : by)
        out.moves.push_back({from, std::move(list)});
    if (out.moves.empty())
        return refuse(Code::changed_meanwhile, say("the cases are in these hands already"));
    return out;
}

Result<std::variant<HandOver, StandIn, StandInEnd>> deed_now(
    StoreReader& reader, const HandsWish& wish, Instant now, std::size_t& left) {
    if (const auto* over = std::get_if<HandOverWish>(&wish)) {
        TRY(auto deed, hand_over_now(reader, *over, left));
        return deed;
    }
    if (const auto* in = std::get_if<StandIn>(&wish)) {
        StandIn deed = *in;
        deed.from = std::max(deed.from, now);
        deed.cases = sorted_once(std::move(deed.cases));
        return deed;
    }
    return std::get<StandInEnd>(wish);
}

// ---- taking

std::string print_row(
    BytesView statement, const Digest& entry, const crypto::Assertion& assertion) {
    return json::print(json::Object{
        {"statement", to_base64url(statement)},
        {"entry", text(entry)},
        {"assertion", act::print_assertion(assertion)}});
}

Result<SignedHands> parse_row(const HandStatementRow& row) {
    TRY(const auto object, json::parse_object(row.text, row_bytes));
    json::Reader in{object, "kept statement"};
    const auto bytes = from_base64url(in.string("statement"));
    const auto entry = digest_from_text(in.string("entry"));
    const auto& assertion = in.object("assertion");
    TRY_VOID(in.done());
    if (!bytes || !entry) return refuse(Code::json_malformed, say("it is not base64url"));
    SignedHands out;
    out.hash = row.hash;
    out.bytes = *bytes;
    out.entry = *entry;
    TRY(out.statement, parse_statement(*bytes));
    TRY(out.assertion, act::parse_assertion(assertion));
    return out;
}

// The entry of this person whose passkey signed these bytes.
Result<Digest> signer_of(
    Node& node, StoreReader& reader, const PersonId& by, const crypto::Assertion& assertion,
    const Digest& challenge) {
    for (const auto& row : reader.roll_of(by)) {
        if (row.ended) continue;
        const auto entry = read_entry(row).entry;
        if (entry.passkey.credential_id != assertion.credential_id) continue;
        if (entry.purpose != directory::Purpose::sign)
            return refuse(Code::approval_purpose, say("the passkey signs in and approves nothing"));
        TRY_VOID(entry_in_force(node, entry, row.hash));
        TRY_VOID(
            crypto::verify_assertion(entry.passkey, assertion, view(challenge)).map([](auto&&) {}));
        return row.hash;
    }
    return refuse(Code::approval_roll_entry, say("{} is not on the roll", by.str()));
}

void write_deed(StoreWriter& writer, const SignedHands& done, const HandOver& deed) {
    for (const auto& move : deed.moves)
        for (const auto& id : move.cases)
            writer.put_hands({id, done.statement.at, move.from, deed.to, done.hash});
}

void write_deed(StoreWriter& writer, const SignedHands& done, const StandIn& deed) {
    writer.put_stand_in(
        {done.hash, deed.absent, deed.person, deed.from, deed.until, std::nullopt, deed.cases});
}

void write_deed(StoreWriter& writer, const SignedHands& done, const StandInEnd& deed) {
    auto row = writer.find_stand_in(deed.statement);
    CHECK_THAT(row.has_value());
    row->until = done.statement.at;
    row->ended = done.hash;
    writer.put_stand_in(*row);
}

Result<HandsStatement> read_for(Node& node, BytesView bytes, const PersonId& by) {
    TRY(auto statement, parse_statement(bytes));
    TRY(const auto directory, node.directory());
    if (statement.participant != node.self() || statement.federation != directory->federation())
        return refuse(Code::not_addressed, statement.participant.str());
    if (statement.by != by)
        return refuse(Code::not_allowed, say("{} signs it", statement.by.str()));
    return statement;
}

} // namespace

std::string_view deed_name(const HandsStatement& statement) {
    return deeds.at(statement.deed.index());
}

json::Array case_array(const std::vector<CaseId>& cases) {
    json::Array out;
    for (const auto& id : cases)
        out.emplace_back(id.str());
    return out;
}

Bytes print_statement(const HandsStatement& statement) {
    return Bytes(json::print(json::Object{
        {"comity", version},
        {"federation", statement.federation},
        {"participant", statement.participant.str()},
        {"by", statement.by.str()},
        {"at", to_text(statement.at)},
        {"deed", deed_name(statement)},
        {"what", std::visit([](const auto& deed) { return print_deed(deed); }, statement.deed)}}));
}

Result<HandsStatement> parse_statement(BytesView bytes) {
    TRY(const auto object, json::parse_object(bytes, limits::hand_statement_bytes));
    json::Reader in{object, "statement"};
    HandsStatement out;
    const bool known = in.string("comity") == version;
    out.federation = in.string("federation");
    out.participant = ParticipantId(in.string("participant"));
    out.by = PersonId(in.string("by"));
    out.at = instant(in, "at");
    const auto deed = in.string("deed");
    const auto& what = in.object("what");
    TRY_VOID(in.done());
    if (!known) return refuse(Code::protocol_unsupported, say("is not {}", version));
    json::Reader inner{what, "what"};
    if (deed == deeds[0]) {
        TRY(out.deed, read_hand_over(inner));
    } else if (deed == deeds[1]) {
        TRY(out.deed, read_stand_in(inner));
    } else if (deed == deeds[2]) {
        TRY(out.deed, read_end(inner));
    } else {
        return refuse(Code::json_malformed, say("no deed of a statement about hands"));
    }
    // One statement has one text.
    if (print_statement(out) != bytes)
        return refuse(Code::json_malformed, say("the statement is not in the text that is signed"));
    return out;
}

Digest statement_hash(BytesView bytes) {
    return crypto::tagged_hash("comity/hands/v1", {bytes});
}

Digest statement_challenge(BytesView bytes) {
    return crypto::tagged_hash("comity/hands/approval/v1", {bytes});
}

Result<PreparedHands> prepare_hands(Node& node, const HandsWish& wish, const PersonId& by) {
    TRY(const auto directory, node.directory());
    const Instant now = node.now();
    PreparedHands out;
    Result<void> fits;
    node.store().read([&](StoreReader& reader) {
        auto deed = deed_now(reader, wish, now, out.left);
        if (!deed) {
            fits = tl::unexpected(deed.error());
            return;
        }
        out.statement = {directory->federation(), node.self(), by, now, std::move(*deed)};
        fits = check(node, reader, out.statement);
    });
    TRY_VOID(std::move(fits));
    out.bytes = print_statement(out.statement);
    out.challenge = statement_challenge(out.bytes);
    return out;
}

Result<SignedHands> sign_hands(
    Node& node, BytesView bytes, const crypto::Assertion& assertion, const PersonId& by) {
    TRY(const auto statement, read_for(node, bytes, by));
    const Digest hash = statement_hash(bytes);
    Result<SignedHands> out = SignedHands{};
    node.store().write([&](StoreWriter& writer) {
        out = SignedHands{hash, statement, Bytes(bytes), {}, assertion};
        if (const auto known = writer.find_hand_statement(hash)) {
            out = read_row(*known);
            return;
        }
        const auto fits = [&]() -> Result<void> {
            const Instant now = node.now();
            if (statement.at > now || now >= statement.at + limits::hand_statement_time)
                return refuse(
                    Code::time_unbelievable,
                    say("it is of {} and is signed by {}", statement.at,
                        Instant{statement.at + limits::hand_statement_time}));
            TRY(out->entry, signer_of(node, writer, by, assertion, statement_challenge(bytes)));
            return check(node, writer, statement);
        }();
        if (!fits) {
            out = tl::unexpected(fits.error());
            return;
        }
        writer.add_hand_statement({hash, statement.at, print_row(bytes, out->entry, assertion)});
        std::visit([&](const auto& deed) { write_deed(writer, *out, deed); }, statement.deed);
        note_use(writer, out->entry, node.now());
    });
    return out;
}

SignedHands read_row(const HandStatementRow& row) {
    auto kept = parse_row(row);
    if (!kept) throw Fault("a stored statement is not readable: " + kept.error().facts.text());
    return std::move(*kept);
}

bool verifies(StoreReader& reader, const SignedHands& kept) {
    const auto row = reader.find_roll(kept.entry);
    if (!row || row->person != kept.statement.by || statement_hash(kept.bytes) != kept.hash)
        return false;
    return crypto::verify_assertion(
               read_entry(*row).entry.passkey, kept.assertion,
               view(statement_challenge(kept.bytes)))
        .has_value();
}

std::vector<Caseworker> caseworkers(Node& node, StoreReader& reader) {
    std::map<PersonId, Standing> people;
    for (const auto& row : reader.roll())
        if (const auto entry = counting(node, row)) add_to(people[entry->person], *entry);
    std::vector<Caseworker> out;
    for (auto& [person, standing] : people)
        if (!standing.roles.empty() && out.size() < limits::caseworkers)
            out.push_back({person, standing.office, std::move(standing.roles)});
    return out;
}

bool covers(const StandInRow& row, const CaseId& id, Instant at) {
    return row.from <= at && at < row.until &&
           (row.cases.empty() || std::binary_search(row.cases.begin(), row.cases.end(), id));
}

WorkHands hands_now(StoreReader& reader, const PersonId& person, Instant now) {
    WorkHands out{{{person, std::nullopt}}};
    for (const auto& row : reader.stand_ins_by(person, now, limits::stand_ins)) {
        if (row.from > now) continue;
        auto at = std::find_if(out.of.begin(), out.of.end(), [&](const auto& one) {
            return one.person == row.absent;
        });
        if (at == out.of.end())
            at = out.of.insert(out.of.end(), {row.absent, std::vector<CaseId>{}});
        if (row.cases.empty()) at->cases.reset();
        if (!at->cases) continue;
        at->cases->insert(at->cases->end(), row.cases.begin(), row.cases.end());
        at->cases = sorted_once(std::move(*at->cases));
    }
    return out;
}

std::size_t open_in_nobodys(StoreReader& reader) {
    WorkFilter filter;
    filter.state = "open";
    filter.hands = WorkHands{};
    return reader.count_work(filter, {}, limits::work_counted);
}

std::optional<PersonId> stood_in_for(
    StoreReader& reader, const CaseId& id, const PersonId& person, Instant at) {
    PersonId had;
    for (const auto& row : reader.hands_of(id, limits::hands_shown)) {
        if (row.at > at) continue;
        had = row.to;
        break;
    }
    if (had.empty() || had == person) return std::nullopt;
    for (const auto& row : reader.stand_ins_by(person, at, limits::stand_ins_shown))
        if (row.absent == had && covers(row, id, at)) return had;
    return std::nullopt;
}

void empty_hands(StoreWriter& writer, const PersonId& person, Instant now) {
    for (const auto& id : writer.in_hands_of(person, {}, limits::cases_in_hand))
        writer.put_hands({id, now, person, {}, std::nullopt});
    for (auto rows :
         {writer.stand_ins_for(person, now, limits::stand_ins_shown),
          writer.stand_ins_by(person, now, limits::stand_ins_shown)})
        for (auto& row : rows) {
            row.until = now;
            writer.put_stand_in(row);
        }
}

std::size_t empty_hands_of_gone(Node& node) {
    std::vector<PersonId> gone;
    node.store().read([&](StoreReader& reader) {
        const auto in_force = [&](const RollRow& row) {
            return !row.ended && entry_in_force(node, read_entry(row).entry, row.hash).has_value();
        };
        for (const auto& [person, cases] : reader.caseloads({}, limits::caseworkers)) {
            const auto rows = reader.roll_of(person);
            if (std::none_of(rows.begin(), rows.end(), in_force)) gone.push_back(person);
        }
    });
    for (const auto& person : gone) {
        node.store().write([&](StoreWriter& writer) { empty_hands(writer, person, node.now()); });
        node.log("hands emptied", {{"person", person.str()}});
    }
    return gone.size();
}

} // namespace comity::node
