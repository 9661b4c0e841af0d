// Wiring: store, files, peers, clock, law, gate, record, routes; the background loops.
#include "apps/serve.hpp"

#include "api/api.hpp"
#include "api/pages.hpp"
#include "api/practice.hpp"
#include "apps/letter.hpp"
#include "apps/peers.hpp"
#include "apps/practice_clock.hpp"
#include "apps/release.hpp"
#include "base/fault.hpp"
#include "crypto/hash.hpp"
#include "http/routes.hpp"
#include "http/server.hpp"
#include "node/act_keys.hpp"
#include "node/carry_challenge.hpp"
#include "node/check_rights.hpp"
#include "node/clock_due.hpp"
#include "node/deliver_outbox.hpp"
#include "node/fetch_directory.hpp"
#include "node/gate_refusals.hpp"
#include "node/hands.hpp"
#include "node/oversee.hpp"
#include "node/pad_record.hpp"
#include "node/recover.hpp"
#include "node/retry.hpp"
#include "node/samples.hpp"
#include "node/sequence_record.hpp"
#include "node/statistics.hpp"
#include "node/tell_people.hpp"
#include "node/tell_systems.hpp"
#include "node/transfer_evidence.hpp"
#include "node/watch_records.hpp"
#include "node/worklist.hpp"
#include "post/sender.hpp"
#include "procedure/explorer.hpp"
#include "store/file_store.hpp"
#include "store/sqlite_store.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <future>

namespace comity::apps {

namespace {

// Threads for acts, and for evidence: a partner that is slow to answer holds up the one that serves
// it.
constexpr int senders = 4;

// One JSON line per event on standard error.
void write_log(
    const Instant now, std::string_view event,
    const std::vector<std::pair<std::string, std::string>>& fields) {
    json::Object line{{"time", to_text(now)}, {"event", event}};
    for (const auto& [name, value] : fields)
        line[name] = value;
    const std::string text = json::print(line) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
}

// A loop that runs when it is nudged and on a beat, until it is stopped; in several threads where
// its work may wait for others, of which one that is free goes when it is nudged. A fault is logged
// and the loop goes on: the disk may have room again, the peer may be back.
class Loop {
public:
    Loop(
        std::string name, Milliseconds beat, node::Log log, std::function<void()> work,
        int threads = 1)
        : name_(std::move(name)), beat_(beat), log_(std::move(log)), work_(std::move(work)) {
        for (int i = 0; i < threads; ++i)
            threads_.emplace_back([this] { run(); });
    }

    ~Loop() {
        {
            const std::scoped_lock lock(mutex_);
            stop_ = true;
        }
        wake_.notify_all();
        for (auto& thread : threads_)
            thread.join();
    }

    void nudge() {
        {
            const std::scoped_lock lock(mutex_);
            nudged_ = true;
        }
        wake_.notify_one();
    }

private:
    void run() {
        for (;;) {
            try {
                work_();
            } catch (const std::exception& fault) {
                log_("fault", {{"in", name_}, {"text", fault.what()}});
            }
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, beat_, [this] { return stop_ || nudged_; });
            if (stop_) return;
            nudged_ = false;
        }
    }

