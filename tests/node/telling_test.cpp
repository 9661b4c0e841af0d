// Systems and people of the house are told that something happened, and nothing of what.
#include "base/limits.hpp"
#include "node/hands.hpp"
#include "node/tell_people.hpp"
#include "node/tell_systems.hpp"
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";

/// Systems that remember what they were posted.
class HeardSystems final : public node::Systems {
public:
    std::optional<int> post(const Message& message, std::string& problem) override {
        ++tries;
        if (slow && message.url == slow_url) slow->pass(std::chrono::seconds{3});
        if (away.contains(message.url)) {
            problem = "nobody there";
            return std::nullopt;
        }
        got.push_back(message);
        if (loses) {
            problem = "cut off";
            return std::nullopt;
        }
        return status;
    }

    std::vector<json::Object> bodies(const std::string& url) {
        std::vector<json::Object> out;
        for (const auto& message : got)
            if (message.url == url)
                out.push_back(json::parse_object(message.body, 1 << 16).value());
        return out;
    }

    /// One after the other, with a blank between.
    std::string kinds(const std::string& url) {
        std::string out;
        for (const auto& body : bodies(url))
            out += (out.empty() ? "" : " ") + std::string(body.at("type").as_string());
        return out;
    }

    std::vector<Message> got;
    std::set<std::string> away;
    int status = 200;
    bool loses = false;
    int tries = 0;
    SetClock* slow = nullptr; ///< passes three seconds while `slow_url` thinks
    std::string slow_url;
};

std::string header(const node::Systems::Message& message, const std::string& name) {
    for (const auto& [key, value] : message.headers)
        if (key == name) return value;
    return {};
}

const std::string registry = "https://registry.example/comity";
const std::string desk = "https://desk.example/";

struct Told : Practice {
    Told() {
        settle(arcadia, [](node::Settings& settings) {
            settings.webhooks = {{"registry", registry, {}}, {"desk", desk, {"case.owed"}}};
            settings.mail.on = true;
            settings.mail.domains = {"ministry.example"};
            settings.mail.link = "https://sign.arcadia-authority.example/work?mine=true";
        });
    }

    node::Node& ours() { return node(arcadia); }

    node::WebhookState state(const std::string& name) {
        std::vector<node::WebhookState> all;
        ours().store().read(
            [&](node::StoreReader& reader) { all = node::webhook_states(ours(), reader); });
        for (const auto& one : all)
            if (one.name == name) return one;
        FAIL("no such system");
        return {};
    }

    void restart() {
        settle(arcadia, [](node::Settings&) {});
    }

    HeardSystems systems;
};

} // namespace

TEST_CASE("a system is told the kind, the time and a reference, and of a case nothing else") {
    Told world;
    world.play("request");
    CHECK(node::tell_systems(world.ours(), world.systems).heard == 3);
    CHECK(world.systems.kinds(registry) == "case.opened case.owed");
    CHECK(world.systems.kinds(desk) == "case.owed");
    const auto bodies = world.systems.bodies(registry);
    CHECK(bodies[0].size() == 3);
    CHECK(instant_from(std::string(bodies[0].at("timestamp").as_string())));
    REQUIRE(bodies[0].at("data").as_object().size() == 1);
    const std::string reference(bodies[0].at("data").at("reference").as_string());
    CHECK(std::string_view(bodies[1].at("data").at("reference").as_string()) == reference);
    for (const auto& message : world.systems.got) {
        CHECK(message.body.find(world.case_id.str()) == std::string::npos);
        CHECK(message.body.find("PA-CY") == std::string::npos);
        CHECK(message.body.find("borealia") == std::string::npos);
    }
    // Here, and nowhere else, the reference leads back to the case.
    world.ours().store().read([&](node::StoreReader& reader) {
        CHECK(node::case_of_reference(world.ours(), reader, reference) == world.case_id);
        CHECK_FALSE(node::case_of_reference(world.ours(), reader, reference.substr(1) + "0"));
        CHECK_FALSE(node::case_of_reference(world.ours(), reader, ""));
    });
    CHECK(node::case_reference(world.node("borealia-authority"), world.case_id) != reference);

    world.play("authorise");
    world.play("transmit");
    world.move_all();
    node::tell_systems(world.ours(), world.systems);
    CHECK(
        world.systems.kinds(registry) ==
        "case.opened case.owed case.changed case.owed case.changed");
    CHECK(world.systems.kinds(desk) == "case.owed case.owed");
    std::set<std::string> ids;
    for (const auto& message : world.systems.got)
        CHECK(ids.insert(header(message, "webhook-id")).second);
    CHECK(node::tell_systems(world.ours(), world.systems).heard == 0);
}

