// The monitor against records that are honest and records that lie, each lie in the way a dishonest
// operator would tell it: everything is signed anew and hangs together, except with what was seen
// before or elsewhere.
#include "apps/monitor_stats.hpp"
#include "base/fault.hpp"
#include "crypto/hash.hpp"
#include "record/checkpoint.hpp"
#include "record/tally.hpp"
#include "record/tiles.hpp"
#include "record/witness.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

using namespace comity;
namespace fs = std::filesystem;
using record::Duty;
using record::Ending;

namespace {

const std::string origin = "arcadia.example/record";

Instant at(std::string_view text) {
    return instant_from(text).value();
}

const Instant now = at("2026-03-10T12:00:00.000Z");

Instant day(std::string_view text) {
    return day_from(text).value();
}

Bytes act(std::uint64_t number) {
    return record::act_leaf(view(crypto::sha256(std::to_string(number))), "header");
}

std::vector<Bytes> acts(std::uint64_t from, std::uint64_t to) {
    std::vector<Bytes> out;
    for (auto i = from; i < to; ++i)
        out.push_back(act(i));
    return out;
}

Bytes notice(std::string_view on, std::string_view case_ = "case") {
    return record::obligation_leaf(Duty::notice, day(on), crypto::sha256(case_));
}

Bytes end(std::int64_t closes, Ending ending, std::string_view until = {}) {
    return record::discharge_leaf(
        closes, ending, until.empty() ? Instant{} : day(until), crypto::sha256("why"));
}

Bytes read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE(in);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, BytesView bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// An operator with the log's key, who can publish any leaves as its record; witnesses that
/// cosign whatever they are told to, so that the monitor has to find out by itself.
struct World {
    World() {
        policy = record::Policy::parse(
                     "log " + record::log_key(origin, log).text() + "\nwitness one " +
                     witness_key(0).text() + "\nwitness two " + witness_key(1).text() +
                     "\ngroup both 2 one two\nquorum both\n")
                     .value();
    }

    [[nodiscard]] record::VerifierKey witness_key(std::size_t i) const {
        return record::witness_key("w" + std::to_string(i) + ".example", witnesses[i]);
    }

    /// Replaces the record by these leaves, grown in the given steps.
    void publish(const std::vector<Bytes>& leaves, std::vector<std::uint64_t> steps = {}) {
        fs::remove_all(where / "tile");
        steps.push_back(leaves.size());
        record::TileWriter writer;
        for (const auto size : steps) {
            const std::vector<Bytes> next(
                leaves.begin() + static_cast<std::ptrdiff_t>(writer.size()),
                leaves.begin() + static_cast<std::ptrdiff_t>(size));
            REQUIRE(writer.append(next));
            for (const auto& file : writer.take_files())
                write(where / file.id.path(), file.bytes);
        }
        note = sign(writer.size(), writer.root());
        write(where / "checkpoint", note);
        for (std::size_t i = 0; i < 2; ++i)
            show_witness(i, note);
    }

    [[nodiscard]] Bytes sign(
        std::uint64_t size, const Digest& root, Instant when = now,
        std::vector<std::size_t> by = {0, 1}) const {
        auto signed_note = record::sign_checkpoint({origin, size, root, {}}, log);
        for (const auto i : by)
            signed_note.signatures.push_back(record::cosign_note(
                signed_note.text, witness_key(i).name, witnesses[i],
                static_cast<record::Seconds>(
                    std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch())
                        .count())));
        return signed_note.print();
    }

    [[nodiscard]] Bytes sign(const std::vector<Bytes>& leaves, Instant when = now) const {
        return sign(leaves.size(), root_of(leaves), when);
    }

    static Digest root_of(const std::vector<Bytes>& leaves) {
        record::Frontier frontier;
        for (const auto& leaf : leaves)
            frontier.append(crypto::merkle_leaf(leaf));
        return frontier.root();
    }

    void show_witness(std::size_t i, BytesView bytes) const {
        write(
            fs::path(directory / ("witness-" + std::to_string(i))) /
                record::origin_directory(origin) / "checkpoint",
            bytes);
    }

