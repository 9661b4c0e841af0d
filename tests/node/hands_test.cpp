// Whose hands cases are in: statements that people sign, what speaks against one, and that none of
// them gives a right.
#include "base/limits.hpp"
#include "node/enrol.hpp"
#include "node/hands.hpp"
#include "support/node_practice.hpp"
#include "support/outcome.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace comity;
using namespace comity::test;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

constexpr auto authority = "arcadia-authority";
constexpr auto head = "first-founder"; // an administrator
const PersonId ada("issuing-officer");
const PersonId bram("second-issuing-officer");
const PersonId judge("judge");
const PersonId nobody;

CaseId case_number(std::size_t number) {
    return CaseId("case-" + std::to_string(10'000 + number));
}

std::vector<CaseId> case_numbers(std::size_t from, std::size_t count) {
    std::vector<CaseId> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(case_number(from + i));
    return out;
}

/// A node with cases in its worklist, and people who sign.
struct Desk : Practice {
    explicit Desk(std::size_t cases = 3) {
        node().store().write([&](node::StoreWriter& writer) {
            for (std::size_t i = 0; i < cases; ++i) {
                node::WorkRow row;
                row.case_id = case_number(i);
                row.state = "open";
                writer.put_case({row.case_id, "mla", "{}", 2, std::nullopt, clock.now()});
                writer.put_work(row);
            }
        });
    }

    using Practice::node;

    node::Node& node() { return node(authority); }

    crypto::Assertion assertion(const std::string& name, const Digest& challenge) {
        return world.person(authority, name).authenticator.sign(view(challenge));
    }

    Result<node::SignedHands> sign(const std::string& name, const node::HandsWish& wish) {
        TRY(const auto prepared, node::prepare_hands(node(), wish, PersonId(name)));
        return node::sign_hands(
            node(), prepared.bytes, assertion(name, prepared.challenge), PersonId(name));
    }

    std::string give(const std::string& by, const PersonId& to, const std::vector<CaseId>& cases) {
        return code(sign(by, node::HandOverWish{to, cases, {}}));
    }

    node::StandIn week(const PersonId& absent, const PersonId& person) {
        return {absent, person, clock.now(), clock.now() + days{7}, {}};
    }

    template <class Question>
    auto ask(Question question) {
        std::optional<decltype(question(std::declval<node::StoreReader&>()))> out;
        node().store().read([&](node::StoreReader& reader) { out.emplace(question(reader)); });
        return *out;
    }

    PersonId hands(std::size_t number) {
        return ask([&](auto& r) { return r.find_work(case_number(number)); })->hands;
    }

    std::size_t seen_by(const PersonId& person) {
        return ask([&](node::StoreReader& r) {
            node::WorkFilter filter;
            filter.hands = node::hands_now(r, person, clock.now());
            return r.count_work(filter, {}, 10'000);
        });
    }

    std::string authorise(const std::string& by) {
        auto fields = Practice::fields("authorise");
        fields["request"] = request_hash;
        return code(act(authority, by, "authorise", std::move(fields)));
    }

    Person& enrol(const std::string& name, const std::vector<std::string>& roles) {
        auto& people = world.organisation(authority).people;
        people[name] = world.enrol(
            authority, {.person = name, .office = "arcadia-central", .roles = roles},
            {&people["first-founder"], &people["second-founder"]});
        node().store().write([&](node::StoreWriter& writer) {
            writer.put_roll({people[name].hash, PersonId(name), people[name].text, false});
        });
        return people[name];
    }
};

} // namespace

TEST_CASE(
    "K10_ an administrator hands a clerk's cases over with one statement, kept as it was signed") {
    Desk desk(31);
    REQUIRE(desk.give(head, ada, case_numbers(0, 30)) == "accepted");
    desk.clock.pass(hours{1});
    const auto done = desk.sign(head, node::HandOverWish{bram, {}, ada});
    REQUIRE(done);
    CHECK(desk.hands(0) == bram);
    CHECK(desk.hands(29) == bram);
    CHECK(desk.hands(30) == nobody);
    const auto kept = desk.ask([&](auto& r) { return r.hand_statements({}, 9); });
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].hash == done->hash);
    const auto read = node::read_row(kept[0]);
    CHECK(read.statement.by == PersonId(head));
    const auto& over = std::get<node::HandOver>(read.statement.deed);
    CHECK(over.to == bram);
    REQUIRE(over.moves.size() == 1);
    CHECK(over.moves[0].from == ada);
    CHECK(over.moves[0].cases == case_numbers(0, 30));
    CHECK(desk.ask([&](auto& r) { return node::verifies(r, read); }));
    // On each case as well.
    const auto history = desk.ask([](auto& r) { return r.hands_of(case_number(7), 9); });
    REQUIRE(history.size() == 2);
    CHECK(history[0].from == ada);
    CHECK(history[0].to == bram);
    CHECK(history[0].statement == done->hash);
}