TEST_CASE(
    "T50_ what a system is sent verifies with the node's key, and with a changed byte it does not") {
    Told world;
    world.play("request");
    node::tell_systems(world.ours(), world.systems);
    const auto printed = node::webhook_key(world.ours());
    REQUIRE(printed.starts_with("whpk_"));
    const auto key = from_base64(printed.substr(5)).value();
    for (const auto& message : world.systems.got) {
        const auto id = header(message, "webhook-id");
        const auto at = header(message, "webhook-timestamp");
        const auto signature = header(message, "webhook-signature");
        REQUIRE(signature.starts_with("v1a,"));
        const auto bytes = from_base64(signature.substr(4)).value();
        const auto text = id + "." + at + "." + message.body;
        CHECK(crypto::verify_ed25519(key, text, bytes));
        for (std::size_t i = 0; i < text.size(); i += 7) {
            auto other = text;
            other[i] ^= 1;
            CHECK_FALSE(crypto::verify_ed25519(key, other, bytes));
        }
        CHECK(
            at == std::to_string(std::chrono::floor<std::chrono::seconds>(world.clock.now())
                                     .time_since_epoch()
                                     .count()));
        CHECK(header(message, "content-type") == "application/json");
    }
    CHECK(node::webhook_key(world.node("borealia-authority")) != printed);
}

TEST_CASE(
    "T10_ who does not answer is told later, in order, with the same ids, and keeps no other waiting") {
    Told world;
    world.systems.away = {registry};
    world.play("request");
    const auto first = node::tell_systems(world.ours(), world.systems);
    CHECK(first.heard == 1); // the desk's
    CHECK(first.waiting == 1);
    CHECK(world.state("registry").attempts == 1);
    CHECK(world.state("registry").waiting == 2);
    CHECK(world.state("registry").problem == "nobody there");
    CHECK(world.state("desk").waiting == 0);
    const auto tries = world.systems.tries;
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.systems.tries == tries); // not before its time
    // It hears, and its answer is lost: it hears again, and can tell by the id.
    world.systems.away.clear();
    world.systems.loses = true;
    world.clock.pass(std::chrono::minutes{2});
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.state("registry").attempts == 2);
    world.systems.loses = false;
    world.play("authorise");
    world.restart(); // what waits is in the store
    world.clock.pass(std::chrono::minutes{2});
    CHECK(node::tell_systems(world.ours(), world.systems).waiting == 0);
    CHECK(
        world.systems.kinds(registry) ==
        "case.opened case.opened case.owed case.changed case.owed");
    std::vector<std::string> ids;
    for (const auto& message : world.systems.got)
        if (message.url == registry) ids.push_back(header(message, "webhook-id"));
    CHECK(ids[0] == ids[1]);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 4);
    CHECK(world.state("registry").attempts == 0);
    CHECK(world.state("registry").problem.empty());
    CHECK(world.state("registry").waiting == 0);
    CHECK(world.state("registry").heard);
}

TEST_CASE("a system that is slow to answer gives the turn to the next, and goes on at its own") {
    Told world;
    world.play("request");
    world.play("authorise");
    world.systems.slow = &world.clock;
    world.systems.slow_url = registry;
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.systems.kinds(registry) == "case.opened case.owed"); // six seconds
    CHECK(world.systems.kinds(desk) == "case.owed case.owed");
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.systems.kinds(registry) == "case.opened case.owed case.changed case.owed");
    CHECK(world.state("registry").waiting == 0);
}

TEST_CASE("a status that is no success is not heard, a redirect neither") {
    for (const int status : {100, 199, 300, 301, 307, 400, 404, 410, 500, 503}) {
        Told world;
        world.systems.status = status;
        world.play("request");
        CHECK(node::tell_systems(world.ours(), world.systems).heard == 0);
        CHECK(world.state("desk").waiting == 1);
        CHECK(world.state("desk").problem == fmt::format("answered with status {}", status));
    }
    for (const int status : {200, 202, 204, 299}) {
        Told world;
        world.systems.status = status;
        world.play("request");
        CHECK(node::tell_systems(world.ours(), world.systems).heard == 3);
    }
}