    [[nodiscard]] apps::MonitorReport visit(
        std::string_view date = "2026-03-10", bool whole = false) const {
        apps::MonitorOptions options;
        options.records.push_back(
            {"Arcadia", "XA", {record::log_key(origin, log)}, apps::directory_source(where)});
        options.policy = policy;
        for (std::size_t i = 0; i < 2; ++i) {
            const fs::path place = directory / ("witness-" + std::to_string(i));
            options.witnesses.push_back(
                {witness_key(i), fs::exists(place) ? apps::directory_source(place) : nullptr});
        }
        options.state = directory / "state";
        options.now = now;
        options.date = day(date);
        options.whole = whole;
        return apps::monitor(options);
    }

    test::TemporaryDirectory directory;
    fs::path where = [this] {
        fs::create_directories(directory / "record");
        return directory / "record";
    }();
    crypto::Ed25519Key log = crypto::Ed25519Key::generate();
    std::array<crypto::Ed25519Key, 2> witnesses{
        crypto::Ed25519Key::generate(), crypto::Ed25519Key::generate()};
    record::Policy policy;
    Bytes note;
};

std::string problems(const apps::MonitorReport& report) {
    std::string out;
    for (const auto& record : report.records)
        for (const auto& line : record.problems)
            out += line + "\n";
    return out;
}

/// The one piece of evidence; what the file says is checked with the log's key alone.
std::string proved(const World& world, const apps::MonitorReport& report) {
    REQUIRE(report.evidence.size() == 1);
    REQUIRE(report.evidence_files.size() == 1);
    const auto bytes = read(report.evidence_files.front());
    const auto key = record::log_key(origin, world.log);
    const auto shown = apps::check_evidence(bytes, key);
    CHECK(!apps::check_evidence(bytes, record::log_key(origin, crypto::Ed25519Key::generate())));
    return shown ? *shown : std::string(shown.error().name());
}

} // namespace

