// What anybody may ask without an account: notices by code, challenges, arrears, reports.
#include "act/code.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/carry_challenge.hpp"
#include "node/gate.hpp"
#include "node/statistics.hpp"
#include "node/watch_records.hpp"
#include "record/leaf.hpp"
#include "support/api_world.hpp"
#include "support/published_records.hpp"
#include "support/ranks.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <future>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

std::string text_in(const json::Object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

std::shared_future<record::Running> known(const record::Running& running) {
    std::promise<record::Running> out;
    out.set_value(running);
    return out.get_future().share();
}

/// A case whose data was received; then its notice, given by the node at its time.
struct Noticed : ApiWorld {
    explicit Noticed(bool given = true) {
        practice.play_until("receive");
        practice.move_all();
        if (!given) return;
        practice.clock.pass(std::chrono::days{31});
        practice.beat();
        REQUIRE(practice.state(arcadia)->latest.contains("notify"));
    }

    std::string code() {
        std::optional<json::Object> fields;
        node().store().read([&](node::StoreReader& reader) {
            fields = node::readable_fields(node(), reader, practice.case_id, "notify");
        });
        REQUIRE(fields.has_value());
        return text_in(*fields, "code");
    }

    /// The code of a notice that is prepared and not given: what is kept back.
    std::string sealed_code() {
        auto& own = node();
        const auto prepared = node::prepare_act(
            own,
            practice.intent(
                arcadia, "central-authority-officer", "notify", NodeFederation::fields("notify")));
        REQUIRE_MESSAGE(prepared.has_value(), (prepared ? "" : prepared.error().text()));
        std::string out;
        own.store().read([&](node::StoreReader& reader) {
            const auto draft = reader.find_draft(prepared->hash);
            const auto header = act::parse_header(draft->header);
            for (const auto& [place, part] : draft->parts) {
                const auto& ref = header->parts[place];
                if (!std::binary_search(
                        ref.readers.begin(), ref.readers.end(), ParticipantId(arcadia)))
                    continue;
                const auto opened = act::open_part(
                    ref, part, "notify", {own.keys().sealing.key, own.keys().sealing.certificate});
                if (opened && opened->fields.contains("code"))
                    out = text_in(opened->fields, "code");
            }
        });
        REQUIRE(act::read_code(out));
        return out;
    }

    http::Response look_up(const std::string& code) {
        practice.clock.pass(std::chrono::seconds{1}); // the door lets so many through a minute
        return post("/public/notices", json::Object{{"code", code}});
    }

    void publish() {
        auto& record = api().services.record;
        if (record.checkpoint().empty()) REQUIRE(record.start().has_value());
        REQUIRE(record.beat().has_value());
    }
};

json::Object challenge_of(const std::string& code) {
    auto out = NodeFederation::fields("challenge");
    out["code"] = code;
    return out;
}

} // namespace

