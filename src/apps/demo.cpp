// The practice world, its stories, and the proof at the end of each.
#include "apps/demo.hpp"

#include "apps/control.hpp"
#include "apps/practice.hpp"
#include "apps/stories.hpp"
#include "apps/story_outside.hpp"
#include "apps/verify.hpp"
#include "base/fault.hpp"
#include "record/tally.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <random>
#include <set>
#include <thread>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

using SteadyClock = std::chrono::steady_clock;

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
            const auto& node = world_.nodes()[random_() % world_.nodes().size()];
            // Three of four are killed at work, however slow the machine is, and one at any moment,
            // its start among them.
            if (random_() % 4 != 0) wait_until_it_works(node);
            pause(30, 700);
            if (stop_) return;
            world_.stop(node, SIGKILL);
            ++kills_;
            pause(0, 300);
            world_.start(node);
        }
    }

    void pause(int least, int most) {
        std::this_thread::sleep_for(
            std::chrono::milliseconds{std::uniform_int_distribution<int>(least, most)(random_)});
    }

    // Asked on a connection of its own: those of the world wait for nodes that restart.
    void wait_until_it_works(const std::string& node) {
        Control control(world_.dir() / node);
        while (!stop_ && !control.get("/cases"))
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
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
    const fs::path mark = dir / practice_mark;
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

// What the bundle proves offline, and what the story has shown.
bool report(const StoryPlayer& player, const PracticeWorld& world, double seconds, bool records) {
    BundleOptions options;
    if (player.exported_evidence()) {
        options.evidence = world.dir() / "case.evidence";
        options.recipient = RecipientKey{
            read_file(world.dir() / "demo-keys/recipient.key.pem").value(),
            read_file(world.dir() / "demo-keys/recipient.cert.pem").value()};
    }
    auto verdict = verify_bundle(read_file(world.dir() / "case.bundle").value(), options);
    for (const auto& node : world.nodes()) {
        if (!records) break;
        const auto record =
            verify_record(world.dir() / node / "record", {std::nullopt, world.dir() / "witnesses"});
        for (const auto& failure : record.failures)
            verdict.failures.push_back(node + ": " + failure);
        if (record.failures.empty())
            verdict.proved.push_back(fmt::format(
                "the public record of {} is consistent with every tile, and cosigned",
                PracticeWorld::name(node)));
    }
    if (!player.proved().empty()) {
        fmt::print("\nWhat the story has shown, on the nodes themselves:\n");
        for (const auto& line : player.proved())
            fmt::print("  + {}\n", line);
    }
    fmt::print("\nWhat was proved about case {}, offline, from files alone:\n", player.case_id());
    for (const auto& line : verdict.proved)
        fmt::print("  + {}\n", line);
    for (const auto& line : verdict.failures)
        fmt::print("  ! {}\n", line);
    fmt::print("\nThe case took {:.1f} s. Everything is in {}\n", seconds, world.dir().string());
    std::fflush(stdout);
    return verdict.failures.empty();
}

struct Told {
    std::string case_id;
    bool proved = false;
};

Result<Told> tell(
    const Story& story, PracticeWorld& world, const std::string& law, const DemoOptions& options,
    bool last) {
    Stage stage;
    stage.begin(story.steps);
    StoryPlayer player(world, law, stage);
    const auto began = SteadyClock::now();
    int kills = 0;
    {
        std::optional<Chaos> chaos;
        if (options.chaos) chaos.emplace(world, *options.chaos);
        auto played = story.tell(player);
        if (chaos) kills = chaos->kills();
        chaos.reset();
        TRY_VOID(std::move(played));
    }
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - began).count();
    TRY_VOID(player.export_all());
    if (options.chaos)
        stage.say(fmt::format("     {} times a node was killed and started again", kills));
    return Told{player.case_id(), report(player, world, seconds, last)};
}

// One story, or all of them in one world, the ordinary one first.
Result<std::vector<const Story*>> chosen(const DemoOptions& options) {
    std::vector<const Story*> out;
    if (options.story == "none") return out;
    for (const auto& story : stories())
        if (options.story == "all" || options.story == story.name) out.push_back(&story);
    if (!out.empty()) return out;
    std::string names;
    for (const auto& story : stories())
        names += std::string(story.name) + ", ";
    return refuse(
        Code::setting_invalid,
        fmt::format("there is no story {}; there are {}all and none", options.story, names));
}