    std::string name_;
    Milliseconds beat_;
    node::Log log_;
    std::function<void()> work_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
    bool nudged_ = false;
    std::vector<std::thread> threads_;
};

Result<std::shared_ptr<const node::Law>> load_law(const std::string& path, node::Store& store) {
    TRY(auto pack, law::Pack::load(path, crypto::sha256));
    std::optional<std::string> checked;
    store.read([&](node::StoreReader& reader) { checked = reader.setting("law_checked"); });
    TRY(auto law, node::Law::make(std::make_shared<const law::Pack>(std::move(pack))));
    if (checked == law->pack().digest()) return law;
    // A pack this node has not seen: every procedure is explored before anything starts on it.
    for (const auto& id : law->pack().procedures())
        TRY_VOID(procedure::check_all(*law->find(id)));
    store.write([&](node::StoreWriter& writer) {
        writer.put_setting("law_checked", law->pack().digest());
    });
    return law;
}

struct Running {
    NodeFile file;
    node::Log log;
    std::unique_ptr<node::Clock> clock;
    std::unique_ptr<store::SqliteStore> store;
    std::unique_ptr<store::FileStore> files;
    std::unique_ptr<DirectoryPeers> peers;
    std::unique_ptr<node::Node> node;
    std::unique_ptr<node::Sequencer> sequencer;
    std::unique_ptr<node::Staging> staging;
    std::unique_ptr<node::Openings> openings;
    std::unique_ptr<http::Services> services;
    std::optional<api::PracticeKeys> practice_keys; // only of a practice world's node
    std::unique_ptr<LocalTranslator> translator;    // where the settings name one
    std::unique_ptr<api::Api> api;
    std::optional<api::Pages> pages;
    std::unique_ptr<Loop> clock_acts;
    std::unique_ptr<Loop> deliver;
    std::unique_ptr<Loop> evidence;
    std::unique_ptr<Loop> record;
    std::unique_ptr<Loop> directory;
    std::unique_ptr<Loop> watch;
    std::unique_ptr<post::WebSystems> systems;
    std::unique_ptr<post::SmtpMailer> mailer;
    std::unique_ptr<Loop> tell;
    std::unique_ptr<http::Server> tls;
    std::unique_ptr<http::Server> local;
    std::atomic<bool> sequencing{false};
    std::mutex stopped_mutex;
    std::mutex alarms_mutex;
    std::optional<Instant> alarms_at;
    std::string alarm_lines;
    std::string stopped; // why the record does not go on; empty while it does
};

// The alarms of an oversight body by kind, looked at once a minute at most: whoever scrapes oftener
// gets the same again.
std::string alarm_lines(Running& run) {
    const auto directory = run.node->directory();
    const auto* self = directory ? (*directory)->find(run.node->self()) : nullptr;
    if (!self || self->kind != directory::Kind::oversight) return {};
    const std::scoped_lock lock(run.alarms_mutex);
    const Instant now = run.clock->now();
    if (run.alarms_at && now - *run.alarms_at < std::chrono::minutes{1}) return run.alarm_lines;
    std::map<std::string, std::size_t> counts{{"ceiling", 0},        {"deletion-overdue", 0},
                                              {"dwell", 0},          {"emergency-without-judge", 0},
                                              {"notice-overdue", 0}, {"refusals", 0}};
    for (const auto& alarm : node::alarms(node::seen_cases(*run.node), **directory, now))
        ++counts[alarm.kind];
    std::string out = "# TYPE comity_alarms gauge\n";
    for (const auto& [kind, count] : counts)
        out += fmt::format("comity_alarms{{kind=\"{}\"}} {}\n", kind, count);
    run.alarms_at = now;
    run.alarm_lines = out;
    return out;
}

// How near each country is to the ceiling of the extraordinary mechanism; at it the route pauses.
std::string route_lines(Running& run) {
    const auto all = node::route_use(*run.node);
    if (all.empty()) return {};
    std::string out = "# TYPE comity_extraordinary_opened gauge\n";
    for (const auto& use : all)
        out += fmt::format(
            "comity_extraordinary_opened{{requesting=\"{}\"}} {}\n", use.requesting.str(),
            use.opened);
    out += "# TYPE comity_extraordinary_paused gauge\n";
    for (const auto& use : all)
        out += fmt::format(
            "comity_extraordinary_paused{{requesting=\"{}\"}} {}\n", use.requesting.str(),
            use.paused() ? 1 : 0);
    return out;
}

// What systems of the house were not told; no line where there are none.
std::string webhook_lines(Running& run) {
    std::vector<node::WebhookState> all;
    run.store->read(
        [&](node::StoreReader& reader) { all = node::webhook_states(*run.node, reader); });
    if (all.empty()) return {};
    std::string waiting = "# TYPE comity_webhook_waiting gauge\n";
    std::string missed = "# TYPE comity_webhook_missed counter\n";
    for (const auto& one : all) {
        waiting += fmt::format("comity_webhook_waiting{{name=\"{}\"}} {}\n", one.name, one.waiting);
        missed += fmt::format("comity_webhook_missed{{name=\"{}\"}} {}\n", one.name, one.missed);
    }
    return waiting + missed;
}

std::string metrics(Running& run) {
    std::size_t waiting = 0;
    std::size_t failed = 0;
    std::int64_t leaves = 0;
    constexpr std::size_t rows = 10'000;
    run.store->read([&](node::StoreReader& reader) {
        for (const auto& row : reader.outbox(rows))
            ++(row.failed ? failed : waiting);
        leaves = reader.leaf_count();
    });
    const auto& counters = run.tls->counters();
    return fmt::format(
               "# TYPE comity_outbox_waiting gauge\ncomity_outbox_waiting {}\n# TYPE comity_outbox_failed gauge\n"
               "comity_outbox_failed {}\n# TYPE comity_record_leaves counter\ncomity_record_leaves {}\n"
               "# TYPE comity_record_published gauge\ncomity_record_published {}\n"
               "# TYPE comity_http_requests counter\ncomity_http_requests {}\n"
               "# TYPE comity_http_connections gauge\ncomity_http_connections {}\n",
               waiting, failed, leaves, run.sequencer->size(), counters.requests.load(),
               counters.connections_open.load()) +
           route_lines(run) + webhook_lines(run) + alarm_lines(run);
}

std::optional<std::string> not_ready(Running& run) {
    const auto directory = run.node->directory();
    if (!directory) return "no directory has been installed";
    if ((*directory)->expires() <= run.clock->now()) return "the directory has expired";
    const std::scoped_lock lock(run.stopped_mutex);
    if (!run.stopped.empty()) return run.stopped;
    return std::nullopt;
}

std::uint64_t random_bits() {
    std::uint64_t out = 0;
    for (const char byte : crypto::random_bytes(sizeof out))
        out = out << 8 | static_cast<unsigned char>(byte);
    return out;
}

void record_beat(Running& run) {
    if (!run.node->directory()) return;
    const auto stop = [&](const Refusal& refusal) {
        run.log(
            "record stopped",
            {{"code", std::string(refusal.name())}, {"facts", refusal.facts.text()}});
        const std::scoped_lock lock(run.stopped_mutex);
        run.stopped = refusal.text();
    };
    {
        const std::scoped_lock lock(run.stopped_mutex);
        if (!run.stopped.empty()) return;
    }
    if (!run.sequencing) {
        if (auto started = run.sequencer->start(); !started) {
            stop(started.error());
            return;
        }
        run.sequencing = true;
    }
    node::pad_record(*run.node, run.file.record_padding, random_bits());
    if (auto beat = run.sequencer->beat(); !beat) stop(beat.error());
}

// A node without pages serves its interface all the same: "" says that it is meant so.
Result<void> open_pages(Running& run) {
    if (run.file.pages.empty()) return {};
    const std::filesystem::path folder = run.file.pages;
    TRY(run.pages,
        api::Pages::read([&folder](const std::string& path) { return read_file(folder / path); }));
    return {};
}

// Beside the start, which does not wait for it.
record::Running say_what_runs(const Running& run, const std::filesystem::path& dir) {
    auto told = what_runs(run.file, run.node->law().pack().digest(), dir);
    record::Running out;
    if (told)
        out = std::move(*told);
    else
        out.problem = told.error();
    if (out.problem)
        run.log(
            "release not shown",
            {{"code", std::string(out.problem->name())}, {"facts", out.problem->facts.text()}});
    return out;
}

// What the TLS listener serves: other nodes, the public record, and the pages' interface.
http::Router outside_routes(Running& run) {
    auto router = http::public_routes(*run.services);
    api::add_routes(router, *run.api);
    if (run.pages) api::add_page_routes(router, *run.pages, run.api->settings.people);
    return router;
}

// The clock was read before, so this is a node of a practice world.
Result<api::PracticeKeys> read_practice_keys(const std::filesystem::path& dir) {
    std::vector<Bytes> saved;
    const auto world = std::filesystem::absolute(dir).lexically_normal().parent_path();
    for (const auto& file : std::filesystem::directory_iterator(practice_people(world))) {
        TRY(auto key, read_file(file.path()));
        saved.push_back(std::move(key));
    }
    return api::PracticeKeys::read(saved);
}

Result<void> open(Running& run, const std::filesystem::path& dir, bool practice) {
    TRY(run.file, read_settings(dir));
    if (practice) {
        TRY(run.clock, read_practice_clock(dir, run.file.settings.federation));
        TRY(run.practice_keys, read_practice_keys(dir));
    }
    TRY(auto keys, read_keys(dir, run.file));
    TRY(run.store, store::SqliteStore::open((dir / "comity.db").string()));
    run.files = std::make_unique<store::FileStore>(dir.string());
    TRY(const auto tls_certificate, read_file(dir / "keys/tls.cert.pem"));
    TRY(const auto tls_key, read_file(dir / "keys/tls.key.pem"));
    run.peers = std::make_unique<DirectoryPeers>(tls_certificate, tls_key);
    TRY(auto law, load_law(run.file.law, *run.store));
    run.node = std::make_unique<node::Node>(
        run.file.settings, std::move(keys), std::move(law),
        node::Ports{*run.store, *run.files, *run.peers, *run.clock, run.log});
    run.peers->use(*run.node);
    // A node without a directory serves its control socket only, to be given one.
    if (auto loaded = node::load_directory(*run.node);
        !loaded && loaded.error().code != Code::not_initialised)
        return loaded;
    node::fill_worklist(*run.node);
    node::note_act_keys(*run.node);
    run.sequencer = std::make_unique<node::Sequencer>(*run.node);
    run.staging = std::make_unique<node::Staging>(*run.node);
    run.openings = std::make_unique<node::Openings>(*run.node);
    run.services = std::make_unique<http::Services>(http::Services{
        *run.node, *run.sequencer, *run.staging, *run.openings,
        [&run] {
            if (run.clock_acts) run.clock_acts->nudge();
            if (run.deliver) run.deliver->nudge();
            if (run.evidence) run.evidence->nudge();
            if (run.tell) run.tell->nudge();
        },
        [&run] { return not_ready(run); }, [&run] { return metrics(run); },
        [&run](
            const CaseId& id, const std::string& which,
            const std::array<std::string, 2>& languages) {
            return print_letter(*run.node, id, which, languages);
        },
        [&run](const http::DraftToPrint& draft, const std::array<std::string, 2>& languages) {
            return print_draft_letter(*run.node, draft, languages);
        }});
    run.api = std::make_unique<api::Api>(
        *run.services, api::Settings::of(run.file.host, run.file.port),
        run.practice_keys ? &*run.practice_keys : nullptr);
    if (!run.file.translator.command.empty()) {
        run.translator = std::make_unique<LocalTranslator>(
            run.file.translator,
            std::clamp(run.file.workers / 2, 1u, limits::translations_at_once));
        run.api->translator = run.translator.get();
    }
    TRY_VOID(open_pages(run));
    run.api->running = std::async(std::launch::async, say_what_runs, std::cref(run), dir).share();
    http::ServerOptions options;
    options.workers = run.file.workers;
    options.log_requests = run.file.log_requests;
    options.log = [&run](std::string_view event, const std::map<std::string, std::string>& fields) {
        run.log(event, {fields.begin(), fields.end()});
    };
    auto local = options;
    options.tls = http::TlsListener{
        run.file.address,
        static_cast<std::uint16_t>(run.file.port),
        tls_certificate,
        tls_key,
        {run.file.host, "sign." + run.file.host}};
    local.local = http::LocalListener{(dir / "control.sock").string()};
    run.tls = std::make_unique<http::Server>(
        std::move(options), outside_routes(run),
        [&run](const Digest& fingerprint) -> std::optional<std::string> {
            const auto directory = run.node->directory();
            const auto* participant =
                directory ? (*directory)->by_tls(fingerprint, run.clock->now()) : nullptr;
            if (!participant) return std::nullopt;
            run.node->reach().heard(participant->id, run.clock->now());
            return participant->id.str();
        });
    run.local = std::make_unique<http::Server>(
        std::move(local), http::control_routes(*run.services), http::PeerCheck{});
    return {};
}

void start(Running& run) {
    // What a crash left half done is finished by the same functions that do it in steady state.
    run.evidence = std::make_unique<Loop>(
        "evidence", std::chrono::milliseconds{500}, run.log,
        [&run] {
            if (!run.node->directory()) return;
            node::push_evidence(*run.node);
            node::destroy_evidence(*run.node);
        },
        senders);
    run.deliver = std::make_unique<Loop>(
        "outbox", std::chrono::milliseconds{250}, run.log,
        [&run] {
            if (run.node->directory()) node::deliver_outbox(*run.node);
        },
        senders);
    run.clock_acts =
        std::make_unique<Loop>("clock", std::chrono::milliseconds{250}, run.log, [&run] {
            if (!run.node->directory()) return;
            node::recover_restored(*run.node);
            const auto done = node::clock_due(*run.node) + node::carry_filings(*run.node);
            if (done > 0) run.deliver->nudge();
        });
    run.record = std::make_unique<Loop>(
        "record", run.file.settings.record_beat, run.log, [&run] { record_beat(run); });
    run.directory = std::make_unique<Loop>("directory", node::directory_beat, run.log, [&run] {
        node::write_gate_refusals(*run.node);
        if (!run.node->directory()) return;
        if (const auto published = node::publish_reports(*run.node); !published)
            run.log("report", {{"problem", published.error().text()}});
        node::fetch_directory(*run.node, random_bits());
        node::draw_samples(*run.node); // those of an oversight body that wait for a seed
    });
    // Apart from the others: it waits for whoever does not answer.
    run.watch = std::make_unique<Loop>("watch", node::watch_beat, run.log, [&run] {
        if (run.node->directory()) node::empty_hands_of_gone(*run.node);
        node::watch_records(*run.node);
    });
    // Apart too: systems and mailboxes of the house may be slow, and acts do not wait for them.
    run.systems = std::make_unique<post::WebSystems>(run.file.web);
    run.mailer = std::make_unique<post::SmtpMailer>(run.file.mail);
    run.tell = std::make_unique<Loop>("telling", std::chrono::milliseconds{1'000}, run.log, [&run] {
        node::tell_systems(*run.node, *run.systems);
        if (run.node->directory()) node::tell_people(*run.node, *run.mailer);
    });
    run.tls->start();
    run.local->start();
}

void stop(Running& run) {
    run.tls->stop();
    run.local->stop();
    run.clock_acts.reset();
    run.deliver.reset();
    run.evidence.reset();
    run.directory.reset();
    run.watch.reset();
    run.tell.reset();
    run.record.reset();
    try {
        node::write_gate_refusals(*run.node); // since the last beat
    } catch (const std::exception& fault) {
        run.log("fault", {{"in", "stop"}, {"text", fault.what()}});
    }
}

int serve_by(const std::filesystem::path& dir, bool quiet, bool practice) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    Running run;
    run.clock = std::make_unique<SystemClock>();
    run.log = [&run, quiet](
                  std::string_view event,
                  const std::vector<std::pair<std::string, std::string>>& fields) {
        if (!quiet) write_log(run.clock->now(), event, fields);
    };
    if (auto opened = open(run, dir, practice); !opened) {
        fmt::print(stderr, "comity: {}\n", opened.error().text());
        return 1;
    }
    start(run);
    run.log(
        "serving", {{"participant", run.file.settings.participant.str()},
                    {"port", std::to_string(run.tls->port())}});
    int signal = 0;
    sigwait(&signals, &signal);
    run.log("stopping", {});
    stop(run);
    return 0;
}

} // namespace

int serve(const std::filesystem::path& dir, bool quiet) {
    return serve_by(dir, quiet, false);
}

int serve_practice(const std::filesystem::path& dir) {
    return serve_by(dir, false, true);
}

} // namespace comity::apps
