// Evidence through the pages' interface: uploads that go on after the browser was closed, the
// production, the release, the opening and the download, each by who may.
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/evidence_files.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

std::string said(const json::Value& value) {
    REQUIRE(value.is_string());
    return std::string(value.as_string());
}

std::string path_of(ApiWorld& world) {
    return "/cases/" + world.practice.case_id.str();
}

// Prepares and approves an act as a page does.
http::Response done(
    ApiWorld& world, const std::string& name, const std::string& kind, json::Object fields,
    const std::string& cookie) {
    const auto& signer = world.practice.world.person(world.node().self().str(), name);
    const auto prepared = world.post(
        "/acts/prepare",
        json::Object{
            {"case", world.practice.case_id.str()},
            {"act", kind},
            {"office", signer.entry.office.str()},
            {"role", signer.entry.roles.front()},
            {"fields", std::move(fields)}},
        cookie);
    if (prepared.status != 200) return prepared;
    const auto object = object_of(prepared);
    return world.post(
        "/acts/perform",
        json::Object{
            {"act", object.at("act")},
            {"assertion",
             world.assertion(signer, std::string(object.at("challenge").as_string()))}},
        cookie);
}

struct Upload {
    ApiWorld& world;
    std::string cookie;

    http::Response begin(const std::string& name, std::int64_t size, std::int64_t cell) const {
        return world.post(
            path_of(world) + "/items",
            json::Object{
                {"name", name}, {"media_type", "text/csv"}, {"size", size}, {"cell", cell}},
            cookie);
    }

    std::string token(const std::string& name, std::int64_t size, std::int64_t cell) const {
        return std::string(object_of(begin(name, size, cell)).at("token").as_string());
    }

    http::Response append(const std::string& token, std::size_t at, Bytes bytes) const {
        return world.put(
            "/evidence/staging/" + token + "?offset=" + std::to_string(at), std::move(bytes),
            cookie);
    }

    http::Response finish(const std::string& token) const {
        return world.post("/evidence/staging/" + token + "/finish", nullptr, cookie);
    }

    json::Object look(const std::string& token) const {
        return object_of(world.get("/evidence/staging/" + token, cookie));
    }

    json::Array list() const {
        return object_of(world.get(path_of(world) + "/items", cookie)).at("items").as_array();
    }
};

Upload upload(ApiWorld& world) {
    return {world, world.signed_in("response-officer")};
}

const Bytes first_file = "account,created\nharbour.invoices,2019\n";
const Bytes second_file(3'000'000, 'y');

// Uploads the two files of the story and returns their lines of the manifest.
json::Array staged(const Upload& up) {
    json::Array out;
    for (const auto& [name, cell, bytes] :
         {std::tuple{"subscriber.csv", 0, first_file}, {"logins.csv", 1, second_file}}) {
        const auto token = up.token(name, static_cast<std::int64_t>(bytes.size()), cell);
        REQUIRE(up.append(token, 0, bytes).status == 200);
        out.emplace_back(object_of(up.finish(token)).at("item"));
    }
    return out;
}

json::Object production(json::Array manifest) {
    auto out = NodeFederation::fields("produce");
    out["manifest"] = std::move(manifest);
    return out;
}

} // namespace