TEST_CASE("R4_ an honest record of any size passes, visit after visit, from where the last ended") {
    World world;
    std::uint64_t known = 0;
    for (const std::uint64_t size :
         std::vector<std::uint64_t>{1, 2, 255, 256, 257, 511, 512, 1000, 1000, 70'000}) {
        world.publish(acts(0, size), {size / 2, size - size / 3});
        const auto report = world.visit();
        CHECK_MESSAGE(report.is_clean(), size, " ", problems(report));
        REQUIRE(report.records.size() == 1);
        CHECK(report.records[0].size == size);
        CHECK(report.records[0].known == known);
        CHECK(report.records[0].leaves[0] == size);
        CHECK(report.records[0].cosigned_by.size() == 2);
        known = size;
    }
    const auto whole = world.visit("2026-03-10", true);
    CHECK(whole.is_clean());
    CHECK(whole.records[0].leaves[0] == 70'000);
}

TEST_CASE("T33 an overdue notice is counted by country from the day after its day on") {
    World world;
    auto leaves = acts(0, 300);
    leaves.push_back(notice("2026-03-10"));
    world.publish(leaves);
    for (int round = 0; round < 2; ++round) { // the second from the state
        CHECK(world.visit("2026-03-09").is_clean());
        CHECK(world.visit("2026-03-10").is_clean());
        const auto late = world.visit("2026-03-11");
        CHECK(!late.is_clean());
        CHECK(problems(late).empty());
        REQUIRE(late.overdue.size() == 1);
        CHECK(late.overdue.at("XA")[static_cast<std::size_t>(Duty::notice)] == 1);
        CHECK(late.overdue.at("XA")[static_cast<std::size_t>(Duty::deletion)] == 0);
        REQUIRE(late.records[0].overdue.size() == 1);
        CHECK(late.records[0].overdue[0].index == 300);
    }
    leaves.push_back(end(300, Ending::done));
    world.publish(leaves);
    CHECK(world.visit("2026-03-11").is_clean());
}

TEST_CASE("T33 an extension that owes nothing after, and a discharge of nothing, are problems") {
    World world;
    auto leaves = acts(0, 3);
    leaves.push_back(notice("2026-03-10"));
    leaves.push_back(end(3, Ending::extended, "2030-01-01"));
    world.publish(leaves);
    CHECK(problems(world.visit()).find("extended to 2030-01-01") != std::string::npos);
    leaves.push_back(act(9));
    world.publish(leaves);
    for (int round = 0; round < 2; ++round) // named again at each visit
        CHECK(problems(world.visit()).find("leaf 5 does not take the place") != std::string::npos);
    leaves[5] = notice("2030-01-01");
    leaves.push_back(end(0, Ending::done));
    World other;
    other.publish(leaves);
    CHECK(problems(other.visit()).find("leaf 6 closes leaf 0") != std::string::npos);
}

TEST_CASE("T20 a leaf that was rewritten is found by the last checkpoint, with evidence") {
    for (const std::uint64_t which : std::vector<std::uint64_t>{0, 5, 250, 299}) {
        CAPTURE(which);
        World world;
        auto leaves = acts(0, 300);
        world.publish(leaves);
        REQUIRE(world.visit().is_clean());
        leaves[which] = act(1'000'000);
        for (const auto& leaf : acts(300, 420))
            leaves.push_back(leaf);
        world.publish(leaves); // tiles, root and signatures agree with the new story
        const auto report = world.visit();
        CHECK(problems(report).find("the first 300 leaves are not those") != std::string::npos);
        CHECK(report.evidence.at(0).kind == "rewritten");
        CHECK(
            proved(world, report).find("420 leaves that do not begin with them") !=
            std::string::npos);
        // The lie is not believed later either: the state stays with the first story.
        CHECK(!world.visit().is_clean());
        // The same lie is the same file.
        CHECK(world.visit().evidence_files == report.evidence_files);
    }
}

TEST_CASE("T20 a leaf that was dropped is found") {
    World world;
    auto leaves = acts(0, 600);
    leaves[400] = notice("2026-03-01");
    world.publish(leaves);
    REQUIRE(!world.visit().is_clean()); // overdue
    leaves.erase(leaves.begin() + 400);
    leaves.push_back(act(700));
    leaves.push_back(act(701));
    world.publish(leaves);
    const auto report = world.visit();
    CHECK(report.evidence.at(0).kind == "rewritten");
    CHECK(proved(world, report).find("do not begin with them") != std::string::npos);
}

TEST_CASE("T20 a record that went back is found") {
    World world;
    world.publish(acts(0, 300));
    REQUIRE(world.visit().is_clean());
    world.publish(acts(0, 299));
    const auto report = world.visit();
    CHECK(problems(report).find("went back from 300 leaves to 299") != std::string::npos);
    REQUIRE(report.evidence.size() >= 1);
    CHECK(report.evidence[0].kind == "rolled-back");
    // Two sizes alone are no contradiction of the log's key; the file says so.
    const auto file = read(report.evidence_files.at(0));
    CHECK(!apps::check_evidence(file, record::log_key(origin, world.log)));
}

TEST_CASE("T21 two roots over the same leaves are a fork, and anybody can check it") {
    World world;
    auto leaves = acts(0, 300);
    world.publish(leaves);
    REQUIRE(world.visit().is_clean());
    leaves[77] = act(5'000);
    world.publish(leaves);
    const auto report = world.visit();
    CHECK(report.evidence.at(0).kind == "fork");
    CHECK(proved(world, report).find("signed two roots over 300 leaves") != std::string::npos);
}

TEST_CASE("T21 a split view shows against what another witness cosigned, at any size") {
    for (const std::uint64_t seen : std::vector<std::uint64_t>{1, 100, 256, 299, 300}) {
        CAPTURE(seen);
        World world;
        world.publish(acts(0, 300));
        auto other = acts(0, seen);
        other[seen / 2] = act(9'999);
        world.show_witness(1, world.sign(other));
        const auto report = world.visit(); // without any state
        CHECK(problems(report).find("a split view") != std::string::npos);
        CHECK(proved(world, report) != "proof_wrong");
        // What the witness saw of the honest record is none.
        world.show_witness(1, world.sign(acts(0, seen)));
        CHECK_MESSAGE(world.visit().is_clean(), problems(world.visit()));
    }
}

TEST_CASE("T20 leaves that a witness has cosigned and the record no longer shows") {
    World world;
    world.publish(acts(0, 300));
    world.show_witness(0, world.sign(acts(0, 301)));
    const auto report = world.visit();
    CHECK(report.evidence.at(0).kind == "hidden");
    CHECK(
        problems(report).find("has cosigned 301 leaves, of which the record shows 300") !=
        std::string::npos);
}

TEST_CASE("T17 a record whose cosignatures are older than the limit is stale") {
    World world;
    world.publish(acts(0, 10));
    const auto with_age = [&](Milliseconds age) {
        write(world.where / "checkpoint", world.sign(acts(0, 10), now - age));
        return problems(world.visit());
    };
    CHECK(with_age(std::chrono::hours{24} - std::chrono::seconds{1}).empty());
    CHECK(with_age(std::chrono::hours{24}).empty());
    CHECK(with_age(std::chrono::hours{24} + std::chrono::seconds{1}).find("stale") == 0);
    // From the future: beyond what clocks may differ.
    CHECK(with_age(-std::chrono::minutes{2}).empty());
    CHECK(
        with_age(-std::chrono::minutes{2} - std::chrono::seconds{1}).find("not come yet") !=
        std::string::npos);
}

TEST_CASE("T17 a record is as fresh as the cosignatures that the policy wants, not as the newest") {
    World world;
    const auto leaves = acts(0, 10);
    world.publish(leaves);
    const auto with_ages = [&](Milliseconds first, Milliseconds second) {
        auto note = record::Note::parse(
            world.sign(leaves.size(), World::root_of(leaves), now - first, {0}));
        const auto other = record::Note::parse(
            world.sign(leaves.size(), World::root_of(leaves), now - second, {1}));
        REQUIRE((note && other));
        note->signatures.push_back(other->signatures.back());
        write(world.where / "checkpoint", note->print());
        return problems(world.visit());
    };
    using std::chrono::hours;
    using std::chrono::seconds;
    CHECK(with_ages(hours{1}, hours{24} - seconds{1}).empty());
    CHECK(with_ages(hours{1}, hours{24}).empty());
    CHECK(with_ages(hours{1}, hours{24} + seconds{1}).find("stale: of the last 24 hours") == 0);
    CHECK(with_ages(hours{24} + seconds{1}, hours{1}).find("stale: of the last 24 hours") == 0);
    const auto both = with_ages(hours{25}, hours{24} + seconds{1});
    CHECK(both.find("stale: the newest cosignature") == 0);
    CHECK(both.find("of the last") == std::string::npos); // said once
}

TEST_CASE("T21 fewer cosignatures than the policy wants are a problem") {
    World world;
    world.publish(acts(0, 10));
    write(world.where / "checkpoint", world.sign(10, World::root_of(acts(0, 10)), now, {0}));
    CHECK(problems(world.visit()).find("the policy is not met") == 0);
    write(world.where / "checkpoint", world.sign(10, World::root_of(acts(0, 10)), now, {}));
    CHECK(problems(world.visit()).find("the policy is not met") == 0);
    write(world.where / "checkpoint", world.note);
    CHECK(world.visit().is_clean());
    // A witness that cannot be asked is named; the record is checked all the same.
    write(
        fs::path(world.directory / "witness-0") / record::origin_directory(origin) / "checkpoint",
        "x");
    const auto report = world.visit();
    CHECK(problems(report).find("the witness w0.example") == 0);
    CHECK(report.records[0].leaves[0] == 10);
}

TEST_CASE("T20 every changed byte of checkpoint, bundles and tiles is found") {
    World world;
    world.publish(acts(0, 300));
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(world.where))
        if (entry.is_regular_file()) files.push_back(entry.path());
    const unsigned seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937_64 random(seed);
    for (const auto& path : files) {
        const Bytes genuine = read(path);
        // The cosignatures at the checkpoint's end have 72 bytes each, of which base64 has 76.
        for (int round = 0; round < 12; ++round) {
            Bytes changed = genuine;
            const auto where = random() % changed.size();
            changed[where] = static_cast<char>(
                static_cast<unsigned char>(changed[where]) ^ (1 + random() % 255));
            write(path, changed);
            const auto report = world.visit();
            CHECK_MESSAGE(!report.is_clean(), path.string(), " at ", where);
            for (const auto& record : report.records)
                for (const auto& line : record.problems)
                    CHECK(line.find('\n') == std::string::npos);
        }
        fs::remove(path);
        CHECK_MESSAGE(!world.visit().is_clean(), path.string());
        write(path, genuine);
    }
    CHECK(world.visit().is_clean());
}

TEST_CASE("T20 a changed byte in files of before is found when everything is read again") {
    World world;
    world.publish(acts(0, 600));
    REQUIRE(world.visit().is_clean());
    const auto path = world.where / "tile/entries/000";
    const Bytes genuine = read(path);
    Bytes changed = genuine;
    changed[1000] = static_cast<char>(changed[1000] ^ 1);
    write(path, changed);
    CHECK(!world.visit("2026-03-10", true).is_clean());
    write(path, genuine);
    CHECK(world.visit("2026-03-10", true).is_clean());
}

TEST_CASE("a record with a key that changed since first sight, or without any, is a problem") {
    World world;
    world.publish(acts(0, 10));
    const auto visit = [&] {
        apps::MonitorOptions options;
        options.records.push_back({"x", "", {}, apps::directory_source(world.where)});
        options.state = world.directory / "state";
        options.now = now;
        options.date = now;
        return apps::monitor(options);
    };
    CHECK(problems(visit()).find("no key is known") == 0);
    write(world.where / "vkey", record::log_key(origin, world.log).text() + "\n");
    const auto report = visit();
    CHECK(report.is_clean());
    CHECK(report.records[0].remarks.size() >= 1); // it says on what it relied
    world.log = crypto::Ed25519Key::generate();
    world.publish(acts(0, 10));
    write(world.where / "vkey", record::log_key(origin, world.log).text() + "\n");
    CHECK(problems(visit()).find("another key than at first sight") != std::string::npos);
}

TEST_CASE("a state that cannot be read stops the monitor for this record and is not overwritten") {
    World world;
    world.publish(acts(0, 10));
    REQUIRE(world.visit().is_clean());
    const auto path =
        fs::path(world.directory / "state") / record::origin_directory(origin) / "state.json";
    const Bytes genuine = read(path);
    for (const Bytes& bad : {Bytes("{}"), genuine.substr(0, 50), Bytes()}) {
        write(path, bad);
        CHECK(problems(world.visit()).find("cannot be read") == 0);
        CHECK(read(path) == bad);
    }
}

TEST_CASE("the command says 0 for well, 1 for overdue or wrong, 2 for a wrong call") {
    World world;
    auto leaves = acts(0, 3);
    leaves.push_back(notice("2026-03-10"));
    world.publish(leaves);
    apps::MonitorCommand command;
    command.places = {"XA=" + world.where.string()};
    write(
        world.directory / "policy", "log " + record::log_key(origin, world.log).text() +
                                        "\nwitness one " + world.witness_key(0).text() +
                                        "\nquorum one\n");
    command.policy = world.directory / "policy";
    command.state = world.directory / "state";
    command.as_json = true;
    command.date = "2026-03-10";
    CHECK(apps::run_monitor(command, now) == 0);
    command.date = "2026-03-11";
    CHECK(apps::run_monitor(command, now) == 1);
    command.date = "2026-02-30";
    CHECK(apps::run_monitor(command, now) == 2);
    command.date = "";
    command.places = {"https://nowhere.example/record"};
    CHECK(apps::run_monitor(command, now) == 2); // by which certificate?
    command.places = {"http://nowhere.example/record"};
    CHECK_THROWS_AS(apps::run_monitor(command, now), Fault); // no such directory
    command.places = {};
    CHECK(apps::run_monitor(command, now) == 2);
}

TEST_CASE("R4_ a published report is checked against the leaves of the record, from files alone") {
    World world;
    const Bytes secret(32, 's');
    const record::TallyPlace place{origin, "requesting", "2026-Q1"};
    std::vector<record::Tally> tallies;
    auto leaves = acts(0, 250);
    for (std::size_t i = 0; i < 20; ++i) {
        const Bytes id = Bytes(view(crypto::sha256(std::to_string(i)))).substr(0, 16);
        tallies.push_back(record::make_tally(
            secret, place, id, std::vector<std::size_t>{0, i % 2, 0, 1, 2, 0, i % 2, 6, 0}));
        leaves.push_back(tallies.back().print());
    }
    world.publish(leaves, {255});
    CHECK_MESSAGE(world.visit().is_clean(), problems(world.visit()));
    const auto key = record::log_key(origin, world.log);
    const auto source = apps::directory_source(world.where);
    const auto report = json::pretty(record::make_report(secret, place, tallies).value());
    const auto told = apps::check_report(report, *source, key);
    REQUIRE_MESSAGE(told.has_value(), (told ? "" : told.error().text()));
    CHECK(told->at("category/access") == "10");
    CHECK(told->at("category/subscriber") == "about 10"); // hides the empty ones
    CHECK(told->at("partner/americas") == "10");
    CHECK(told->at("offence/fraud").starts_with("about"));
    // A report that leaves out a case of the record, and a record with a case more.
    auto fewer = tallies;
    fewer.pop_back();
    CHECK(!apps::check_report(
        json::pretty(record::make_report(secret, place, fewer).value()), *source, key));
    leaves.push_back(
        record::make_tally(
            secret, place, Bytes(16, 'x'), std::vector<std::size_t>{0, 0, 0, 0, 0, 0, 0, 0, 0})
            .print());
    world.publish(leaves);
    CHECK(!apps::check_report(report, *source, key));
    // A tally that was made for another record is named by the monitor.
    leaves.back() = record::make_tally(
                        secret, {"b.example/record", "requesting", "2026-Q1"}, Bytes(16, 'x'),
                        std::vector<std::size_t>{0, 0, 0, 0, 0, 0, 0, 0, 0})
                        .print();
    World other;
    other.publish(leaves);
    CHECK(problems(other.visit()).find("does not show that it holds one") != std::string::npos);
}

TEST_CASE(
    "R4_ a quarter's document has a report for each class and schema of the record's leaves") {
    World world;
    const Bytes secret(32, 's');
    std::map<std::pair<std::string, std::int64_t>, std::vector<record::Tally>> classes;
    auto leaves = acts(0, 3);
    const auto count = [&](const std::string& group, std::int64_t schema, std::size_t cases) {
        auto& list = classes[{group, schema}];
        for (std::size_t i = 0; i < cases; ++i) {
            const auto id = crypto::sha256(std::to_string(leaves.size()));
            list.push_back(record::make_tally(
                secret, {origin, group, "2026-Q1", schema}, Bytes(view(id)).substr(0, 16),
                std::vector<std::size_t>(record::tally_attributes(schema).size(), 0)));
            leaves.push_back(list.back().print());
        }
    };
    count("requesting", 1, 12);
    count("requesting", 2, 11);
    count("requested", 2, 2);
    const auto document = [&](const std::vector<std::pair<std::string, std::int64_t>>& which) {
        json::Array reports;
        for (const auto& item : which)
            reports.emplace_back(
                record::make_report(
                    secret, {origin, item.first, "2026-Q1", item.second}, classes.at(item))
                    .value());
        return json::print(json::Object{
            {"comity", "transparency/1"}, {"period", "2026-Q1"}, {"reports", std::move(reports)}});
    };
    const auto whole = document({{"requested", 2}, {"requesting", 1}, {"requesting", 2}});
    const std::vector<Bytes> others{
        document({{"requesting", 1}, {"requesting", 2}}),
        document({{"requested", 2}, {"requesting", 2}}),
        document({{"requested", 2}, {"requesting", 2}, {"requesting", 2}})};
    leaves.push_back(record::change_leaf(record::Leaf::Kind::report, 1, crypto::sha256(whole)));
    for (const auto& other : others)
        leaves.push_back(record::change_leaf(record::Leaf::Kind::report, 1, crypto::sha256(other)));
    world.publish(leaves);
    const auto key = record::log_key(origin, world.log);
    const auto source = apps::directory_source(world.where);
    const auto told = apps::check_report(whole, *source, key);
    REQUIRE_MESSAGE(told.has_value(), (told ? "" : told.error().text()));
    CHECK(told->at("requested/outcome") == "withheld");
    CHECK(told->contains("requesting/partner/africa"));
    CHECK(told->contains("requesting, schema 1/procedure/mla"));
    CHECK_FALSE(told->contains("requesting, schema 1/partner/africa"));
    for (const auto& other : others)
        CHECK(!apps::check_report(other, *source, key));
}