TEST_CASE("R2_ the code shows the notice with its remedy, and says what was checked of it") {
    Noticed world;
    auto shown = object_of(world.look_up(world.code()));
    CHECK_FALSE(text_in(shown, "what").empty());
    CHECK_FALSE(text_in(shown.at("remedy").as_object(), "court").empty());
    CHECK(shown.at("challenge") == "possible");
    CHECK(shown.at("proof").at("seal") == "checked");
    CHECK(shown.at("proof").at("record") == "pending");
    world.publish();
    shown = object_of(world.look_up(world.code()));
    CHECK(shown.at("proof").at("record") == "included");
    CHECK(shown.at("proof").at("witnesses") == 1);
    // As people type it.
    auto typed = world.code();
    std::transform(typed.begin(), typed.end(), typed.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    CHECK(world.look_up(typed).status == 200);
}

TEST_CASE("R2_ another authority's node shows the notice too, and claims to have checked nothing") {
    Noticed given;
    // The same federation seen from the other side.
    ApiWorld other(borealia);
    const auto code = given.code();
    CHECK(act::code_country(code) == "XA");
    const auto nothing = other.post("/public/notices", json::Object{{"code", code}});
    CHECK(nothing.status == 404); // another federation: the code is nobody's there
    other.practice.away.insert(arcadia);
    CHECK(code_of(other.post("/public/notices", json::Object{{"code", code}})) == "peer_away");
    other.practice.away.clear();
    other.practice.play_until("receive");
    other.practice.clock.pass(std::chrono::days{31});
    other.practice.beat();
    std::optional<json::Object> fields;
    auto& authority = other.practice.node(arcadia);
    authority.store().read([&](node::StoreReader& reader) {
        fields = node::readable_fields(authority, reader, other.practice.case_id, "notify");
    });
    REQUIRE(fields.has_value());
    const auto shown =
        object_of(other.post("/public/notices", json::Object{{"code", fields->at("code")}}));
    CHECK(text_in(shown, "what") == text_in(*fields, "what"));
    CHECK(shown.at("proof").at("seal") == "unchecked");
    CHECK(shown.at("proof").at("record") == "pending");
}

TEST_CASE("T36_ sealed, unknown and wrong codes get the same bytes from the page's operations") {
    Noticed world(false);
    const auto sealed = world.sealed_code();
    const auto unknown = act::make_code("XA");
    auto wrong = unknown;
    wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
    const auto first = world.look_up(unknown);
    CHECK(first.status == 404);
    CHECK(first.body.size() % limits::notice_answer_bytes == 0);
    for (const std::string language : {"fr", "ar"}) {
        const auto told = world.call(
            {"POST",
             "/public/notices",
             json::Object{{"code", unknown}},
             "",
             "https://arcadia-authority.example",
             {{"Accept-Language", language}},
             {}});
        CHECK(told.body.size() % limits::notice_answer_bytes == 0);
        CHECK(object_of(told).at("title") != object_of(first).at("title"));
    }
    const auto bundle = world.post("/public/notices/bundle", json::Object{{"code", unknown}});
    for (const auto& code :
         {sealed, unknown, wrong, act::make_code("XA"), act::make_code("ZZ"),
          std::string("nonsense"), std::string()}) {
        CAPTURE(code);
        const auto answer = world.look_up(code);
        CHECK(answer.status == first.status);
        CHECK(answer.body == first.body);
        CHECK(answer.headers.fields() == first.headers.fields());
        const auto download = world.post("/public/notices/bundle", json::Object{{"code", code}});
        CHECK(download.status == 404);
        CHECK(download.body == bundle.body);
        CHECK(download.headers.fields() == bundle.headers.fields());
    }
    // What shows something is as long as a multiple of the same.
    Noticed given;
    CHECK(given.look_up(given.code()).body.size() % limits::notice_answer_bytes == 0);
}

TEST_CASE("T36_ the operation takes as long for a code that is kept back as for one that is none") {
    Noticed world(false);
    const auto sealed = world.sealed_code();
    auto wrong = sealed;
    wrong[5] = wrong[5] == 'A' ? 'B' : 'A';
    const std::array codes{sealed, act::make_code("XA"), wrong};
    const auto& operations = api::operations();
    const auto operation = std::find_if(operations.begin(), operations.end(), [](const auto& one) {
        return one.id == "lookUpNotice";
    });
    REQUIRE(operation != operations.end());
    const auto& handler = api::handlers().at("lookUpNotice");
    // As the node's own test (tests/node/notice_test.cpp), with the operation around it.
    constexpr std::size_t samples = 1500;
    std::array<std::vector<double>, 3> times;
    for (std::size_t i = 0; i < samples; ++i)
        for (std::size_t k = 0; k < codes.size(); ++k) {
            const std::size_t at = (k + i) % codes.size();
            world.practice.clock.pass(std::chrono::seconds{1});
            http::Request request;
            request.method = "POST";
            request.body = json::print(json::Object{{"code", codes[at]}});
            const api::Call call{request, *operation, {}};
            const auto begin = std::chrono::steady_clock::now();
            const auto answer = handler(world.api(), call);
            const auto end = std::chrono::steady_clock::now();
            REQUIRE(answer.status == 404);
            REQUIRE(answer.body.size() == limits::notice_answer_bytes);
            times[at].push_back(std::chrono::duration<double>(end - begin).count());
        }
    MESSAGE(
        "z ", rank_difference(times[0], times[1]), " ", rank_difference(times[0], times[2]), " ",
        rank_difference(times[1], times[2]));
    CHECK(std::abs(rank_difference(times[0], times[1])) < 4.9);
}

TEST_CASE("T35_ the door for codes closes for everybody when too many are tried") {
    Noticed world(false);
    for (std::int64_t i = 0; i < limits::door_burst; ++i)
        REQUIRE(
            world.post("/public/notices", json::Object{{"code", act::make_code("XA")}}).status ==
            404);
    CHECK(code_of(world.post("/public/notices", json::Object{{"code", "XA"}})) == "rate_exceeded");
    CHECK(code_of(world.post("/public/challenges", json::Object{})) == "rate_exceeded");
    CHECK(
        code_of(world.post("/public/notices/bundle", json::Object{{"code", "XA"}})) ==
        "rate_exceeded");
    world.practice.clock.pass(std::chrono::seconds{1});
    CHECK(world.post("/public/notices", json::Object{{"code", "XA"}}).status == 404);
}

TEST_CASE(
    "R2_ a challenge gets a receipt that anybody checks, reaches the case, and is shown pending") {
    Noticed world;
    const auto code = world.code();
    const auto now = world.practice.clock.now();
    const auto response = world.post("/public/challenges", challenge_of(code));
    CHECK(response.status == 201);
    const auto receipt = object_of(response);
    CHECK(
        receipt.at("court") == object_of(world.look_up(code)).at("remedy").as_object().at("court"));
    CHECK(text_in(receipt, "ruling_due") == to_text(now + std::chrono::days{30}));
    CHECK(receipt.at("carried") == true);
    const auto directory = world.node().directory();
    CHECK(node::verify_filing_receipt(
              **directory, text_in(receipt, "receipt"), text_in(receipt, "filing"))
              .has_value());
    CHECK_FALSE(node::verify_filing_receipt(
                    **directory, text_in(receipt, "receipt"), text_in(receipt, "filing") + " ")
                    .has_value());
    world.practice.beat();
    CHECK(world.practice.state(arcadia)->latest.contains("challenge"));
    CHECK(object_of(world.look_up(code)).at("challenge") == "pending");
}

TEST_CASE("T36_ a challenge with a code of nothing is taken like any other, and changes no case") {
    Noticed world(false);
    const auto sealed = world.sealed_code();
    std::vector<std::string> courts;
    for (const auto& code : {sealed, act::make_code("XA")}) {
        world.practice.clock.pass(std::chrono::seconds{1});
        const auto response = world.post("/public/challenges", challenge_of(code));
        CHECK(response.status == 201);
        courts.push_back(text_in(object_of(response), "court"));
    }
    CHECK(courts[0] == courts[1]);
    world.practice.beat();
    CHECK_FALSE(world.practice.state(arcadia)->latest.contains("challenge"));
    auto wrong = act::make_code("XA");
    wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
    CHECK(code_of(world.post("/public/challenges", challenge_of(wrong))) == "code_wrong");
}

TEST_CASE(
    "R2_ the bundle of a notice has every act with its proof, and what the person may read only") {
    Noticed world;
    // An export carries the signed directory, which this world gives its nodes by hand.
    auto& directories = world.practice.world;
    world.node().store().write([&](node::StoreWriter& writer) {
        writer.put_directory(
            1, directories.sign_directory(
                   directory::print_directory(directories.draft), {arcadia, borealia},
                   practice_start()));
    });
    const auto too_soon =
        world.post("/public/notices/bundle", json::Object{{"code", world.code()}});
    CHECK(code_of(too_soon) == "proof_wrong"); // the record has not published the last act
    world.publish();
    const auto response =
        world.post("/public/notices/bundle", json::Object{{"code", world.code()}});
    REQUIRE(response.status == 200);
    CHECK(response.content_type == "application/vnd.comity.bundle");
    CHECK(response.headers.find("X-Content-Type-Options") == "nosniff");
    const auto bundle = json::parse_object(
        BytesView(response.body).substr(0, response.body.find('\n')), limits::catch_up_bytes);
    REQUIRE(bundle.has_value());
    const auto& acts = bundle->at("acts").as_array();
    CHECK(acts.size() == world.practice.acts(arcadia));
    std::size_t opened = 0;
    for (const auto& item : acts) {
        const auto sealed = act::parse_sealed(std::string(item.at("seal").as_string()));
        REQUIRE(sealed.has_value());
        CHECK_FALSE(item.at("proof").as_string().empty());
        for (const auto& part : item.at("parts").as_array()) {
            const auto& audience =
                sealed->header.parts.at(part.at("part").to_number<std::size_t>()).audience;
            CHECK(std::find(audience.begin(), audience.end(), "subject") != audience.end());
            if (part.as_object().contains("opened")) ++opened;
        }
    }
    CHECK(opened > 0);
}

TEST_CASE("S31_ what is overdue is counted from the public records of all, by country and duty") {
    ApiWorld world;
    world.practice.play_until("receive");
    world.practice.move_all();
    PublishedRecords records(world.practice);
    const auto publish = [&] {
        records.publish();
        CHECK(node::watch_records(world.node()) > 0);
    };
    CHECK(object_of(world.get("/public/overdue")).at("checkpoint_size") == 0); // nothing was read
    publish();
    auto told = object_of(world.get("/public/overdue"));
    CHECK(told.at("items").as_array().empty());
    std::int64_t leaves = 0;
    for (const auto& [id, member] : world.practice.members)
        leaves += world.practice.leaves(id);
    CHECK(told.at("checkpoint_size") == leaves);
    // Nobody does anything, and the day comes: the notice of Arcadia, and the copy in Borealia.
    world.practice.clock.pass(std::chrono::days{32});
    told = object_of(world.get("/public/overdue"));
    std::map<std::string, std::int64_t> counts;
    for (const auto& item : told.at("items").as_array())
        counts[text_in(item.as_object(), "country") + " " + text_in(item.as_object(), "duty")] =
            item.at("count").to_number<std::int64_t>();
    CHECK(counts["XA notice"] == 1);
    CHECK(counts["XB deletion"] == 1);
    CHECK(counts["XB notice"] == 0);
    // Page by page, each once.
    const auto first = object_of(world.get("/public/overdue?limit=1"));
    CHECK(first.at("items").as_array().size() == 1);
    const auto second =
        object_of(world.get("/public/overdue?limit=1&after=" + text_in(first, "next")));
    CHECK(second.at("items").at(0) != first.at("items").at(0));
    // Then it is done, and the records say so.
    world.practice.beat();
    publish();
    CHECK(object_of(world.get("/public/overdue")).at("items").as_array().empty());
}

TEST_CASE("R1_ a report of a quarter stands in the record, and the page gets all that proves it") {
    Noticed world;
    CHECK(object_of(world.get("/public/reports")).at("items").as_array().empty());
    CHECK(node::publish_reports(world.node()).value() == 0); // the quarter runs
    world.practice.clock.pass(std::chrono::days{100});
    CHECK(node::publish_reports(world.node()).value() == 1);
    CHECK(node::publish_reports(world.node()).value() == 0); // once
    auto item = object_of(world.get("/public/reports")).at("items").at(0).as_object();
    CHECK_FALSE(item.contains("proof")); // its leaf is not published yet
    world.publish();
    item = object_of(world.get("/public/reports")).at("items").at(0).as_object();
    const auto document = from_base64url(text_in(item, "canonical")).value();
    const auto entry = from_base64url(text_in(item, "entry")).value();
    CHECK(text_in(item, "digest") == text(crypto::sha256(document)));
    const auto leaf = record::Leaf::parse(entry).value();
    CHECK(leaf.kind == record::Leaf::Kind::report);
    CHECK(leaf.hash == crypto::sha256(document));
    std::vector<Digest> path;
    for (const auto& hash : item.at("proof").as_array())
        path.push_back(*digest_from_text(hash.as_string()));
    CHECK(record::verify_inclusion(
              crypto::merkle_leaf(entry), item.at("leaf").to_number<std::uint64_t>(),
              item.at("checkpoint_size").to_number<std::uint64_t>(), path,
              *digest_from_text(text_in(item, "checkpoint_root")))
              .has_value());
    // One case: its number may be told, and nothing of it.
    REQUIRE(item.at("series").as_array().size() == 1);
    CHECK(item.at("series").at(0).at("id") == "requesting.cases");
    CHECK(item.at("series").at(0).at("cells").at(0).at("value") == 1);
    // A quarter without a case has no report; the next one with cases has the next number.
    world.practice.clock.pass(std::chrono::days{100});
    CHECK(node::publish_reports(world.node()).value() == 0);
    CHECK(node::published_reports(world.node(), std::nullopt, 10).size() == 1);
    CHECK(node::published_reports(world.node(), 1, 10).empty());
    CHECK(world.get("/public/reports?after=x").status >= 400);
}

TEST_CASE("R7_ the code of a letter shows anybody the frame of its act, and a wrong code nothing") {
    ApiWorld world;
    world.practice.play_until("transmit");
    world.practice.move_all();
    const auto officer = world.signed_in("issuing-officer");
    const auto path = "/cases/" + world.practice.case_id.str();
    const auto timeline = object_of(world.get(path + "/timeline", officer));
    const auto& entry = timeline.at("items").as_array().front().as_object();
    const std::string hash(entry.at("hash").as_string());
    const auto shown = object_of(world.post("/public/acts", json::Object{{"hash", hash}}));
    for (const std::string_view name :
         {"hash", "act", "sequence", "performer", "performer_name", "admitted", "proof"}) {
        CAPTURE(name);
        CHECK(shown.at(name) == entry.at(name));
    }
    CHECK(text_in(shown, "case") == world.practice.case_id.str());
    CHECK(shown.size() == 8); // nothing of what it says, and nobody's name

    const auto never = world.post("/public/acts", json::Object{{"hash", std::string(43, 'A')}});
    CHECK(never.status == 404);
    auto changed = hash;
    changed[0] = changed[0] == 'A' ? 'B' : 'A';
    for (const auto& wrong : {changed, std::string(), std::string("short"), hash + "A"}) {
        CAPTURE(wrong);
        const auto response = world.post("/public/acts", json::Object{{"hash", wrong}});
        CHECK(response.status == 404);
        CHECK(response.body == never.body);
    }
    CHECK(world.post("/public/acts", json::Object{}).status == 400);

    // The act, its receipt and the custody print for those who take part.
    const auto acts = path + "/acts/" + hash;
    const auto reads = [&] {
        std::vector<std::string> out;
        for (const auto& line : world.practice.log)
            if (line.starts_with("body read")) out.push_back(line);
        return out;
    };
    CHECK(reads().empty());
    CHECK(world.get(acts + "/letter", officer).body == "%PDF of act 1, en+fr");
    // Who has the letter has read the act, and the log says so as it does of the act's fields.
    REQUIRE(reads().size() == 1);
    CHECK(
        reads().front() == fmt::format(
                               "body read case={} act={} as=letter person=issuing-officer",
                               world.practice.case_id.str(), hash));
    CHECK(world.get(acts + "/fields", officer).status == 200);
    CHECK(reads().size() == 2);
    CHECK(world.get(path + "/acts/" + changed + "/letter", officer).status == 404);
    CHECK(world.get(acts + "/letter?language=..%2F", officer).status == 400);
    CHECK(world.get(acts + "/receipt", officer).body == "%PDF of act receipt-1, en+fr");
    CHECK(
        world.get(path + "/custody/letter?language=ar", officer).body ==
        "%PDF of act custody, ar+en");
    CHECK(world.get(path + "/acts/" + changed + "/receipt", officer).status == 404);
    CHECK(reads().size() == 2); // neither says what the act says
}

TEST_CASE(
    "T56_ V11_ anybody reads which program the node says it runs, and which release that is") {
    ApiWorld world;
    record::Running running;
    running.build = {
        "0.1.0", "linux-x86_64", crypto::sha256("program"), world.node().law().pack().digest(), {}};
    world.api().running = known(running);
    auto seen = object_of(world.get("/public/build"));
    CHECK(text_in(seen, "state") == "unknown");
    CHECK(text_in(seen, "program") == to_hex(view(crypto::sha256("program"))));
    CHECK(text_in(seen, "law") == world.node().law().pack().digest());
    CHECK_FALSE(seen.contains("pages"));
    CHECK_FALSE(seen.contains("release"));

    running.build.pages = crypto::sha256("pages");
    running.proof = "the proof";
    running.release.emplace();
    running.release->signed_release = {
        {"0.1.0", std::string(40, 'c'), {}, running.build.law, running.build.pages},
        {"release.example/ada", "release.example/bo"}};
    running.release->index = 41;
    running.release->checkpoint.checkpoint = {"release.example", 42, {}, {}};
    world.api().running = known(running);
    seen = object_of(world.get("/public/build"));
    CHECK(text_in(seen, "state") == "released");
    const auto& release = seen.at("release").as_object();
    CHECK(text_in(release, "log") == "release.example");
    CHECK(release.at("index") == 41);
    CHECK(release.at("signers").as_array().size() == 2);
    CHECK(text_in(release, "proof") == "the proof");

    // Why it is not: in the reader's language, beside the release that the proof is of.
    record::Release other{"0.1.0", std::string(40, 'c'), {{"linux-x86_64", {}}}, "", {}};
    const auto compared = record::compare(running.build, other);
    REQUIRE_FALSE(compared.has_value());
    running.problem = compared.error();
    world.api().running = known(running);
    seen = object_of(world.get("/public/build"));
    CHECK(text_in(seen, "state") == "other");
    CHECK(
        text_in(seen.at("problem").as_object(), "text").find("the program is another") !=
        std::string::npos);
    CHECK(seen.contains("release"));
}