TEST_CASE("S05_ an upload goes on where it stopped when the browser comes back") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const auto up = upload(world);
    const auto begun = up.begin("logins.csv", 3'000'000, 1);
    CHECK(begun.status == 201);
    const std::string token(object_of(begun).at("token").as_string());
    CHECK(
        object_of(up.append(token, 0, second_file.substr(0, 1'000'000))).at("received") ==
        1'000'000);

    // Another browser, later, of the same officer: what there is, and how far it is.
    const auto again = upload(world);
    const auto items = again.list();
    REQUIRE(items.size() == 1);
    CHECK(said(items[0].at("token")) == token);
    CHECK(items[0].at("name") == "logins.csv");
    CHECK(items[0].at("size") == 3'000'000);
    CHECK(items[0].at("received") == 1'000'000);
    CHECK_FALSE(items[0].as_object().contains("item"));
    CHECK(again.look(token).at("received") == 1'000'000);
    // A chunk that was sent before does not count twice, and one too far on is refused.
    CHECK(again.append(token, 0, "y").status == 409);
    CHECK(again.append(token, 1'000'001, "y").status == 409);
    CHECK(code_of(again.finish(token)) == "evidence_incomplete");
    CHECK(again.append(token, 1'000'000, second_file.substr(1'000'000)).status == 200);
    CHECK(code_of(again.append(token, 3'000'000, "y")) == "too_large");
    const auto item = object_of(again.finish(token)).at("item").as_object();
    CHECK(said(item.at("plain_sha256")) == text(crypto::sha256(second_file)));
    // Asked again after a lost answer: the same item, and it waits for the act.
    CHECK(object_of(again.finish(token)).at("item") == json::Value(item));
    CHECK(again.look(token).at("item") == json::Value(item));
    CHECK(again.list().size() == 1);
}

TEST_CASE("an item that is dropped is gone with its file, and cannot be produced") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const auto up = upload(world);
    const auto half = up.token("half.csv", 10, 0);
    CHECK(up.append(half, 0, "12345").status == 200);
    CHECK(world.remove("/evidence/staging/" + half, up.cookie).status == 204);
    CHECK(world.remove("/evidence/staging/" + half, up.cookie).status == 404);
    CHECK(world.get("/evidence/staging/" + half, up.cookie).status == 404);
    CHECK(code_of(up.append(half, 5, "6")) == "evidence_unknown");

    const auto manifest = staged(up);
    REQUIRE(up.list().size() == 2);
    const std::string whole(up.list()[0].at("token").as_string());
    CHECK(world.remove("/evidence/staging/" + whole, up.cookie).status == 204);
    CHECK(up.list().size() == 1);
    const auto sealed = digest_from_text(said(manifest[0].at("cipher_sha256")));
    const auto file = node::evidence_file(world.practice.case_id, sealed.value());
    CHECK(world.node().files().size(file) == 0);
    CHECK(
        code_of(done(world, "response-officer", "produce", production(manifest), up.cookie)) ==
        "evidence_incomplete");
}

TEST_CASE("X6_ T46_ uploads are for the provider's response officers, in a case that orders them") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const auto up = upload(world);
    const auto token = up.token("a.csv", 4, 0);
    ApiWorld asks(world.practice, "arcadia-authority");
    for (const std::string name : {"issuing-officer", "judge", "central-authority-officer"}) {
        const auto cookie = asks.signed_in(name);
        CHECK(asks.get(path_of(world) + "/items", cookie).status == 404);
        CHECK(asks.get("/evidence/staging/" + token, cookie).status == 404);
        CHECK(asks.remove("/evidence/staging/" + token, cookie).status == 404);
    }
    CHECK(world.get(path_of(world) + "/items").status == 401);
    CHECK(world.get("/cases/aaaaaaaaaaaaaaaaaaaaaaaaaa/items", up.cookie).status == 404);
    CHECK(up.list().size() == 1);
    // Sizes at the ends of what there can be.
    CHECK(up.begin("none.csv", -1, 0).status >= 400);
    const auto most = static_cast<std::int64_t>(limits::evidence_item_bytes);
    CHECK(up.begin("most.csv", most, 0).status == 201);
    CHECK(code_of(up.begin("more.csv", most + 1, 0)) == "too_large");
    const auto empty = up.token("empty.csv", 0, 0);
    CHECK(object_of(up.finish(empty)).at("item").at("size") == 0);
}