TEST_CASE(
    "what nobody heard for four days is given up; the administrator sees it, and the system is told first of all") {
    Told world;
    world.systems.away = {registry};
    world.play("request");
    node::tell_systems(world.ours(), world.systems);
    world.clock.pass(limits::webhook_kept - Milliseconds{1});
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.state("registry").waiting == 2);
    CHECK(world.state("registry").missed == 0);
    world.clock.pass(Milliseconds{1});
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.state("registry").waiting == 0);
    CHECK(world.state("registry").missed == 2);
    world.systems.away.clear();
    world.clock.pass(std::chrono::hours{1});
    world.play("authorise");
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.systems.kinds(registry) == "webhook.gap case.changed case.owed");
    CHECK(world.systems.bodies(registry)[0].at("data").at("missed") == 2);
    CHECK_FALSE(world.systems.bodies(registry)[0].at("data").as_object().contains("reference"));
    world.play("transmit");
    node::tell_systems(world.ours(), world.systems);
    CHECK(
        world.systems.kinds(registry).find("webhook.gap", 1) == std::string::npos); // the gap once
    CHECK(world.state("registry").missed == 2);
}

TEST_CASE("a queue that is full takes no more, and counts what it did not take") {
    Told world;
    const auto limit = static_cast<std::int64_t>(limits::webhook_waiting);
    world.ours().store().write([&](node::StoreWriter& writer) {
        writer.count("webhook/registry/waiting", limit - 1);
        writer.count("webhook/desk/waiting", limit - 1);
    });
    world.play("request");
    CHECK(world.state("registry").waiting == limit);
    CHECK(world.state("registry").missed == 1);
    CHECK(world.state("desk").waiting == limit);
    CHECK(world.state("desk").missed == 0);
}

TEST_CASE("a system that is no longer in the settings is forgotten with all that waits for it") {
    Told world;
    world.play("request");
    world.settle(arcadia, [](node::Settings& settings) { settings.webhooks.pop_back(); });
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.systems.kinds(desk).empty());
    CHECK(world.systems.bodies(registry).size() == 2);
    world.ours().store().read(
        [](node::StoreReader& reader) { CHECK(reader.kept("webhook", "desk", "", 10).empty()); });
    // Where there is no system, nothing waits.
    world.settle(arcadia, [](node::Settings& settings) { settings.webhooks.clear(); });
    world.play("authorise");
    world.ours().store().read([](node::StoreReader& reader) {
        CHECK(reader.kept("webhook", "registry", "", 10).empty());
    });
}

TEST_CASE("T22_ what waits for a system lies sealed in the store") {
    Told world;
    world.play("request");
    const auto reference = node::case_reference(world.ours(), world.case_id);
    std::string all;
    world.ours().store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.kept("webhook", "registry", "", 10))
            all += row.name + row.sealed;
    });
    CHECK(all.size() > 50);
    CHECK(all.find(reference) == std::string::npos);
    CHECK(all.find("case.opened") == std::string::npos);
    CHECK(all.find(world.case_id.str()) == std::string::npos);
}

TEST_CASE("an administrator's test is sent at once, whatever was in the way") {
    Told world;
    CHECK(code(node::test_webhook(world.ours(), "nobody")) == "not_found");
    world.systems.away = {desk};
    REQUIRE(node::test_webhook(world.ours(), "desk"));
    node::tell_systems(world.ours(), world.systems);
    CHECK(world.state("desk").attempts == 1);
    world.systems.away.clear();
    REQUIRE(node::test_webhook(world.ours(), "desk"));
    CHECK(node::tell_systems(world.ours(), world.systems).heard == 2);
    CHECK(world.systems.kinds(desk) == "webhook.test webhook.test");
    CHECK(world.systems.bodies(desk)[0].at("data").as_object().empty());
}

// ---- people

namespace {

class Mailboxes final : public node::Mailer {
public:
    node::Posted post(const node::Mail& mail, Said& problem) override {
        ++tries;
        if (outcome == node::Posted::taken)
            got.push_back(mail);
        else
            problem = say("the mail server answered with {}", 550);
        return outcome;
    }

    std::vector<node::Mail> got;
    node::Posted outcome = node::Posted::taken;
    int tries = 0;
};

struct Mailed : Told {
    PersonId who(const std::string& name) { return world.person(arcadia, name).entry.person; }

    void wish(const std::string& name, const std::string& language = "en") {
        const auto wished =
            node::wish_mail(ours(), who(name), name + "@ministry.example", language);
        REQUIRE_MESSAGE(wished.has_value(), (wished ? "" : wished.error().text()));
        clock.pass(Milliseconds{1});
    }