// The quarter ends, and what was told since `began` is counted. Of so few cases a report says how
// many there were and withholds the rest; that it holds every tally of the record is checked.
Result<void> close_quarters(
    PracticeWorld& world, const std::string& law, Instant began, std::int64_t cases) {
    Stage stage;
    StoryPlayer player(world, law, stage);
    Instant now = world.time().now();
    fmt::print("\n== The statistics\n\n");
    TRY_VOID(player.pass(
        record::quarter_end(record::quarter_of(now)) - now + std::chrono::minutes{1},
        "the quarter ends"));
    now = world.time().now();
    const std::pair<std::string, std::string> sides[] = {
        {"arcadia-authority", "requesting"},
        {"borealis-authority", "requested"},
        {"nimbus-mail", "provider"}};
    for (const auto& [node, group] : sides) {
        std::int64_t counted = 0;
        for (std::string quarter = record::quarter_of(began); record::quarter_end(quarter) <= now;
             quarter = record::quarter_of(record::quarter_end(quarter))) {
            std::optional<CheckedReport> report;
            // The last tally is published a beat after its case.
            TRY_VOID(player.wait_until("the report", [&]() -> Result<bool> {
                auto checked = checked_report(world, node, group, quarter);
                if (checked) report = std::move(*checked);
                return report.has_value();
            }));
            counted += report->cases;
            const auto withheld =
                std::count_if(report->told.begin(), report->told.end(), [](const auto& line) {
                    return line.second == "withheld";
                });
            fmt::print(
                "  + {}, {}, {}: cases: {}, each a tally in the record; {} of {} tables withheld, "
                "since fewer than {} cases would tell on one another\n",
                quarter, PracticeWorld::name(node), group, report->cases, withheld,
                report->told.size(), record::report_total_least);
        }
        if (group == "requesting" ? counted != cases : counted > cases)
            return refuse(
                Code::proof_wrong,
                fmt::format("{} counts {} of {} cases as {}", node, counted, cases, group));
    }
    std::fflush(stdout);
    return {};
}

void show_doors(const PracticeWorld& world, const std::string& case_id) {
    fmt::print(
        "\nThe pages are open until you press Ctrl-C. The browser warns of each node's certificate: it is the\n"
        "node's own, and the directory names it; go on. People sign in with a software authenticator, which\n"
        "only a practice world has.\n\n");
    for (const auto& node : world.nodes()) {
        fmt::print("  {}\n", PracticeWorld::name(node));
        fmt::print("    {}/sign-in\n", world.origin(node, true));
        std::string line;
        std::set<std::string> roles; // one person of each is enough to begin with
        for (const auto& person : world.people(node))
            if (roles.insert(world.person(person).roles.front()).second)
                line += (line.empty() ? "" : ", ") + person;
        fmt::print("      be {}\n", line);
        fmt::print("    {}/   for anybody, without signing in\n", world.origin(node, false));
    }
    if (!case_id.empty())
        fmt::print(
            "\nOr look at the case from another terminal:\n"
            "  comity case list --dir {0}/borealis-authority\n  comity case show {1} --dir {0}/arcadia-authority\n",
            world.dir().string(), case_id);
    std::fflush(stdout);
}

Result<bool> run(const DemoOptions& options) {
    TRY(const auto tales, chosen(options));
    if (options.chaos && options.story != "ordinary")
        return refuse(Code::setting_invalid, "--chaos is for the story ordinary");
    TRY(const auto dir, fresh_directory(options));
    const std::string law = options.law.empty() ? default_law_directory() : options.law;
    PracticeWorld world(dir, law);
    fmt::print(
        "The practice world: Arcadia, Borealis and Cordia, the provider Nimbus Mail and an inspectorate.\n"
        "Five nodes on this machine, each a process of this program, with keys of their own.\n\n");
    std::fflush(stdout);
    TRY_VOID(world.build());
    const Instant began = world.time().now();
    Told told;
    bool proved = true;
    for (const auto* story : tales) {
        if (options.story != "ordinary")
            fmt::print("{}== {}\n\n", story == tales.front() ? "" : "\n", story->title);
        TRY(told, tell(*story, world, law, options, story == tales.back()));
        proved = proved && told.proved;
    }
    if (options.story != "ordinary" && !tales.empty())
        TRY_VOID(close_quarters(world, law, began, static_cast<std::int64_t>(tales.size())));
    if (options.once || !proved) return proved;
    show_doors(world, told.case_id);
    while (!stories_interrupted())
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    fmt::print("\n");
    return proved;
}

} // namespace

int demo(const DemoOptions& options) {
    struct sigaction action{};
    action.sa_handler = [](int) {
        interrupt_stories();
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