TEST_CASE(
    "M1_ X5_ T49 from the provider's files to the officer's: staged, produced, released, opened, saved and never shown") {
    ApiWorld provider("vault-provider");
    auto& practice = provider.practice;
    practice.play_until("order");
    const auto up = upload(provider);
    const auto manifest = staged(up);
    REQUIRE(
        object_of(done(provider, "response-officer", "produce", production(manifest), up.cookie))
            .contains("sequence"));
    practice.move_all();
    CHECK(up.list().empty()); // produced: nothing waits any more
    CHECK(
        object_of(provider.get(path_of(provider) + "/manifest/produce", up.cookie)).at("items") ==
        manifest);

    ApiWorld receiving(practice, "borealia-authority");
    const auto clerk = receiving.signed_in("central-authority-officer");
    const auto base = path_of(provider);
    const auto produced =
        object_of(receiving.get(base + "/manifest/produce", clerk)).at("items").as_array();
    REQUIRE(produced == manifest);
    // Each item's state stands in the case under the hash of its ciphertext.
    const auto states = object_of(receiving.get(base, clerk)).at("evidence").as_array();
    for (const auto& item : produced)
        CHECK(std::any_of(states.begin(), states.end(), [&](const auto& state) {
            return state.at("hash") == item.at("cipher_sha256") && state.at("state") == "complete";
        }));
    json::Array passed;
    for (const auto& item : produced) {
        const auto resealed = object_of(receiving.post(
            base + "/release", json::Object{{"item", item.at("cipher_sha256")}}, clerk));
        CHECK(resealed.at("item").at("plain_sha256") == item.at("plain_sha256"));
        CHECK(resealed.at("item").at("cipher_sha256") != item.at("cipher_sha256"));
        passed.emplace_back(resealed.at("item"));
    }
    CHECK(
        code_of(receiving.post(
            base + "/release", json::Object{{"item", std::string(43, 'A')}}, clerk)) ==
        "evidence_unknown");
    auto release = NodeFederation::fields("release");
    release["passed"] = passed;
    REQUIRE(object_of(done(receiving, "central-authority-officer", "release", release, clerk))
                .contains("sequence"));
    practice.move_all();

    ApiWorld asks(practice, "arcadia-authority");
    const auto officer = asks.signed_in("issuing-officer");
    const auto released = object_of(asks.get(base + "/manifest/release", officer));
    CHECK(released.at("items") == json::Value(passed));
    const json::Value wanted = passed[1].at("cipher_sha256");
    const auto open = [&] {
        return asks.post(base + "/openings", json::Object{{"item", wanted}}, officer);
    };
    CHECK(code_of(open()) == "evidence_locked"); // no act of opening names it
    auto receive = NodeFederation::fields("receive");
    receive["manifest_hash"] = released.at("manifest_hash");
    receive["items"] = static_cast<std::int64_t>(passed.size());
    REQUIRE(
        object_of(done(asks, "issuing-officer", "receive", receive, officer)).contains("sequence"));
    practice.move_all();
    CHECK(code_of(open()) == "evidence_locked");
    auto opening = NodeFederation::fields("open");
    opening["items"] = json::Array{wanted};
    REQUIRE(
        object_of(done(asks, "issuing-officer", "open", opening, officer)).contains("sequence"));
    practice.move_all();
    // The one that the act names, and no other.
    CHECK(
        code_of(asks.post(
            base + "/openings", json::Object{{"item", passed[0].at("cipher_sha256")}}, officer)) ==
        "evidence_locked");
    const auto opened = object_of(open());
    CHECK(opened.at("item") == passed[1]);
    const std::string token(opened.at("token").as_string());
    // T46: the reading is the officer's. The token is another's nothing.
    CHECK_FALSE(asks.api().services.openings.next(token, PersonId("somebody")).has_value());
    CHECK(asks.get("/evidence/openings/" + token, asks.signed_in("judge")).status == 404);
    CHECK(asks.get("/evidence/openings/" + token).status == 401);
    // Whoever was cut off reads on from what they have, and may go back; the token stays.
    const auto from = [&](const std::string& offset) {
        return asks.get("/evidence/openings/" + token + "?offset=" + offset, officer);
    };
    CHECK(from("2999990").body == second_file.substr(2'999'990));
    CHECK(from("5").body == second_file.substr(5));
    CHECK(from("0").body == second_file);
    CHECK(from("3000000").body.empty());
    CHECK(from("2999999").body == "y");
    CHECK(code_of(from("3000001")) == "evidence_incomplete");
    CHECK(code_of(from("-1")) == "json_malformed");
    CHECK_FALSE(asks.api().services.openings.read(token, PersonId("somebody"), 0).has_value());
    // Without an offset each call goes on; the item is opened anew for that.
    const std::string whole(object_of(open()).at("token").as_string());
    Bytes read;
    for (;;) {
        const auto chunk = asks.get("/evidence/openings/" + whole, officer);
        REQUIRE(chunk.status == 200);
        CHECK(chunk.headers.find("Content-Disposition") == "attachment");
        CHECK(chunk.headers.find("X-Content-Type-Options") == "nosniff");
        CHECK(chunk.content_type == "application/octet-stream");
        CHECK(chunk.headers.find("Content-Security-Policy") == "sandbox; default-src 'none'");
        CHECK(chunk.body.size() <= limits::evidence_chunk_bytes + 4096);
        if (chunk.body.empty()) break;
        read += chunk.body;
    }
    CHECK(read == second_file);
    CHECK(asks.get("/evidence/openings/" + whole, officer).status == 404); // read to its end
}