    /// So much later, what is due is sent; how many were.
    std::size_t later(Milliseconds time) {
        clock.pass(time);
        return node::tell_people(ours(), mailboxes);
    }

    std::optional<node::MailWish> wish_of(const std::string& name) {
        std::optional<node::MailWish> out;
        ours().store().read([&](node::StoreReader& reader) {
            out = node::find_mail_wish(ours(), reader, who(name));
        });
        return out;
    }

    Mailboxes mailboxes;
};

constexpr std::chrono::minutes minute{1};

} // namespace

TEST_CASE(
    "who wishes for it gets one mail when something new waits for their role, and no second until more came") {
    Mailed world;
    world.wish("judge");
    world.wish("central-authority-officer");
    CHECK(world.later(30 * minute) == 0); // nothing waits
    world.play("request");
    CHECK(world.later(minute) == 1);
    REQUIRE(world.mailboxes.got.size() == 1);
    CHECK(world.mailboxes.got[0].to == "judge@ministry.example");
    CHECK(world.later(60 * minute) == 0); // it still waits, and they know
    world.play("authorise");
    CHECK(world.later(minute) == 1);
    CHECK(world.mailboxes.got[1].to == "central-authority-officer@ministry.example");
    CHECK(world.mailboxes.got[1].id != world.mailboxes.got[0].id);
}

TEST_CASE("however much comes, one person gets at most one mail in the pause") {
    Mailed world;
    world.wish("judge");
    world.play("request");
    CHECK(world.later(15 * minute - Milliseconds{2}) == 0); // they wished it a moment ago
    CHECK(world.later(Milliseconds{1}) == 1);
    // As much as comes now.
    world.ours().store().write([&](node::StoreWriter& writer) {
        auto row = writer.find_work(world.case_id).value();
        for (int i = 0; i < 5; ++i) {
            row.case_id = CaseId("another-case-" + std::to_string(i));
            for (auto& duty : row.duties)
                duty.since = world.clock.now() + Milliseconds{1};
            writer.put_case({row.case_id, "mla", "{}", 2, std::nullopt, world.clock.now()});
            writer.put_work(row);
        }
    });
    CHECK(world.later(14 * minute) == 0);
    CHECK(world.later(minute - Milliseconds{1}) == 0);
    CHECK(world.later(Milliseconds{1}) == 1);
    CHECK(world.later(15 * minute) == 0);
    CHECK(world.mailboxes.got.size() == 2);
}

TEST_CASE("who is given cases or stands in for somebody gets a mail, and who takes them does not") {
    Mailed world;
    const std::string officer = "issuing-officer";
    world.play("request");
    world.clock.pass(minute);
    world.wish(officer);
    CHECK(world.later(60 * minute) == 0); // what waits is for the judge
    const auto sign = [&](const std::string& by, const node::HandsWish& wish) {
        const PersonId signer = world.who(by);
        const auto prepared = node::prepare_hands(world.ours(), wish, signer);
        REQUIRE_MESSAGE(prepared.has_value(), (prepared ? "" : prepared.error().text()));
        const auto done = node::sign_hands(
            world.ours(), prepared->bytes,
            world.world.person(arcadia, by).authenticator.sign(view(prepared->challenge)), signer);
        REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
    };
    const auto give = [&](const std::string& by, const PersonId& to) {
        sign(by, node::HandOverWish{to, {world.case_id}, {}});
    };
    give(officer, world.who(officer));
    CHECK(world.later(60 * minute) == 0); // they took it
    give("first-founder", {});
    CHECK(world.later(60 * minute) == 0);
    give("first-founder", world.who(officer));
    CHECK(world.later(std::chrono::seconds{9}) == 0); // as with what waits for a role
    CHECK(world.later(std::chrono::seconds{1}) == 1);
    CHECK(world.later(60 * minute) == 0);
    give("first-founder", world.who("second-issuing-officer"));
    CHECK(world.later(60 * minute) == 0);
    sign(
        "second-issuing-officer", node::StandIn{
                                      world.who("second-issuing-officer"),
                                      world.who(officer),
                                      world.clock.now(),
                                      world.clock.now() + std::chrono::hours{24},
                                      {}});
    CHECK(world.later(minute) == 1);
    CHECK(world.mailboxes.got.size() == 2);
    for (const auto& mail : world.mailboxes.got)
        CHECK(mail.to == officer + "@ministry.example");
}