TEST_CASE("a kept statement does not verify with a byte changed, or as another's") {
    Desk desk;
    REQUIRE(desk.give(head, ada, {case_number(0)}) == "accepted");
    const auto kept =
        node::read_row(desk.ask([&](auto& r) { return r.hand_statements({}, 9); }).front());
    const auto verifies = [&](const node::SignedHands& one) {
        return desk.ask([&](auto& r) { return node::verifies(r, one); });
    };
    CHECK(verifies(kept));
    auto bytes = kept;
    bytes.bytes.back() = ' ';
    CHECK_FALSE(verifies(bytes));
    auto hash = kept;
    hash.bytes = node::print_statement([&] {
        auto other = kept.statement;
        std::get<node::HandOver>(other.deed).to = bram;
        return other;
    }());
    hash.hash = node::statement_hash(hash.bytes);
    CHECK_FALSE(verifies(hash)); // a whole other statement under the same signature
    auto signature = kept;
    signature.assertion.signature.back() ^= 1;
    CHECK_FALSE(verifies(signature));
    auto other = kept;
    other.entry = desk.world.person(authority, "second-founder").hash;
    CHECK_FALSE(verifies(other));
    // And still does when who signed has left.
    REQUIRE(node::end_person(desk.node(), PersonId(head)));
    CHECK(verifies(kept));
}

TEST_CASE(
    "a statement has one text, names its node, and is signed by the one it names within its time") {
    Desk desk;
    const auto prepared = node::prepare_hands(
        desk.node(), node::HandOverWish{ada, {case_number(0)}, {}}, PersonId(head));
    REQUIRE(prepared);
    const auto take = [&](const Bytes& bytes, const std::string& name) {
        return code(node::sign_hands(
            desk.node(), bytes, desk.assertion(name, node::statement_challenge(bytes)),
            PersonId(name)));
    };
    const auto changed = [&](const std::function<void(node::HandsStatement&)>& change) {
        auto statement = prepared->statement;
        change(statement);
        return node::print_statement(statement);
    };
    CHECK(take(prepared->bytes + Bytes(" "), head) == "json_malformed");
    auto spaced = prepared->bytes;
    spaced.insert(1, " ");
    CHECK(take(spaced, head) == "json_malformed");
    CHECK(take("{}", head) == "json_malformed");
    CHECK(
        take(changed([](auto& s) { s.participant = ParticipantId("borealia-authority"); }), head) ==
        "not_addressed");
    CHECK(take(changed([](auto& s) { s.federation = "other"; }), head) == "not_addressed");
    CHECK(take(prepared->bytes, "second-founder") == "not_allowed"); // another is named
    // Another's passkey, or over other bytes.
    CHECK(
        code(node::sign_hands(
            desk.node(), prepared->bytes, desk.assertion("second-founder", prepared->challenge),
            PersonId(head))) == "approval_roll_entry");
    CHECK(
        code(node::sign_hands(
            desk.node(), prepared->bytes,
            desk.assertion(head, prepared->statement.by == ada ? Digest{} : Digest{1}),
            PersonId(head))) == "approval_challenge");
    // Its time: to the last millisecond, and no further.
    CHECK(take(changed([](auto& s) { s.at += milliseconds{1}; }), head) == "time_unbelievable");
    desk.clock.pass(limits::hand_statement_time);
    CHECK(take(prepared->bytes, head) == "time_unbelievable");
    desk.clock.pass(milliseconds{-1});
    CHECK(desk.hands(0) == nobody);
    CHECK(take(prepared->bytes, head) == "accepted");
    CHECK(desk.hands(0) == ada);
    // Again it is no change, even when its time is over.
    desk.clock.pass(hours{5});
    CHECK(take(prepared->bytes, head) == "accepted");
    CHECK(desk.ask([](auto& r) { return r.hands_of(case_number(0), 9); }).size() == 1);
}

