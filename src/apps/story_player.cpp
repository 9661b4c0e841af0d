// People of the practice world at work, through the control sockets of their nodes.
#include "apps/story_player.hpp"

#include "act/code.hpp"
#include "apps/story_outside.hpp"
#include "apps/verify.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "casefile/sentences.hpp"
#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <thread>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

using SteadyClock = std::chrono::steady_clock;

// The practice case in law/examples begins on this day; every date in it is moved by the same
// distance, so that it begins today.
constexpr std::string_view examples_begin = "2026-03-02";
// Its file number, instead of which each case gets its own.
constexpr std::string_view examples_file = "PA-CY-2026-00417";

volatile std::sig_atomic_t interrupted = 0;

json::Value adapted(const json::Value& value, std::chrono::days distance, const std::string& file) {
    if (value.is_object()) {
        json::Object out;
        for (const auto& member : value.as_object())
            out[member.key()] = adapted(member.value(), distance, file);
        return out;
    }
    if (value.is_array()) {
        json::Array out;
        for (const auto& item : value.as_array())
            out.emplace_back(adapted(item, distance, file));
        return out;
    }
    if (!value.is_string()) return value;
    const std::string_view text(value.as_string());
    if (text.size() == 10)
        if (const auto day = day_from(text)) return json::Value(day_text(*day + distance));
    if (const auto at = instant_from(text)) return json::Value(to_text(*at + distance));
    if (const auto at = text.find(examples_file); at != std::string_view::npos)
        return json::Value(std::string(text).replace(at, examples_file.size(), file));
    return value;
}

std::string string_at(const json::Object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

} // namespace

void interrupt_stories() {
    interrupted = 1;
}

bool stories_interrupted() {
    return interrupted != 0;
}

Stage::Stage() : terminal_(::isatty(1) != 0) {}

void Stage::begin(std::size_t steps) {
    steps_ = steps;
    done_ = 0;
}

void Stage::line(const std::string& text) {
    clear();
    ++done_;
    fmt::print("{:>3}  {}\n", done_, text);
    std::fflush(stdout);
}

void Stage::say(const std::string& text) {
    clear();
    fmt::print("{}\n", text);
    std::fflush(stdout);
}

void Stage::waiting(std::string_view what) {
    if (!terminal_) return;
    constexpr std::size_t width = 30;
    const std::size_t filled = std::min(width, done_ * width / steps_);
    fmt::print(
        "\r     [{}{}] {}\x1b[K", std::string(filled, '#'), std::string(width - filled, '.'), what);
    std::fflush(stdout);
}

void Stage::clear() const {
    if (terminal_) fmt::print("\r\x1b[K");
}

StoryPlayer::StoryPlayer(PracticeWorld& world, std::string law, Stage& stage)
    : world_(world), law_(std::move(law)), stage_(stage), file_(world.next_file_number()) {
    const auto today = std::chrono::floor<std::chrono::days>(world.time().now());
    distance_ = today - std::chrono::floor<std::chrono::days>(*day_from(examples_begin));
}

Result<json::Object> StoryPlayer::example(const std::string& name) {
    TRY(const auto text, read_file(fs::path(law_) / "examples" / (name + ".json")));
    TRY(const auto object, json::parse_object(text, limits::act_part_bytes));
    auto fields = adapted(object.at("fields"), distance_, file_).as_object();
    if (fields.contains("request") && !request_hash_.empty()) fields["request"] = request_hash_;
    return fields;
}