TEST_CASE("R4_ while oversight has suspended the case nothing is released, opened or read on") {
    ApiWorld asks;
    auto& practice = asks.practice;
    practice.play_until("open");
    const auto officer = asks.signed_in("issuing-officer");
    const auto base = path_of(asks);
    const json::Object item{{"item", practice.passed[1].at("cipher_sha256")}};
    const auto opened = object_of(asks.post(base + "/openings", item, officer));
    const auto path = "/evidence/openings/" + std::string(opened.at("token").as_string());
    CHECK(asks.get(path, officer).status == 200);
    REQUIRE(
        practice.act("arcadia-oversight", "inspector", "suspend", NodeFederation::fields("suspend"))
            .has_value());
    practice.move_all();
    CHECK(code_of(asks.get(path, officer)) == "evidence_locked");
    CHECK(code_of(asks.post(base + "/openings", item, officer)) == "evidence_locked");
}

TEST_CASE(
    "X6_ T46_ a release is for the receiving authority, an opening for the officer who asked") {
    ApiWorld asks;
    asks.practice.play_until("release");
    ApiWorld receiving(asks.practice, "borealia-authority");
    const auto base = path_of(asks);
    const json::Object item{{"item", asks.practice.passed[0].at("cipher_sha256")}};
    // Roles that the operation is not for.
    for (const std::string name : {"issuing-officer", "judge"})
        CHECK(asks.post(base + "/release", item, asks.signed_in(name)).status == 404);
    for (const std::string name : {"judge", "central-authority-officer"})
        CHECK(asks.post(base + "/openings", item, asks.signed_in(name)).status == 404);
    // The right role on a side that does not hold what is asked for.
    CHECK(
        receiving.post(base + "/openings", item, receiving.signed_in("issuing-officer")).status >=
        400);
    CHECK(
        asks.post(base + "/release", item, asks.signed_in("central-authority-officer")).status >=
        400);
    const auto officer = asks.signed_in("issuing-officer");
    CHECK(
        code_of(asks.post(base + "/openings", json::Object{{"item", "x"}}, officer)) ==
        "evidence_unknown");
    CHECK(
        code_of(asks.post(base + "/openings", json::Object{{"item", 1}}, officer)) ==
        "json_malformed");
}