TEST_CASE("a statement names cases and people in order and each once, whoever prints it") {
    Desk desk;
    REQUIRE(desk.give(head, ada, case_numbers(0, 2)) == "accepted");
    const auto take = [&](std::variant<node::HandOver, node::StandIn, node::StandInEnd> deed) {
        const node::HandsStatement statement{
            desk.node().directory().value()->federation(), desk.node().self(), PersonId(head),
            desk.clock.now(), std::move(deed)};
        const auto bytes = node::print_statement(statement);
        return code(node::sign_hands(
            desk.node(), bytes, desk.assertion(head, node::statement_challenge(bytes)),
            PersonId(head)));
    };
    const auto one = case_number(0);
    const auto two = case_number(1);
    const auto free = case_number(2);
    CHECK(take(node::HandOver{bram, {{ada, {one, one}}}}) == "json_malformed");
    CHECK(take(node::HandOver{bram, {{ada, {two, one}}}}) == "json_malformed");
    CHECK(take(node::HandOver{bram, {{ada, {one}}, {nobody, {free}}}}) == "json_malformed");
    CHECK(take(node::HandOver{bram, {{ada, {one}}, {ada, {two}}}}) == "json_malformed");
    CHECK(take(node::HandOver{bram, {{ada, {}}}}) == "json_malformed");
    CHECK(take(node::HandOver{bram, {}}) == "json_malformed");
    auto week = desk.week(ada, bram);
    week.cases = {two, one};
    CHECK(take(week) == "json_malformed");
    week.cases = {one, one};
    CHECK(take(week) == "json_malformed");
    CHECK(desk.ask([&](auto& r) { return r.hands_of(one, 9); }).size() == 1);
    week.cases = {one, two};
    CHECK(take(week) == "accepted");
    CHECK(take(node::HandOver{bram, {{nobody, {free}}, {ada, {one, two}}}}) == "accepted");
}

TEST_CASE("T04_ an administrator hands over for others, and nobody else does") {
    Desk desk;
    REQUIRE(desk.give(head, ada, {case_number(0)}) == "accepted");
    CHECK(desk.give(bram.str(), bram, {case_number(0)}) == "not_allowed"); // another's
    CHECK(desk.give(ada.str(), bram, {case_number(0)}) == "not_allowed");  // onto another
    CHECK(desk.give("judge", ada, {case_number(1)}) == "not_allowed");
    // What nobody has one takes, and gives back.
    CHECK(desk.give(bram.str(), bram, {case_number(1)}) == "accepted");
    CHECK(desk.give(bram.str(), nobody, {case_number(1)}) == "accepted");
    CHECK(desk.hands(1) == nobody);
    CHECK(desk.give(bram.str(), nobody, {case_number(0)}) == "not_allowed");
    CHECK(desk.give(ada.str(), nobody, {case_number(0)}) == "accepted");
}

TEST_CASE("T04_ cases go to people whose roles work on cases, and to nobody else") {
    Desk desk;
    CHECK(desk.give(head, PersonId("second-founder"), {case_number(0)}) == "hands_role");
    CHECK(desk.give(head, PersonId("unknown"), {case_number(0)}) == "hands_role");
    CHECK(desk.give(head, PersonId(head), {case_number(0)}) == "hands_role");
    CHECK(desk.give(head, judge, {case_number(0)}) == "accepted");
    // A role without training is none (R8): at its end, and a moment before.
    desk.clock.set(practice_end() - milliseconds{1});
    desk.enrol("late-clerk", {"central-authority-officer"});
    CHECK(desk.give(head, PersonId("late-clerk"), {case_number(1)}) == "accepted");
    REQUIRE(node::end_person(desk.node(), ada));
    CHECK(desk.give(head, ada, {case_number(1)}) == "hands_role");
}