TEST_CASE(
    "what has just come is told with the next mail, so that nothing written beside it is passed over") {
    Mailed world;
    world.wish("judge");
    world.clock.pass(15 * minute);
    world.play("request");
    CHECK(world.later(std::chrono::seconds{10} - Milliseconds{1}) == 0);
    CHECK(world.later(Milliseconds{1}) == 1);
    CHECK(world.later(60 * minute) == 0);
    // Judged before that mail, written after it.
    world.wish("judge");
    world.clock.pass(15 * minute);
    const auto put = [&](const std::string& id, Instant since) {
        world.ours().store().write([&](node::StoreWriter& writer) {
            auto row = writer.find_work(world.case_id).value();
            row.case_id = CaseId(id);
            for (auto& duty : row.duties)
                duty.since = since;
            writer.put_case({row.case_id, "mla", "{}", 2, std::nullopt, since});
            writer.put_work(row);
        });
    };
    put("one", world.clock.now() - std::chrono::seconds{20});
    CHECK(world.later(Milliseconds{0}) == 1);
    put("two", world.clock.now() - std::chrono::seconds{9});
    CHECK(world.later(15 * minute) == 1);
    CHECK(world.later(15 * minute) == 0);
}

TEST_CASE("T53_ a mail is a link and a reference in the reader's language, and of a case nothing") {
    for (const std::string language : {"en", "fr", "ar"}) {
        CAPTURE(language);
        Mailed world;
        world.wish("judge", language);
        world.play("request");
        REQUIRE(world.later(15 * minute) == 1);
        const auto& mail = world.mailboxes.got[0];
        CHECK(mail.language == language);
        CHECK(
            mail.text.find("https://sign.arcadia-authority.example/work?mine=true\n") !=
            std::string::npos);
        CHECK(mail.text.find(mail.id) != std::string::npos);
        const bool english = mail.subject == "Something new waits for you";
        CHECK(english == (language == "en"));
        const auto all = mail.subject + mail.text + mail.id;
        for (const std::string& secret :
             {world.case_id.str(), std::string("PA-CY"), std::string("00417"),
              std::string("orealia"), std::string("authorise"), std::string("mla"),
              node::case_reference(world.ours(), world.case_id)})
            CHECK(all.find(secret) == std::string::npos);
    }
}

TEST_CASE("T10_ what could not be sent is sent later, after a restart too, and once") {
    Mailed world;
    world.wish("judge");
    world.play("request");
    world.mailboxes.outcome = node::Posted::failed;
    CHECK(world.later(15 * minute) == 0);
    CHECK(world.mailboxes.tries == 1);
    CHECK(world.later(Milliseconds{1}) == 0);
    CHECK(world.mailboxes.tries == 1); // not before its time
    CHECK(world.later(minute) == 0);
    CHECK(world.mailboxes.tries == 2);
    // A mail server that is away, however long, loses nobody.
    for (int i = 0; i < 40; ++i)
        world.later(std::chrono::hours{2});
    CHECK(world.mailboxes.tries == 42);
    world.restart();
    world.mailboxes.outcome = node::Posted::taken;
    CHECK(world.later(std::chrono::hours{2}) == 1);
    CHECK(world.later(std::chrono::hours{2}) == 0);
    CHECK(world.wish_of("judge")->problem.empty());
}

TEST_CASE("an address that is refused again and again is given up, until its owner says so again") {
    Mailed world;
    world.wish("judge");
    world.play("request");
    world.mailboxes.outcome = node::Posted::refused;
    for (std::int64_t i = 1; i < limits::mail_attempts; ++i)
        world.later(std::chrono::hours{2});
    CHECK_FALSE(node::given_up(*world.wish_of("judge")));
    const auto count = [&] {
        std::size_t out = 0;
        world.ours().store().read(
            [&](node::StoreReader& reader) { out = node::mail_given_up(world.ours(), reader); });
        return out;
    };
    CHECK(count() == 0);
    world.later(std::chrono::hours{2});
    CHECK(node::given_up(*world.wish_of("judge")));
    CHECK(count() == 1);
    CHECK(world.wish_of("judge")->problem == "the mail server answered with 550");
    CHECK(world.wish_of("judge")->problem.in("fr") == "le serveur de courrier a répondu 550");
    const auto tries = world.mailboxes.tries;
    world.mailboxes.outcome = node::Posted::taken;
    CHECK(world.later(std::chrono::hours{200}) == 0);
    CHECK(world.mailboxes.tries == tries);
    world.wish("judge");
    CHECK(count() == 0);
}

