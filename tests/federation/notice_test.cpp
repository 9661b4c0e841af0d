// The notice between nodes: a person goes with the code to any authority, and what is handed out
// there is genuine, whole, and for that person alone.
#include "apps/verify.hpp"
#include "node/export_case.hpp"
#include "node/gate.hpp"
#include "node/notice.hpp"
#include "node/open_evidence.hpp"
#include "support/federation_story.hpp"

using namespace comity;
using namespace comity::test;
using std::chrono::days;
using std::chrono::hours;

namespace {

struct Told : Story {
    explicit Told(const std::string& procedure, bool third = false) : Story(17, procedure, third) {}

    void publish() {
        for (int i = 0; i < 2; ++i)
            for (auto& [id, station] : federation.stations)
                station->beat();
    }

    std::string code() {
        const auto notice = read_latest(federation.at(arcadia), plot->id, "notify");
        REQUIRE(notice.has_value());
        return std::string(notice->at("code").as_string());
    }

    /// What a participant's node answers a person with this code.
    Result<std::optional<Bytes>> fetch(const std::string& at, const std::string& code) {
        return node::fetch_notice(
            federation.at(at).node(), code, [&](std::string_view typed) -> std::optional<Bytes> {
                auto& own = federation.at(at);
                const auto id = node::noticed_case(own.node(), typed);
                if (!id) return std::nullopt;
                auto made = node::export_notice(own.node(), *own.run.record, *id);
                REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text()));
                return std::move(*made);
            });
    }

    http::Response ask(const std::string& asker, const std::string& code) {
        return federation.at(arcadia).answer(
            asker, {"POST",
                    "/exchange/v1/notices/bundle",
                    {},
                    json::print(json::Object{{"code", code}}),
                    "application/json"});
    }

    std::size_t files(const std::string& id) {
        std::size_t out = 0;
        for (const auto& [name, bytes] : federation.at(id).files.all())
            if (name.starts_with("evidence/")) ++out;
        return out;
    }
};

std::string failures(BytesView bundle) {
    std::string out;
    for (const auto& line : apps::verify_bundle(bundle, {}).failures)
        out += line + "\n";
    return out;
}

} // namespace

TEST_CASE(
    "R2_ the bundle of a notice is fetched at any authority's node, verifies offline, and every "
    "changed byte of it does not") {
    Told world("mla");
    for (const auto& [id, name] : ordinary_road)
        world.act(id, name);
    world.act(arcadia, "notify");
    world.publish();
    const auto code = world.code();
    const auto at_home = world.fetch(arcadia, code);
    REQUIRE((at_home.has_value() && at_home->has_value()));
    CHECK_MESSAGE(failures(**at_home).empty(), failures(**at_home));
    for (const auto& door : {borealia, cascadia}) {
        const auto there = world.fetch(door, code);
        REQUIRE_MESSAGE(there.has_value(), (there ? "" : there.error().text()));
        REQUIRE(there->has_value());
        CHECK_MESSAGE(failures(**there).empty(), failures(**there));
        // Of the same acts, under another time of export.
        const auto acts = [](const Bytes& bundle) {
            const auto read =
                json::parse_object(BytesView(bundle).substr(0, bundle.find('\n')), bundle.size());
            REQUIRE(read.has_value());
            return json::print(read->at("acts").as_array());
        };
        CHECK(acts(**there) == acts(**at_home));
    }
    const Bytes& good = **at_home;
    for (std::size_t i = 0; i < 40; ++i) {
        Bytes changed = good;
        auto& byte = changed[(i * 7919 + 13) % (good.size() - 1)];
        byte = static_cast<char>(byte ^ 1);
        CHECK_FALSE(failures(changed).empty());
    }
}

TEST_CASE(
    "T36 between nodes a code of nothing gets the same few bytes, whoever asks and whatever it "
    "looks like") {
    Told world("mla");
    for (const auto& [id, name] : ordinary_road)
        world.act(id, name);
    world.publish();
    const auto unknown = world.ask(borealia, "XA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA");
    CHECK(unknown.status == 404);
    for (const std::string code : {"", "nonsense", "XB-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"})
        for (const auto& asker : {borealia, cascadia, vault, arcadia_overseer}) {
            const auto answer = world.ask(asker, code);
            CHECK(answer.status == unknown.status);
            CHECK(answer.body == unknown.body);
            CHECK(answer.headers.fields() == unknown.headers.fields());
        }
    // A form that is none tells nothing of codes either.
    const auto odd = world.federation.at(arcadia).answer(
        borealia, {"POST", "/exchange/v1/notices/bundle", {}, "{}", "application/json"});
    CHECK(odd.status == 400);
    // Given, the code opens it to the node that asks for its person.
    world.act(arcadia, "notify");
    world.publish();
    const auto shown = world.ask(cascadia, world.code());
    CHECK(shown.status == 200);
    CHECK(failures(shown.body).empty());
    CHECK(shown.headers.find("Cache-Control") == "no-store");
}

TEST_CASE(
    "R2_ when the authority that gave the notice does not answer, that is said of every code") {
    Told world("mla");
    for (const auto& [id, name] : ordinary_road)
        world.act(id, name);
    world.act(arcadia, "notify");
    world.publish();
    world.federation.cut.emplace(cascadia, arcadia);
    CHECK(code(world.fetch(cascadia, world.code())) == "peer_away");
    world.federation.cut.clear();
    CHECK(code(world.fetch(cascadia, world.code())) == "accepted");
}

TEST_CASE("N2_ N3_ opposition after production locks what came and deletes it at every holder") {
    for (const auto& [who, how] : std::vector<std::pair<std::string, std::string>>{
             {borealia, "oppose"}, {cascadia, "oppose-third"}}) {
        Told world("extraordinary", true);
        for (const auto& [id, name] : std::vector<std::pair<std::string, std::string>>{
                 {arcadia, "authorise"},
                 {arcadia, "transmit"},
                 {borealia, "acknowledge"},
                 {vault, "preserve"},
                 {borealia, "clear"},
                 {cascadia, "clear-third"},
                 {vault, "produce"},
                 {arcadia, "receive"},
                 {arcadia, "open"}})
            world.act(id, name);
        CHECK(world.files(arcadia) > 0);
        auto& here = world.federation.at(arcadia);
        std::vector<node::EvidenceRow> rows;
        here.disk.read([&](node::StoreReader& reader) { rows = reader.evidence(world.plot->id); });
        const auto opening = [&] {
            for (const auto& row : rows)
                if (row.size > 0) return code(here.run.openings->open(world.plot->id, row.hash));
            return std::string("nothing is here");
        };
        CHECK(opening() == "accepted");
        world.act(who, how);
        CHECK(opening() == "evidence_locked");
        // Deletion is owed within two days by both holders, and comes by itself.
        world.federation.pass(hours{49});
        REQUIRE(world.quiet());
        REQUIRE(world.quiet());
        CHECK(opening() == "evidence_deleted");
        CHECK(world.files(arcadia) == 0);
        CHECK(world.files(vault) == 0);
        for (const auto& id : {arcadia, borealia, cascadia, vault, arcadia_overseer}) {
            std::set<std::string> kinds;
            for (const auto& row : world.federation.at(id).acts(world.plot->id))
                kinds.insert(row.kind);
            CHECK_MESSAGE(kinds.contains("delete"), id);
            CHECK_MESSAGE(kinds.contains("discard"), id);
        }
    }
}