TEST_CASE(
    "S05_ an upload goes on after the node was restarted, and nothing of it lies open meanwhile") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    auto& files = world.practice.members.at("vault-provider")->files;
    const auto before = files.all().size();
    const auto up = upload(world);
    const Bytes told = "the accounts of the harbour company, line by line\n" + first_file;
    Bytes all;
    while (all.size() < 2'000'000)
        all += told;
    const auto token = up.token("accounts.csv", static_cast<std::int64_t>(all.size()), 1);
    const auto done_token = up.token("subscriber.csv", static_cast<std::int64_t>(told.size()), 0);
    REQUIRE(up.append(done_token, 0, told).status == 200);
    const auto whole = object_of(up.finish(done_token)).at("item");
    REQUIRE(up.append(token, 0, all.substr(0, 700'000)).status == 200);
    REQUIRE(up.append(token, 700'000, all.substr(700'000, 1)).status == 200);
    for (const auto& [name, bytes] : files.all())
        CHECK_MESSAGE(bytes.find("harbour company") == Bytes::npos, name);

    ApiWorld restarted(world.practice, "vault-provider");
    const auto on = upload(restarted);
    const auto list = on.list();
    REQUIRE(list.size() == 2);
    CHECK(list[0].at("name") == "accounts.csv");
    CHECK(list[0].at("received") == 700'001);
    CHECK(list[1].at("item") == whole);
    CHECK(code_of(on.append(token, 700'000, all.substr(700'000, 10))) == "evidence_incomplete");
    REQUIRE(on.append(token, 700'001, all.substr(700'001)).status == 200);
    const auto item = object_of(on.finish(token)).at("item");
    CHECK(said(item.at("plain_sha256")) == text(crypto::sha256(all)));
    for (const auto& [name, bytes] : files.all())
        CHECK_MESSAGE(bytes.find("harbour company") == Bytes::npos, name);
    // The copy and its key end with the upload: of each item two files stay.
    CHECK(files.all().size() == before + 4);
    // What was whole before and after the restart is produced, and arrives as it was.
    const auto produced = done(
        restarted, "response-officer", "produce", production(json::Array{whole, item}), on.cookie);
    REQUIRE_MESSAGE(produced.status == 200, produced.body);
    world.practice.move_all();
    CHECK(on.list().empty());
    for (const auto& row : world.practice.evidence("borealia-authority"))
        CHECK(row.state == node::EvidenceRow::State::complete);
    ApiWorld later(world.practice, "vault-provider");
    CHECK(upload(later).list().empty());
}

TEST_CASE(
    "S05_ what a crash cut off in the middle is sent again, and what was changed is not taken") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    auto& files = world.practice.members.at("vault-provider")->files;
    const auto up = upload(world);
    const auto token = up.token("logins.csv", 3'000'000, 1);
    REQUIRE(up.append(token, 0, second_file.substr(0, 1'000'000)).status == 200);
    REQUIRE(up.append(token, 1'000'000, second_file.substr(0, 500'000)).status == 200);
    const auto copy = "evidence/" + world.practice.case_id.str() + "/" + token + ".copy";
    const auto size = files.size(copy);
    REQUIRE(size > 1'500'000);
    files.append(copy, size, Bytes("\0\x01\0\0half of a chunk", 19));
    {
        ApiWorld restarted(world.practice, "vault-provider");
        const auto on = upload(restarted);
        CHECK(on.look(token).at("received") == 1'500'000);
        REQUIRE(on.append(token, 1'500'000, second_file.substr(0, 10)).status == 200);
    }
    auto bytes = *files.read(copy);
    bytes[1'200'000] = static_cast<char>(bytes[1'200'000] ^ 1);
    files.replace(copy, bytes);
    ApiWorld restarted(world.practice, "vault-provider");
    const auto on = upload(restarted);
    // The second chunk does not open: it and what came after it is asked for again.
    CHECK(code_of(on.append(token, 1'500'010, Bytes(1, 'y'))) == "evidence_incomplete");
    CHECK(on.look(token).at("received") == 1'000'000);
    REQUIRE(on.append(token, 1'000'000, second_file.substr(1'000'000)).status == 200);
    const auto item = object_of(on.finish(token)).at("item");
    CHECK(said(item.at("plain_sha256")) == text(crypto::sha256(second_file)));
}

TEST_CASE("T22_ an upload that is dropped leaves no copy and no key, after a restart too") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    auto& files = world.practice.members.at("vault-provider")->files;
    const auto before = files.all().size();
    const auto token = upload(world).token("logins.csv", 3'000'000, 1);
    REQUIRE(upload(world).append(token, 0, second_file.substr(0, 2'000'000)).status == 200);
    ApiWorld restarted(world.practice, "vault-provider");
    const auto on = upload(restarted);
    CHECK(restarted.remove("/evidence/staging/" + token, on.cookie).status == 204);
    CHECK(files.all().size() == before);
    CHECK(on.list().empty());
    ApiWorld later(world.practice, "vault-provider");
    CHECK(upload(later).list().empty());
}