TEST_CASE("what changed meanwhile is not handed over, and all of a statement or nothing is done") {
    Desk desk;
    const auto prepared = node::prepare_hands(
        desk.node(), node::HandOverWish{ada, case_numbers(0, 3), {}}, PersonId(head));
    REQUIRE(prepared);
    REQUIRE(desk.give(bram.str(), bram, {case_number(1)}) == "accepted");
    CHECK(
        code(node::sign_hands(
            desk.node(), prepared->bytes, desk.assertion(head, prepared->challenge),
            PersonId(head))) == "changed_meanwhile");
    CHECK(desk.hands(0) == nobody);
    CHECK(desk.hands(1) == bram);
    CHECK(desk.give(head, bram, {case_number(1)}) == "changed_meanwhile"); // has it
    CHECK(desk.give(head, ada, {CaseId("never")}) == "case_unknown");
    CHECK(desk.give(head, ada, {}) == "changed_meanwhile");
    CHECK(code(desk.sign(head, node::HandOverWish{ada, {}, bram})) == "accepted");
    CHECK(code(desk.sign(head, node::HandOverWish{ada, {}, bram})) == "not_found");
    // Whom a case comes from stands in the statement, whichever they are.
    const auto both =
        desk.sign(head, node::HandOverWish{judge, {case_number(2), case_number(1)}, {}});
    REQUIRE(both);
    const auto& moves = std::get<node::HandOver>(both->statement.deed).moves;
    REQUIRE(moves.size() == 2);
    CHECK(moves[0].from == nobody);
    CHECK(moves[1].from == ada);
}

TEST_CASE(
    "one statement names so many cases and no more, and nobody has more in hand than a list shows") {
    Desk desk(limits::cases_in_hand + 1);
    std::size_t given = 0;
    CHECK(desk.give(head, ada, case_numbers(0, limits::hand_over_cases + 1)) == "too_large");
    for (; given < limits::cases_in_hand; given += limits::hand_over_cases)
        REQUIRE(desk.give(head, ada, case_numbers(given, limits::hand_over_cases)) == "accepted");
    CHECK(desk.give(head, ada, case_numbers(given, 1)) == "too_large");
    CHECK(desk.give(head, nobody, case_numbers(0, 1)) == "accepted");
    CHECK(desk.give(head, ada, case_numbers(given, 1)) == "accepted");
    // All of somebody's is as many as one statement holds, and says how many are left.
    const auto all =
        node::prepare_hands(desk.node(), node::HandOverWish{bram, {}, ada}, PersonId(head));
    REQUIRE(all);
    CHECK(all->left == limits::cases_in_hand - limits::hand_over_cases);
}

TEST_CASE(
    "O11_ S06_ who stands in sees the delegated cases in the delegated period and no others") {
    Desk desk(12);
    REQUIRE(desk.give(head, ada, case_numbers(0, 11)) == "accepted");
    REQUIRE(desk.give(head, bram, {case_number(11)}) == "accepted");
    CHECK(desk.seen_by(bram) == 1);
    auto wish = desk.week(ada, bram);
    wish.from += hours{1};
    wish.cases = {case_number(5), case_number(3), case_number(5)};
    const auto done = desk.sign(ada.str(), wish);
    REQUIRE(done);
    CHECK(desk.seen_by(bram) == 1);
    desk.clock.set(wish.from - milliseconds{1});
    CHECK(desk.seen_by(bram) == 1);
    desk.clock.set(wish.from);
    CHECK(desk.seen_by(bram) == 3);
    CHECK(desk.seen_by(ada) == 11); // they stay hers
    CHECK(desk.seen_by(judge) == 0);
    // What leaves her hands is no longer his.
    REQUIRE(desk.give(head, judge, {case_number(3)}) == "accepted");
    CHECK(desk.seen_by(bram) == 2);
    desk.clock.set(wish.until - milliseconds{1});
    CHECK(desk.seen_by(bram) == 2);
    desk.clock.set(wish.until);
    CHECK(desk.seen_by(bram) == 1);
}