TEST_CASE("who has left the roll, or has no training, is not written to") {
    Mailed world;
    world.wish("judge");
    world.play("request");
    world.ours().store().write([&](node::StoreWriter& writer) {
        for (auto row : writer.roll())
            if (row.person == world.who("judge")) {
                row.ended = true;
                writer.put_roll(row);
            }
    });
    CHECK(world.later(15 * minute) == 0);
    CHECK_FALSE(world.wish_of("judge"));
    CHECK(world.mailboxes.tries == 0);

    // Another judge, whose training ends tomorrow.
    Mailed other;
    Enrolment enrolment;
    enrolment.person = "trainee";
    enrolment.office = other.world.person(arcadia, "judge").entry.office.str();
    enrolment.roles = {"judge"};
    enrolment.trained_until = other.clock.now() + std::chrono::hours{24};
    const auto trainee = other.world.enrol(
        arcadia, enrolment,
        {&other.world.person(arcadia, "first-founder"),
         &other.world.person(arcadia, "second-founder")});
    other.ours().store().write([&](node::StoreWriter& writer) {
        writer.put_roll({trainee.hash, trainee.entry.person, trainee.text, false});
    });
    REQUIRE(node::wish_mail(other.ours(), trainee.entry.person, "t@ministry.example", "en"));
    other.clock.pass(Milliseconds{1});
    other.play("request");
    other.clock.set(enrolment.trained_until);
    CHECK(other.later(Milliseconds{0}) == 0);
    CHECK(other.mailboxes.tries == 0);
    other.clock.set(enrolment.trained_until - Milliseconds{1});
    CHECK(other.later(Milliseconds{0}) == 1);
}

TEST_CASE(
    "only an address of the organisation's own domains is taken, and nothing that is more than one") {
    Mailed world;
    const auto& rules = world.ours().settings().mail;
    for (const std::string good :
         {"ada@ministry.example", "Ada.B+c@MINISTRY.example", "a@courts.ministry.example",
          "o'neil@ministry.example", "a-b_c=d@ministry.example"}) {
        CAPTURE(good);
        CHECK(node::check_mail_address(rules, good));
    }
    for (const std::string bad :
         {"",
          "@ministry.example",
          "ada",
          "ada@",
          "ada@ministry",
          "ada@evil.example",
          "ada@evilministry.example",
          "ada@ministry.example.evil.example",
          "ada@.ministry.example",
          "ada@ministry.example.",
          "a@b@ministry.example",
          ".a@ministry.example",
          "a.@ministry.example",
          "a..b@ministry.example",
          "a b@ministry.example",
          "<a@ministry.example>",
          "\"a\"@ministry.example",
          "a@ministry.example\r\nBcc: x@y.example",
          "a\n@ministry.example",
          "a,b@ministry.example",
          "a@-x.ministry.example",
          "a@x_y.ministry.example",
          "\xc3\xa9@ministry.example",
          "a@[10.0.0.1]"}) {
        CAPTURE(bad);
        CHECK(code(node::check_mail_address(rules, bad)) == "json_malformed");
        CHECK(code(node::wish_mail(world.ours(), world.who("judge"), bad, "en")) != "accepted");
    }
    const auto letters = node::check_mail_address(rules, "andr\xc3\xa9@ministry.example");
    REQUIRE_FALSE(letters);
    CHECK(letters.error().facts.text().find("SMTPUTF8") != std::string::npos);
    CHECK(node::check_mail_address(rules, std::string(64, 'a') + "@ministry.example"));
    CHECK_FALSE(node::check_mail_address(rules, std::string(65, 'a') + "@ministry.example"));
    CHECK(
        code(node::wish_mail(world.ours(), world.who("judge"), "a@ministry.example", "xx")) ==
        "json_malformed");
    CHECK_FALSE(world.wish_of("judge"));
    // A node without a mail server says so.
    CHECK(
        code(node::wish_mail(
            world.node("borealia-authority"), PersonId("x"), "a@ministry.example", "en")) ==
        "not_found");
}

TEST_CASE("T22_ a person's address lies sealed in the store, and goes when they end it") {
    Mailed world;
    world.wish("judge");
    std::string all;
    world.ours().store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.kept("mail", "node", "", 10))
            all += row.name + row.sealed;
    });
    CHECK(all.size() > 50);
    CHECK(all.find("@ministry") == std::string::npos);
    node::end_mail(world.ours(), world.who("judge"));
    CHECK_FALSE(world.wish_of("judge"));
}