Result<void> StoryPlayer::wait_until(
    std::string_view what, const std::function<Result<bool>()>& done) {
    const auto until = SteadyClock::now() + std::chrono::seconds{180};
    while (interrupted == 0) {
        TRY(const bool ready, done());
        if (ready) return {};
        if (SteadyClock::now() > until)
            return refuse(Code::evidence_incomplete, fmt::format("waited 180 s for {}", what));
        stage_.waiting(what);
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return refuse(Code::not_allowed, "interrupted");
}

Result<json::Object> StoryPlayer::case_at(const std::string& node) {
    return world_.control(node).get("/cases/" + case_);
}

bool StoryPlayer::performed(const json::Object& shown, std::string_view act) const {
    const auto& timeline = shown.at("timeline").as_array();
    return std::any_of(timeline.begin(), timeline.end(), [&](const auto& item) {
        return std::string_view(item.at("act").as_string()) == act;
    });
}

Result<void> StoryPlayer::wait_for(
    const std::string& node, std::int64_t sequence, std::string_view what) {
    return wait_until(what, [&]() -> Result<bool> {
        const auto state = case_at(node);
        if (!state) {
            if (state.error().code == Code::not_found) return false;
            return tl::unexpected(state.error());
        }
        return state->at("acts").as_int64() >= sequence;
    });
}

Result<json::Object> StoryPlayer::prepare(
    const Person& person, const std::string& act, json::Object fields) {
    json::Object intent{
        {"act", act},
        {"office", person.office},
        {"role", person.roles.front()},
        {"person", person.id},
        {"fields", std::move(fields)}};
    if (case_.empty()) {
        json::Array third;
        for (const auto& id : opening_.third)
            third.emplace_back(id);
        intent["procedure"] = opening_.procedure;
        intent["opening"] = json::Object{
            {"requesting", "arcadia-authority"},
            {"requested", "borealis-authority"},
            {"provider", "nimbus-mail"},
            {"third", std::move(third)},
            {"category", "access"},
            {"recipient", "arcadia-cyber-unit"}};
    } else {
        intent["case"] = case_;
        TRY_VOID(wait_for(person.node, sequence_, fmt::format("{} to have the case", person.node)));
    }
    return world_.control(person.node).post("/acts/prepare", intent);
}

Result<json::Object> StoryPlayer::perform(const Person& person, const json::Object& prepared) {
    const auto challenge = digest_from_text(std::string_view(prepared.at("challenge").as_string()));
    CHECK_THAT(challenge.has_value());
    return world_.control(person.node)
        .post(
            "/acts/perform",
            {{"act", prepared.at("act")},
             {"assertion", act::print_assertion(person.authenticator.sign(view(*challenge)))}});
}

Result<void> StoryPlayer::act(
    const std::string& person_id, const std::string& act, json::Object fields) {
    const Person& person = world_.person(person_id);
    TRY(const auto prepared, prepare(person, act, std::move(fields)));
    TRY(const auto performed, perform(person, prepared));
    if (case_.empty()) {
        case_ = performed.at("case").as_string();
        request_hash_ = prepared.at("act").as_string();
    }
    ++sequence_;
    TRY_VOID(wait_for(person.node, sequence_, fmt::format("the keeper to admit {}", act)));
    stage_.line(casefile::sentence(act, PracticeWorld::name(person.node), "en"));
    return {};
}

Result<void> StoryPlayer::act(
    const std::string& person, const std::string& name, const std::string& example_name) {
    TRY(auto fields, example(example_name));
    return act(person, name, std::move(fields));
}

Result<void> StoryPlayer::request(const Opening& opening) {
    opening_ = opening;
    TRY(auto fields, example(opening.request));
    if (opening.procedure == "emergency")
        fields["urgency"] = json::Object{
            {"level", "emergency"},
            {"kinds", json::Array{"threat_to_life"}},
            {"reasons", "A child is held; the demand runs out tomorrow at noon."}};
    return act("arcadia-officer", "request", std::move(fields));
}

Result<void> StoryPlayer::refused(
    const std::string& person_id, const std::string& act, const std::string& example_name,
    Code code) {
    const Person& person = world_.person(person_id);
    TRY(auto fields, example(example_name));
    const auto prepared = prepare(person, act, std::move(fields));
    const auto performed = prepared ? perform(person, *prepared) : prepared;
    if (performed)
        return refuse(Code::not_allowed, fmt::format("{} was taken, though it may not be", act));
    if (performed.error().code != code) return tl::unexpected(performed.error());
    stage_.line(fmt::format(
        "{} tried \"{}\" and was refused: {}", PracticeWorld::name(person.node), act,
        performed.error().facts.text()));
    return {};
}

Result<json::Object> StoryPlayer::upload(
    const std::string& name, const std::string& media_type, std::int64_t cell,
    const Bytes& content) {
    auto& nimbus = world_.control("nimbus-mail");
    originals_[text(crypto::sha256(content))] = content;
    // If the node went away in the middle, the item begins again.
    Result<json::Object> last = refuse(Code::evidence_unknown, name);
    for (int attempt = 0; attempt < 20; ++attempt) {
        TRY(const auto begun,
            nimbus.post(
                "/evidence/begin",
                {{"case", case_}, {"name", name}, {"media_type", media_type}, {"cell", cell}}));
        const std::string token = string_at(begun, "token");
        bool whole = true;
        for (std::size_t offset = 0; whole && offset < content.size();
             offset += limits::evidence_chunk_bytes)
            whole = nimbus
                        .raw(
                            "PUT", fmt::format("/evidence/staging/{}?offset={}", token, offset),
                            BytesView(content).substr(offset, limits::evidence_chunk_bytes))
                        .has_value();
        if (whole) last = nimbus.post(fmt::format("/evidence/staging/{}/finish", token), {});
        if (whole && last) return last->at("item").as_object();
    }
    return last;
}

Result<void> StoryPlayer::produce(bool extra) {
    Bytes log = "time_utc,address,port,event\n";
    for (int i = 0; i < 40'000; ++i)
        log += fmt::format(
            "{},198.51.100.{},{},login\n",
            to_text(Instant{std::chrono::days{20'458 + i % 45}} + std::chrono::minutes{i % 1440}),
            i % 250 + 1, 1024 + i * 7 % 60'000);
    TRY_VOID(wait_for("nimbus-mail", sequence_, "Nimbus Mail to have the order"));
    TRY(auto subscriber,
        upload(
            "subscriber.json", "application/json", 0,
            R"({"account":"harbour.invoices@nimbus-mail.example","opened":"2025-12-30","name":"not verified"})"));
    TRY(auto access, upload("logins.csv", "text/csv", 1, log));
    produced_ = {subscriber, access};
    if (extra) {
        TRY(auto outside,
            upload(
                "logins-after-the-period.csv", "text/csv", 1,
                "time_utc,address,port,event\n2026-02-25T10:00:00.000Z,203.0.113.7,4711,login\n"));
        produced_.emplace_back(outside);
    }
    TRY(auto fields, example("produce"));
    fields["manifest"] = produced_;
    return act("nimbus-officer", "produce", std::move(fields));
}

Result<void> StoryPlayer::evidence_complete(const std::string& node, std::size_t count) {
    return wait_until(
        fmt::format("the evidence to arrive at {}", PracticeWorld::name(node)),
        [&]() -> Result<bool> {
            TRY(const auto state, case_at(node));
            const auto& list = state.at("evidence").as_array();
            return list.size() == count &&
                   std::all_of(list.begin(), list.end(), [](const auto& row) {
                       return row.at("state") == "complete";
                   });
        });
}

Result<void> StoryPlayer::release() {
    auto& borealis = world_.control("borealis-authority");
    TRY_VOID(evidence_complete("borealis-authority", produced_.size() * 2));
    json::Array passed;
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(const auto resealed,
            borealis.post(
                "/evidence/release",
                {{"case", case_}, {"item", produced_[i].at("cipher_sha256")}}));
        passed.emplace_back(resealed.at("item"));
    }
    TRY(auto fields, example("release"));
    fields["passed"] = passed;
    json::Array held;
    for (std::size_t i = 2; i < produced_.size(); ++i)
        held.emplace_back(json::Object{
            {"name", produced_[i].at("name")},
            {"plain_sha256", produced_[i].at("plain_sha256")},
            {"ground", "outside_grid"},
            {"reasons", "Its entries lie after the end of the authorised period."}});
    fields["held_back"] = std::move(held);
    opened_ = passed;
    return act("borealis-clerk", "release", std::move(fields));
}

Result<void> StoryPlayer::receive() {
    auto& arcadia = world_.control("arcadia-authority");
    TRY_VOID(wait_for("arcadia-authority", sequence_, "Arcadia to learn of it"));
    TRY_VOID(evidence_complete("arcadia-authority", opened_.size() * 2));
    TRY(const auto manifest, arcadia.get(fmt::format("/cases/{}/manifest/release", case_)));
    TRY(auto receive, example("receive"));
    receive["manifest_hash"] = manifest.at("manifest_hash");
    receive["items"] = static_cast<std::int64_t>(opened_.size());
    return act("arcadia-officer", "receive", std::move(receive));
}

Result<void> StoryPlayer::open() {
    TRY(auto open, example("open"));
    json::Array hashes;
    for (const auto& item : opened_)
        hashes.emplace_back(item.at("cipher_sha256"));
    open["items"] = hashes;
    TRY_VOID(act("arcadia-officer", "open", std::move(open)));
    return read_back();
}

Result<Bytes> StoryPlayer::read_item(const std::string& sealed) {
    auto& arcadia = world_.control("arcadia-authority");
    Bytes content;
    for (int attempt = 0;; ++attempt) {
        content.clear();
        TRY(const auto reading,
            arcadia.post("/evidence/open", {{"case", case_}, {"item", sealed}}));
        Result<Bytes> chunk = Bytes{};
        do {
            chunk = arcadia.raw("GET", "/evidence/opened/" + string_at(reading, "token"), {});
            if (chunk) content += *chunk;
        } while (chunk && !chunk->empty());
        if (chunk) return content;
        if (attempt > 20) return tl::unexpected(chunk.error());
    }
}

Result<void> StoryPlayer::read_back() {
    for (const auto& value : opened_) {
        const auto& item = value.as_object();
        TRY(const auto content, read_item(string_at(item, "cipher_sha256")));
        const auto original = originals_.find(string_at(item, "plain_sha256"));
        if (original == originals_.end() || original->second != content)
            return refuse(
                Code::evidence_corrupt,
                fmt::format("{} is not what the provider produced", string_at(item, "name")));
    }
    stage_.line(fmt::format(
        "{} items opened, and they are the bytes that Nimbus Mail produced", opened_.size()));
    return {};
}

Result<void> StoryPlayer::no_longer_opens(Code code) {
    for (const auto& value : opened_) {
        const auto content = read_item(string_at(value.as_object(), "cipher_sha256"));
        if (content) return refuse(Code::not_allowed, "the evidence still opens");
        if (content.error().code != code) return tl::unexpected(content.error());
    }
    stage_.line(fmt::format(
        "The officer of Arcadia tried to open the evidence and was refused: {}",
        refusal_entry(code).rule));
    return {};
}

// The next moment before `until` at which a node owes something by itself.
std::optional<Instant> StoryPlayer::next_due(Instant until) {
    std::optional<Instant> out;
    for (const auto& [node, due] : owed_by_nodes())
        if (due > world_.time().now() && due < until && (!out || due < *out)) out = due;
    return out;
}

// What nodes perform without people, by the node that owes it. Everybody in a case lists all that
// is owed in it, so each of these stands there several times.
std::vector<std::pair<std::string, Instant>> StoryPlayer::owed_by_nodes() {
    static constexpr std::string_view by_themselves[] = {
        "authorise", "clear", "clear-third", "notify", "delete", "purge", "discard"};
    std::vector<std::pair<std::string, Instant>> out;
    for (const auto& node : world_.nodes()) {
        const auto list = world_.control(node).get("/worklist");
        if (!list) continue;
        for (const auto& value : list->at("obligations").as_array()) {
            const auto& row = value.as_object();
            const auto* due = row.if_contains("due");
            const auto at = due ? instant_from(std::string_view(due->as_string())) : std::nullopt;
            const bool counts =
                std::find(
                    std::begin(by_themselves), std::end(by_themselves),
                    std::string_view(row.at("act").as_string())) != std::end(by_themselves);
            if (at && counts) out.emplace_back(node, *at);
        }
    }
    return out;
}

Result<void> StoryPlayer::pass(Milliseconds span, const std::string& what) {
    const Instant until = world_.time().now() + span;
    while (!stories_interrupted()) {
        const Instant now = world_.time().now();
        if (now >= until) break;
        const auto due = next_due(until);
        jump(due ? *due + std::chrono::seconds{1} : until, what);
        if (!due) break;
        // At each deadline on the way the nodes get the moment that they need in real time too.
        const auto patience = SteadyClock::now() + std::chrono::milliseconds{1500};
        while (SteadyClock::now() < patience) {
            const auto owed = owed_by_nodes();
            if (std::none_of(owed.begin(), owed.end(), [&](const auto& row) {
                    return row.second > now && row.second <= world_.time().now();
                }))
                break;
            std::this_thread::sleep_for(std::chrono::milliseconds{25});
        }
    }
    stage_.say(fmt::format("     {}: it is {}", what, day_text(world_.time().now())));
    return {};
}

void StoryPlayer::jump(Instant to, const std::string& what) {
    // In steps, so that on a terminal one sees the days go by.
    const int steps = stage_.is_terminal() ? 12 : 1;
    for (int i = steps; i > 0; --i) {
        const Milliseconds left = to - world_.time().now();
        if (left <= Milliseconds{0}) return;
        world_.time().pass(left / i);
        stage_.waiting(fmt::format("{}: it is {}", what, day_text(world_.time().now())));
        if (steps > 1) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

Result<void> StoryPlayer::without(
    const std::string& node, Milliseconds span, const std::string& what) {
    world_.stop(node, SIGTERM);
    jump(world_.time().now() + span, what);
    stage_.say(fmt::format("     {}: it is {}", what, day_text(world_.time().now())));
    return {};
}

Result<void> StoryPlayer::by_itself(const std::string& node, const std::string& act) {
    TRY_VOID(wait_until(fmt::format("{} to happen by itself", act), [&]() -> Result<bool> {
        TRY(const auto state, case_at(node));
        if (!performed(state, act)) return false;
        sequence_ = state.at("acts").as_int64();
        return true;
    }));
    stage_.line(casefile::sentence(act, PracticeWorld::name(node), "en") + ", by its node");
    return {};
}

Result<void> StoryPlayer::everybody_has_it(const std::vector<std::string>& nodes) {
    for (const auto& node : nodes)
        TRY_VOID(wait_for(node, sequence_, fmt::format("{} to have every act", node)));
    return {};
}

Result<std::string> StoryPlayer::code_in_account() {
    TRY_VOID(wait_for("nimbus-mail", sequence_, "Nimbus Mail to have the notice"));
    TRY(const auto notice,
        world_.control("nimbus-mail").get(fmt::format("/cases/{}/fields/notify", case_)));
    const auto text = string_at(notice.at("account_notice").as_object(), "text");
    // The person looks for what is in groups of four, and types it as it stands there.
    const auto at = text.find("XA-");
    constexpr std::size_t length = 2 + 7 * 5;
    if (at == std::string::npos || text.size() < at + length)
        return refuse(Code::code_wrong, "the notice in the account has no code");
    return text.substr(at, length);
}

Result<json::Object> StoryPlayer::shown_to_person(
    const std::string& node, const std::string& code) {
    TRY(auto shown, look_up(world_, node, code));
    // Nobody learns from the door whether a code is anybody's: one that is well spelt and unknown
    // gets an answer of the same length.
    TRY(const auto other, look_up(world_, node, act::make_code("XA")));
    if (other.answer.at("found").as_bool() || other.bytes != shown.bytes)
        return refuse(Code::code_wrong, "the answer to an unknown code differs by its length");
    return std::move(shown.answer);
}

Result<void> StoryPlayer::challenge(const std::string& node, const std::string& code) {
    TRY(auto fields, example("challenge"));
    fields["code"] = code;
    TRY_VOID(file_challenge(world_, node, fields));
    stage_.line(fmt::format(
        "Emil challenges with the code at the node of {}, and keeps a receipt that it signed",
        PracticeWorld::name(node)));
    return by_itself("arcadia-authority", "challenge");
}

Result<void> StoryPlayer::ruled(const std::string& act, const std::string& to_person) {
    TRY(auto fields, example("dismiss-challenge"));
    fields["to_person"] = to_person;
    return this->act("arcadia-judge", act, std::move(fields));
}

std::size_t StoryPlayer::evidence_files(const std::string& node) const {
    std::size_t count = 0;
    for (const auto kind : {"evidence", "vault"}) { // ciphertext and envelopes
        const fs::path dir = world_.dir() / node / kind / case_;
        if (fs::exists(dir))
            count += static_cast<std::size_t>(
                std::distance(fs::directory_iterator(dir), fs::directory_iterator()));
    }
    return count;
}

Result<void> StoryPlayer::export_all() {
    const fs::path dir = world_.dir();
    auto& arcadia = world_.control("arcadia-authority");
    Bytes bundle;
    // The last act stands in the record a beat later, and is cosigned a moment after that.
    TRY_VOID(wait_until("the record to hold every act", [&]() -> Result<bool> {
        const auto made = arcadia.raw("GET", fmt::format("/cases/{}/bundle", case_), {});
        if (!made && made.error().code == Code::proof_wrong) return false;
        if (!made) return tl::unexpected(made.error());
        bundle = *made;
        return verify_bundle(bundle, {}).failures.empty();
    }));
    // What an earlier story left is another case's.
    fs::remove(dir / "case.bundle");
    fs::remove_all(dir / "case.evidence");
    fs::remove(dir / "demo-keys/evidence.sha256");
    write_new_file(dir / "case.bundle", bundle, false);
    if (!exported_evidence()) return {};
    fs::create_directories(dir / "case.evidence");
    std::string sums;
    for (const auto& item : opened_) {
        for (const auto member : {"cipher_sha256", "envelope_sha256"}) {
            const auto hash = digest_from_text(std::string_view(item.at(member).as_string()));
            CHECK_THAT(hash.has_value());
            const std::string name = to_hex(view(*hash));
            const bool ciphertext = std::string_view(member) == "cipher_sha256";
            // The envelopes, which are the keys, lie apart from the ciphertext.
            const fs::path held = dir / "arcadia-authority" / (ciphertext ? "evidence" : "vault");
            fs::copy_file(held / case_ / name, dir / "case.evidence" / name);
            if (ciphertext)
                sums += fmt::format(
                    "{}  {}\n",
                    to_hex(view(
                        *digest_from_text(std::string_view(item.at("plain_sha256").as_string())))),
                    name);
        }
    }
    for (const auto kind : {"key", "cert"}) {
        const auto copy = dir / fmt::format("demo-keys/recipient.{}.pem", kind);
        if (fs::exists(copy)) continue;
        TRY(const auto pem,
            read_file(
                dir /
                fmt::format("arcadia-authority/keys/office-arcadia-cyber-unit.{}.pem", kind)));
        write_new_file(copy, pem, true);
    }
    write_new_file(dir / "demo-keys/evidence.sha256", sums, false);
    return {};
}

} // namespace comity::apps
