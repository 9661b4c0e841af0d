// The story of one ordinary request, and the proof at its end.
#include "apps/demo.hpp"

#include "apps/practice.hpp"
#include "apps/verify.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "casefile/sentences.hpp"
#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <random>
#include <thread>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

using SteadyClock = std::chrono::steady_clock;

// The practice case in law/examples begins on this day; every date in it is moved by the same
// distance, so that it begins today.
constexpr std::string_view examples_begin = "2026-03-02";

volatile std::sig_atomic_t interrupted = 0;

json::Value shift_dates(const json::Value& value, std::chrono::days distance) {
    if (value.is_object()) {
        json::Object out;
        for (const auto& member : value.as_object())
            out[member.key()] = shift_dates(member.value(), distance);
        return out;
    }
    if (value.is_array()) {
        json::Array out;
        for (const auto& item : value.as_array())
            out.emplace_back(shift_dates(item, distance));
        return out;
    }
    if (!value.is_string()) return value;
    const std::string_view text(value.as_string());
    if (text.size() == 10)
        if (const auto day = day_from(text)) return json::Value(day_text(*day + distance));
    if (const auto at = instant_from(text)) return json::Value(to_text(*at + distance));
    return value;
}

// The bar and the lines. On a terminal a bar runs while something is waited for.
class Stage {
public:
    explicit Stage(std::size_t steps) : steps_(steps), terminal_(::isatty(1) != 0) {}

    void line(const std::string& text) {
        clear();
        ++done_;
        fmt::print("{:>3}  {}\n", done_, text);
        std::fflush(stdout);
    }

    void say(const std::string& text) {
        clear();
        fmt::print("{}\n", text);
        std::fflush(stdout);
    }

    void waiting(std::string_view what) {
        if (!terminal_) return;
        constexpr std::size_t width = 30;
        const std::size_t filled = std::min(width, done_ * width / steps_);
        fmt::print(
            "\r     [{}{}] {}\x1b[K", std::string(filled, '#'), std::string(width - filled, '.'),
            what);
        std::fflush(stdout);
    }

private:
    void clear() const {
        if (terminal_) fmt::print("\r\x1b[K");
    }

    std::size_t steps_;
    std::size_t done_ = 0;
    bool terminal_;
};

class Story {
public:
    Story(PracticeWorld& world, std::string law) : world_(world), law_(std::move(law)), stage_(16) {
        const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
        distance_ = today - std::chrono::floor<std::chrono::days>(*day_from(examples_begin));
    }

    Result<void> play();

    Stage& stage() { return stage_; }

    [[nodiscard]] const std::string& case_id() const { return case_; }

    Result<void> export_all();

private:
    Result<json::Object> example(const std::string& name);
    Result<void> act(const std::string& person, const std::string& act, json::Object fields);
    Result<void> wait_for(const std::string& node, std::int64_t sequence, std::string_view what);
    Result<void> wait_until(std::string_view what, const std::function<Result<bool>()>& done);
    Result<json::Object> upload(
        const std::string& name, const std::string& media_type, std::int64_t cell,
        const Bytes& content);
    Result<void> request();
    Result<void> authorise_to_order();
    Result<void> produce();
    Result<void> release();
    Result<void> receive_and_open();
    Result<void> finish();

    PracticeWorld& world_;
    std::string law_;
    Stage stage_;
    std::chrono::days distance_{0};
    std::string case_;
    std::string request_hash_;
    std::int64_t sequence_ = 0;
    std::map<std::string, Bytes> originals_; // by plaintext hash
    json::Array produced_;
    json::Array opened_; // items that the officer opened
};

Result<json::Object> Story::example(const std::string& name) {
    TRY(const auto text, read_file(fs::path(law_) / "examples" / (name + ".json")));
    TRY(const auto object, json::parse_object(text, limits::act_part_bytes));
    return shift_dates(object.at("fields"), distance_).as_object();
}