TEST_CASE("whoever stands in for all of somebody's cases has those that come later too") {
    Desk desk(4);
    REQUIRE(desk.give(head, ada, case_numbers(0, 2)) == "accepted");
    REQUIRE(desk.sign(ada.str(), desk.week(ada, bram)));
    CHECK(desk.seen_by(bram) == 2);
    REQUIRE(desk.give(head, ada, {case_number(2)}) == "accepted");
    CHECK(desk.seen_by(bram) == 3);
    // Chosen ones beside all are met once.
    auto chosen = desk.week(ada, bram);
    chosen.cases = {case_number(0)};
    REQUIRE(desk.sign(ada.str(), chosen));
    CHECK(desk.seen_by(bram) == 3);
    // And it goes no further: whoever stands in for him has his own.
    desk.enrol("cleo", {"issuing-officer"});
    REQUIRE(desk.sign(bram.str(), desk.week(bram, PersonId("cleo"))));
    CHECK(desk.seen_by(PersonId("cleo")) == 0);
}

TEST_CASE("T04_ nobody stands in for whom they check, nor without the roles of who is away") {
    Desk desk;
    desk.enrol("both", {"issuing-officer", "judge"});
    desk.enrol("supervisor", {"issuing-officer", "supervising-officer"});
    desk.enrol("on-duty", {"duty-officer", "issuing-officer"});
    const auto stands_in = [&](const char* absent, const char* person) {
        return code(desk.sign(head, desk.week(PersonId(absent), PersonId(person))));
    };

    // By role of who is away, and of who would stand in.
    const struct {
        const char* absent;
        const char* person;
        const char* expected;
    } rows[] = {
        {"issuing-officer", "second-issuing-officer", "accepted"},
        {"judge", "second-judge", "accepted"},
        {"judge", "both", "stand_in_role"},            // drafts, and would hold the judge's place
        {"judge", "issuing-officer", "stand_in_role"}, // no authoriser delegates to a drafter
        {"issuing-officer", "judge", "stand_in_role"},
        {"issuing-officer", "both", "stand_in_role"}, // would authorise what they stand in for
        {"issuing-officer", "supervisor", "stand_in_role"},
        {"issuing-officer", "on-duty", "accepted"}, // one role more, that checks nothing
        {"on-duty", "issuing-officer", "stand_in_role"},
        {"both", "judge", "stand_in_role"},
        {"issuing-officer", "issuing-officer", "stand_in_role"},
        {"issuing-officer", "first-founder", "stand_in_role"},
        {"first-founder", "issuing-officer", "stand_in_role"},
        {"issuing-officer", "unknown", "stand_in_role"},
        {"unknown", "issuing-officer", "stand_in_role"}};

    for (const auto& row : rows) {
        CAPTURE(row.absent);
        CAPTURE(row.person);
        CHECK(stands_in(row.absent, row.person) == row.expected);
    }
}

TEST_CASE("T04_ who stands in may do no more than before, and the gate does not know of it") {
    Desk desk;
    REQUIRE(desk.act(authority, "issuing-officer", "request", Practice::fields("request")));
    REQUIRE(desk.give(head, judge, {desk.case_id}) == "accepted");
    REQUIRE(desk.sign("judge", desk.week(judge, PersonId("second-judge"))));
    // Who drafted it does not authorise it, nor does a colleague; in their hands it is no other.
    for (const auto& officer : {ada, bram}) {
        const auto before = desk.authorise(officer.str());
        CHECK(before == (officer == ada ? "four_eyes" : "act_role"));
        REQUIRE(desk.give(head, officer, {desk.case_id}) == "accepted");
        CHECK(desk.authorise(officer.str()) == before);
    }
    CHECK(desk.authorise("second-judge") == "accepted"); // by role, in whose hands it is or not
}

TEST_CASE("everybody decides for their own absence, an administrator for others, nobody else") {
    Desk desk;
    CHECK(code(desk.sign(bram.str(), desk.week(ada, bram))) == "not_allowed");
    CHECK(code(desk.sign("judge", desk.week(ada, bram))) == "not_allowed");
    const auto own = desk.sign(ada.str(), desk.week(ada, bram));
    REQUIRE(own);
    CHECK(code(desk.sign(head, desk.week(ada, bram))) == "accepted");
    // And ends it: who is away, or an administrator.
    CHECK(code(desk.sign(bram.str(), node::StandInEnd{own->hash})) == "not_allowed");
    CHECK(code(desk.sign(ada.str(), node::StandInEnd{Digest{}})) == "not_found");
    desk.clock.pass(hours{2});
    const auto end = desk.sign(ada.str(), node::StandInEnd{own->hash});
    REQUIRE(end);
    const auto row = desk.ask([&](auto& r) { return r.find_stand_in(own->hash); });
    REQUIRE(row);
    CHECK(row->until == desk.clock.now());
    CHECK(row->ended == end->hash);
    CHECK(code(desk.sign(ada.str(), node::StandInEnd{own->hash})) == "not_found");
}

TEST_CASE("a stand-in begins, ends, and lasts no longer than half a year") {
    Desk desk;
    const Instant now = desk.clock.now();
    const auto over = [&](Milliseconds from, Milliseconds until) {
        node::StandIn wish{ada, bram, now + from, now + until, {}};
        return code(node::prepare_hands(desk.node(), wish, ada));
    };
    const milliseconds one{1};
    const Milliseconds longest = limits::stand_in_time;
    const Milliseconds ahead = limits::stand_in_ahead;
    CHECK(over(hours{1}, hours{1}) == "stand_in_time");
    CHECK(over(hours{1}, hours{1} + one) == "accepted");
    CHECK(over(hours{2}, hours{1}) == "stand_in_time");
    CHECK(over(-hours{5}, Milliseconds{0}) == "stand_in_time");
    CHECK(over(-hours{5}, one) == "accepted"); // it begins now
    CHECK(over(Milliseconds{0}, longest - one) == "accepted");
    CHECK(over(Milliseconds{0}, longest) == "accepted");
    CHECK(over(Milliseconds{0}, longest + one) == "stand_in_time");
    CHECK(over(ahead - one, ahead + hours{1}) == "accepted");
    CHECK(over(ahead, ahead + hours{1}) == "accepted");
    CHECK(over(ahead + one, ahead + hours{1}) == "stand_in_time");
    // Nor is one backdated by whoever prints a statement themself.
    const node::HandsStatement forged{
        desk.node().directory().value()->federation(), desk.node().self(), ada, now,
        node::StandIn{ada, bram, now - one, now + hours{1}, {}}};
    const auto bytes = node::print_statement(forged);
    CHECK(
        code(node::sign_hands(
            desk.node(), bytes, desk.assertion(ada.str(), node::statement_challenge(bytes)),
            ada)) == "stand_in_time");
}

TEST_CASE("chosen cases are those of who is away, and stand-ins are bounded") {
    Desk desk;
    auto wish = desk.week(ada, bram);
    wish.cases = {case_number(0)};
    CHECK(code(desk.sign(ada.str(), wish)) == "changed_meanwhile");
    REQUIRE(desk.give(head, ada, {case_number(0)}) == "accepted");
    for (std::size_t i = 0; i < limits::stand_ins; ++i) {
        desk.clock.pass(milliseconds{1});
        wish.from = desk.clock.now();
        REQUIRE(code(desk.sign(ada.str(), wish)) == "accepted");
    }
    desk.clock.pass(milliseconds{1});
    CHECK(code(desk.sign(ada.str(), wish)) == "too_large");
    desk.clock.set(wish.until);
    CHECK(code(desk.sign(ada.str(), desk.week(ada, bram))) == "accepted"); // those are over
}

TEST_CASE("S06_ an act is shown as X for Y for who had the case then, and for nobody else") {
    Desk desk;
    const Instant start = desk.clock.now();
    REQUIRE(desk.give(head, ada, {case_number(0), case_number(1)}) == "accepted");
    desk.clock.pass(hours{1});
    auto wish = desk.week(ada, bram);
    wish.cases = {case_number(0)};
    const auto done = desk.sign(ada.str(), wish);
    REQUIRE(done);
    const auto stood_in = [&](std::size_t number, const PersonId& person, Instant at) {
        return desk
            .ask([&](node::StoreReader& r) {
                return node::stood_in_for(r, case_number(number), person, at);
            })
            .value_or(nobody);
    };
    CHECK(stood_in(0, bram, wish.from - milliseconds{1}) == nobody);
    CHECK(stood_in(0, bram, wish.from) == ada);
    CHECK(stood_in(0, bram, wish.until - milliseconds{1}) == ada);
    CHECK(stood_in(0, bram, wish.until) == nobody);
    CHECK(stood_in(0, ada, wish.from) == nobody);
    CHECK(stood_in(0, judge, wish.from) == nobody);
    CHECK(stood_in(1, bram, wish.from) == nobody); // not chosen
    CHECK(stood_in(0, bram, start - milliseconds{1}) == nobody);
    // Handed over and ended later, what was before stays as it was.
    desk.clock.pass(days{2});
    const Instant later = desk.clock.now();
    REQUIRE(desk.sign(ada.str(), node::StandInEnd{done->hash}));
    REQUIRE(desk.give(head, judge, {case_number(0)}) == "accepted");
    CHECK(stood_in(0, bram, later - milliseconds{1}) == ada);
    CHECK(stood_in(0, bram, later) == nobody);
}