Result<void> Story::wait_until(std::string_view what, const std::function<Result<bool>()>& done) {
    const auto until = SteadyClock::now() + std::chrono::seconds{90};
    while (interrupted == 0) {
        TRY(const bool ready, done());
        if (ready) return {};
        if (SteadyClock::now() > until)
            return refuse(Code::evidence_incomplete, fmt::format("waited 90 s for {}", what));
        stage_.waiting(what);
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return refuse(Code::not_allowed, "interrupted");
}

Result<void> Story::wait_for(
    const std::string& node, std::int64_t sequence, std::string_view what) {
    return wait_until(what, [&]() -> Result<bool> {
        const auto state = world_.control(node).get("/cases/" + case_);
        if (!state) {
            if (state.error().code == Code::not_found) return false;
            return tl::unexpected(state.error());
        }
        return state->at("acts").as_int64() >= sequence;
    });
}

// Prepare, approve with the person's passkey, perform, and wait until the act is admitted and has
// come back to the node where it was performed.
Result<void> Story::act(const std::string& person_id, const std::string& act, json::Object fields) {
    const Person& person = world_.person(person_id);
    auto& control = world_.control(person.node);
    json::Object intent{
        {"act", act},
        {"office", person.office},
        {"role", person.roles.front()},
        {"person", person.id},
        {"fields", std::move(fields)}};
    if (case_.empty()) {
        intent["procedure"] = "mla";
        intent["opening"] = json::Object{
            {"requesting", "arcadia-authority"},
            {"requested", "borealis-authority"},
            {"provider", "nimbus-mail"},
            {"third", json::Array{}},
            {"category", "access"},
            {"recipient", "arcadia-cyber-unit"}};
    } else {
        intent["case"] = case_;
        TRY_VOID(wait_for(person.node, sequence_, fmt::format("{} to have the case", person.node)));
    }
    TRY(const auto prepared, control.post("/acts/prepare", intent));
    const auto challenge = digest_from_text(std::string_view(prepared.at("challenge").as_string()));
    CHECK_THAT(challenge.has_value());
    TRY(const auto performed,
        control.post(
            "/acts/perform",
            {{"act", prepared.at("act")},
             {"assertion", act::print_assertion(person.authenticator.sign(view(*challenge)))}}));
    if (case_.empty()) {
        case_ = performed.at("case").as_string();
        request_hash_ = prepared.at("act").as_string();
    }
    ++sequence_;
    TRY_VOID(wait_for(person.node, sequence_, fmt::format("the keeper to admit {}", act)));
    stage_.line(casefile::sentence(act, PracticeWorld::name(person.node), "en"));
    return {};
}

Result<void> Story::request() {
    TRY(auto fields, example("request"));
    return act("arcadia-officer", "request", std::move(fields));
}

Result<void> Story::authorise_to_order() {
    TRY(auto authorise, example("authorise"));
    authorise["request"] = request_hash_;
    TRY_VOID(act("arcadia-judge", "authorise", std::move(authorise)));
    TRY(auto transmit, example("transmit"));
    TRY_VOID(act("arcadia-clerk", "transmit", std::move(transmit)));
    TRY(auto acknowledge, example("acknowledge"));
    TRY_VOID(act("borealis-clerk", "acknowledge", std::move(acknowledge)));
    TRY(auto accept, example("accept"));
    TRY_VOID(act("borealis-clerk", "accept", std::move(accept)));
    TRY(auto order, example("order"));
    return act("borealis-judge", "order", std::move(order));
}

Result<json::Object> Story::upload(
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
        const std::string token(begun.at("token").as_string());
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

Result<void> Story::produce() {
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
    TRY(auto extra,
        upload(
            "logins-after-the-period.csv", "text/csv", 1,
            "time_utc,address,port,event\n2026-02-25T10:00:00.000Z,203.0.113.7,4711,login\n"));
    produced_ = {subscriber, access, extra};
    TRY(auto fields, example("produce"));
    fields["manifest"] = produced_;
    return act("nimbus-officer", "produce", std::move(fields));
}

Result<void> Story::release() {
    auto& borealis = world_.control("borealis-authority");
    TRY_VOID(wait_until("the evidence to arrive at Borealis", [&]() -> Result<bool> {
        TRY(const auto state, borealis.get("/cases/" + case_));
        const auto& list = state.at("evidence").as_array();
        return list.size() == 6 && std::all_of(list.begin(), list.end(), [](const auto& row) {
                   return row.at("state") == "complete";
               });
    }));
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
    fields["held_back"] = json::Array{json::Object{
        {"name", produced_[2].at("name")},
        {"plain_sha256", produced_[2].at("plain_sha256")},
        {"ground", "outside_grid"},
        {"reasons", "Its entries lie after the end of the authorised period."}}};
    opened_ = passed;
    return act("borealis-clerk", "release", std::move(fields));
}

Result<void> Story::receive_and_open() {
    auto& arcadia = world_.control("arcadia-authority");
    TRY_VOID(wait_for("arcadia-authority", sequence_, "Arcadia to learn of the release"));
    TRY_VOID(wait_until("the evidence to arrive in Arcadia", [&]() -> Result<bool> {
        TRY(const auto state, arcadia.get("/cases/" + case_));
        const auto& list = state.at("evidence").as_array();
        return list.size() == 4 && std::all_of(list.begin(), list.end(), [](const auto& row) {
                   return row.at("state") == "complete";
               });
    }));
    TRY(const auto manifest, arcadia.get(fmt::format("/cases/{}/manifest/release", case_)));
    TRY(auto receive, example("receive"));
    receive["manifest_hash"] = manifest.at("manifest_hash");
    receive["items"] = 2;
    TRY_VOID(act("arcadia-officer", "receive", std::move(receive)));
    TRY(auto open, example("open"));
    json::Array hashes;
    for (const auto& item : opened_)
        hashes.emplace_back(item.at("cipher_sha256"));
    open["items"] = hashes;
    TRY_VOID(act("arcadia-officer", "open", std::move(open)));
    for (const auto& item : opened_) {
        Bytes content;
        for (int attempt = 0;; ++attempt) {
            content.clear();
            TRY(const auto reading,
                arcadia.post(
                    "/evidence/open", {{"case", case_}, {"item", item.at("cipher_sha256")}}));
            Result<Bytes> chunk = Bytes{};
            do {
                chunk = arcadia.raw(
                    "GET",
                    fmt::format("/evidence/opened/{}", reading.at("token").as_string().c_str()),
                    {});
                if (chunk) content += *chunk;
            } while (chunk && !chunk->empty());
            if (chunk) break;
            if (attempt > 20) return tl::unexpected(chunk.error());
        }
        const auto original = originals_.find(std::string(item.at("plain_sha256").as_string()));
        if (original == originals_.end() || original->second != content)
            return refuse(
                Code::evidence_corrupt,
                fmt::format(
                    "{} is not what the provider produced", item.at("name").as_string().c_str()));
    }
    stage_.line(fmt::format(
        "{} items opened, and they are the bytes that Nimbus Mail produced", opened_.size()));
    return {};
}

Result<void> Story::finish() {
    TRY(auto purge, example("purge"));
    purge["items"] = 3;
    purge.erase("manifest_hash");
    purge["destroyed_at"] =
        to_text(std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()));
    TRY_VOID(act("borealis-clerk", "purge", std::move(purge)));
    TRY(auto notify, example("notify"));
    TRY_VOID(act("arcadia-clerk", "notify", std::move(notify)));
    TRY(auto inspect, example("inspect"));
    return act("inspector", "inspect", std::move(inspect));
}

Result<void> Story::play() {
    TRY_VOID(request());
    TRY_VOID(authorise_to_order());
    TRY_VOID(produce());
    TRY_VOID(release());
    TRY_VOID(receive_and_open());
    TRY_VOID(finish());
    for (const auto& node :
         {"arcadia-authority", "borealis-authority", "nimbus-mail", "inspectorate"})
        TRY_VOID(wait_for(node, sequence_, fmt::format("{} to have every act", node)));
    return {};
}

Result<void> Story::export_all() {
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
    write_new_file(dir / "case.bundle", bundle, false);
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
    write_new_file(dir / "demo-keys/evidence.sha256", sums, false);
    for (const auto kind : {"key", "cert"}) {
        TRY(const auto pem,
            read_file(
                dir /
                fmt::format("arcadia-authority/keys/office-arcadia-cyber-unit.{}.pem", kind)));
        write_new_file(dir / fmt::format("demo-keys/recipient.{}.pem", kind), pem, true);
    }
    return {};
}

// Kills a random node at random moments and starts it again, until told to stop.
class Chaos {
public:
    Chaos(PracticeWorld& world, std::uint64_t seed)
        : world_(world), random_(seed), thread_([this] { run(); }) {}

    ~Chaos() {
        stop_ = true;
        thread_.join();
    }

    [[nodiscard]] int kills() const { return kills_; }

private:
    void run() {
        while (!stop_) {
            std::this_thread::sleep_for(
                std::chrono::milliseconds{std::uniform_int_distribution<int>(30, 700)(random_)});
            if (stop_) return;
            const auto& node = world_.nodes()[random_() % world_.nodes().size()];
            world_.stop(node, SIGKILL);
            ++kills_;
            std::this_thread::sleep_for(
                std::chrono::milliseconds{std::uniform_int_distribution<int>(0, 300)(random_)});
            world_.start(node);
        }
    }

    PracticeWorld& world_;
    std::mt19937_64 random_;
    std::atomic<bool> stop_{false};
    std::atomic<int> kills_{0};
    std::thread thread_;
};

// A directory that an earlier run left is made anew; anything else is left alone.
Result<fs::path> fresh_directory(const DemoOptions& options) {
    const fs::path dir = options.dir.empty()
                             ? fs::temp_directory_path() / fmt::format("comity-demo-{}", ::getuid())
                             : fs::path(options.dir);
    const fs::path mark = dir / ".comity-demo";
    if (fs::exists(dir) && !fs::is_empty(dir)) {
        if (!fs::exists(mark))
            return refuse(
                Code::already_exists,
                fmt::format("{} is there and is no practice world", dir.string()));
        fs::remove_all(dir);
    }
    fs::create_directories(dir);
    write_new_file(mark, "made by comity demo\n", false);
    return fs::absolute(dir);
}

bool report(const Story& story, const PracticeWorld& world, double seconds) {
    BundleOptions options;
    options.evidence = world.dir() / "case.evidence";
    options.recipient = RecipientKey{
        read_file(world.dir() / "demo-keys/recipient.key.pem").value(),
        read_file(world.dir() / "demo-keys/recipient.cert.pem").value()};
    auto verdict = verify_bundle(read_file(world.dir() / "case.bundle").value(), options);
    for (const auto& node : world.nodes()) {
        const auto record =
            verify_record(world.dir() / node / "record", {std::nullopt, world.dir() / "witnesses"});
        for (const auto& failure : record.failures)
            verdict.failures.push_back(node + ": " + failure);
        if (record.failures.empty())
            verdict.proved.push_back(fmt::format(
                "the public record of {} is consistent with every tile, and cosigned",
                PracticeWorld::name(node)));
    }
    fmt::print("\nWhat was proved about case {}, offline, from files alone:\n", story.case_id());
    for (const auto& line : verdict.proved)
        fmt::print("  + {}\n", line);
    for (const auto& line : verdict.failures)
        fmt::print("  ! {}\n", line);
    fmt::print("\nThe case took {:.1f} s. Everything is in {}\n", seconds, world.dir().string());
    return verdict.failures.empty();
}

Result<bool> run(const DemoOptions& options) {
    TRY(const auto dir, fresh_directory(options));
    const std::string law = options.law.empty() ? default_law_directory() : options.law;
    PracticeWorld world(dir, law);
    fmt::print(
        "The practice world: Arcadia, Borealis and Cordia, the provider Nimbus Mail and an inspectorate.\n"
        "Five nodes on this machine, each a process of this program, with keys of their own.\n\n");
    std::fflush(stdout);
    TRY_VOID(world.build());
    Story story(world, law);
    const auto began = SteadyClock::now();
    int kills = 0;
    {
        std::optional<Chaos> chaos;
        if (options.chaos) chaos.emplace(world, *options.chaos);
        auto played = story.play();
        if (chaos) kills = chaos->kills();
        chaos.reset();
        TRY_VOID(std::move(played));
    }
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - began).count();
    TRY_VOID(story.export_all());
    if (options.chaos)
        story.stage().say(fmt::format("     {} times a node was killed and started again", kills));
    const bool proved = report(story, world, seconds);
    if (options.once || !proved) return proved;
    fmt::print(
        "\nThe nodes go on until you press Ctrl-C. Look at a case from another terminal, for example:\n"
        "  comity case list --dir {0}/borealis-authority\n  comity case show {1} --dir {0}/arcadia-authority\n",
        dir.string(), story.case_id());
    for (const auto& node : world.nodes())
        fmt::print(
            "  https://localhost:{}/record/checkpoint   the public record of {}\n",
            world.port(node), PracticeWorld::name(node));
    std::fflush(stdout);
    while (interrupted == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    fmt::print("\n");
    return proved;
}

} // namespace

int demo(const DemoOptions& options) {
    struct sigaction action{};
    action.sa_handler = [](int) {
        interrupted = 1;
    };
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    const auto result = run(options);
    if (!result) {
        fmt::print(stderr, "comity: {}\n", result.error().text());
        return 1;
    }
    return *result ? 0 : 1;
}

} // namespace comity::apps