TEST_CASE("whoever leaves the roll leaves their cases in nobody's hands, and no stand-in behind") {
    Desk desk;
    REQUIRE(desk.give(head, ada, case_numbers(0, 2)) == "accepted");
    REQUIRE(desk.give(head, bram, {case_number(2)}) == "accepted");
    REQUIRE(desk.sign(ada.str(), desk.week(ada, bram)));
    REQUIRE(desk.sign(bram.str(), desk.week(bram, ada)));
    desk.clock.pass(hours{1});
    REQUIRE(node::end_person(desk.node(), ada));
    CHECK(desk.hands(0) == nobody);
    CHECK(desk.hands(1) == nobody);
    CHECK(desk.hands(2) == bram);
    const auto history = desk.ask([](auto& r) { return r.hands_of(case_number(0), 9); });
    REQUIRE(history.size() == 2);
    CHECK(history[0].from == ada);
    CHECK(history[0].to == nobody);
    CHECK_FALSE(history[0].statement);
    CHECK(desk.ask([&](auto& r) { return r.stand_ins(desk.clock.now(), 9); }).empty());
    CHECK(desk.seen_by(bram) == 1);
}

TEST_CASE(
    "somebody whose time on the roll is up has nothing in hand any more, others keep theirs") {
    Desk desk;
    REQUIRE(desk.give(head, ada, {case_number(0)}) == "accepted");
    REQUIRE(desk.give(head, bram, {case_number(1)}) == "accepted");
    CHECK(node::empty_hands_of_gone(desk.node()) == 0);
    desk.clock.set(practice_end() - milliseconds{1});
    CHECK(node::empty_hands_of_gone(desk.node()) == 0);
    // Bram is enrolled anew, for longer.
    auto& people = desk.world.organisation(authority).people;
    const auto longer = desk.world.enrol(
        authority,
        {.person = bram.str(),
         .office = "arcadia-police",
         .roles = {"issuing-officer"},
         .until = practice_end() + days{30},
         .trained_until = practice_end() + days{30}},
        {&people["first-founder"], &people["second-founder"]});
    desk.node().store().write([&](node::StoreWriter& writer) {
        writer.put_roll({longer.hash, bram, longer.text, false});
    });
    desk.clock.set(practice_end());
    CHECK(node::empty_hands_of_gone(desk.node()) == 1);
    CHECK(desk.hands(0) == nobody);
    CHECK(desk.hands(1) == bram);
    CHECK(node::empty_hands_of_gone(desk.node()) == 0);
}

TEST_CASE("people to choose from are those who work on cases today, with their roles") {
    Desk desk;
    desk.enrol("both", {"judge", "administrator", "issuing-officer"});
    const auto people =
        desk.ask([&](node::StoreReader& r) { return node::caseworkers(desk.node(), r); });
    const auto find = [&](const std::string& name) {
        return std::find_if(people.begin(), people.end(), [&](const auto& one) {
            return one.person.str() == name;
        });
    };
    REQUIRE(find("both") != people.end());
    CHECK(find("both")->roles == std::vector<std::string>{"issuing-officer", "judge"});
    CHECK(find("judge") != people.end());
    CHECK(find(head) == people.end());
    REQUIRE(node::end_person(desk.node(), judge));
    const auto after =
        desk.ask([&](node::StoreReader& r) { return node::caseworkers(desk.node(), r); });
    CHECK(after.size() == people.size() - 1);
}
