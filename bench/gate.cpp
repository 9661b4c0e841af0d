// Acts through the whole gate, durable, beside the bare cryptography of the same acts: seal and
// approval verified, every part opened, a receipt signed, and what these sign and name hashed.
#include "node/gate.hpp"

#include "apps/setup.hpp"
#include "base/limits.hpp"
#include "bench.hpp"
#include "crypto/cms.hpp"
#include "crypto/hash.hpp"
#include "node/enrol.hpp"
#include "node/perform_act.hpp"
#include "node/roll_chain.hpp"
#include "store/file_store.hpp"
#include "store/sqlite_store.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace comity;

namespace {

namespace fs = std::filesystem;

class SystemClock final : public node::Clock {
public:
    [[nodiscard]] Instant now() const override {
        return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    }
};

// Nobody is called: the acts stay with the node that keeps them.
class NoPeers final : public node::Peers {
public:
    std::optional<node::PeerAnswer> call(
        const ParticipantId&, const node::PeerCall&, Said& problem) override {
        problem = Said::value("no peer here");
        return std::nullopt;
    }
};

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().text());
    return std::move(*result);
}

struct Setting {
    fs::path dir = fs::temp_directory_path() / fmt::format("comity-bench-{}", ::getpid());
    std::map<std::string, crypto::SoftwareAuthenticator> passkeys;
    std::unique_ptr<store::SqliteStore> store;
    std::unique_ptr<store::FileStore> files;
    NoPeers peers;
    SystemClock clock;
    std::unique_ptr<node::Node> node;

    ~Setting() {
        node.reset();
        files.reset();
        store.reset();
        fs::remove_all(dir);
    }

    apps::NodePlan plan(const std::string& id, directory::Kind kind, const std::string& country) {
        apps::NodePlan out;
        out.participant = id;
        out.federation = "bench";
        out.kind = kind;
        out.country = country;
        if (kind == directory::Kind::oversight) out.oversees = {"XA", "XB"};
        out.name_en = id;
        out.host = id + ".localhost";
        out.port = 1;
        out.law = COMITY_SOURCE_DIR "/law";
        out.offices = {
            {"desk",
             "Desk",
             {"administrator", "issuing-officer", "response-officer", "inspector"}}};
        for (const auto n : {"-1", "-2"}) {
            auto passkey = crypto::SoftwareAuthenticator::create(
                "sign." + out.host, "https://sign." + out.host);
            out.founders.push_back(
                {id + n, "desk", {"administrator", "issuing-officer"}, passkey.passkey()});
            passkeys.emplace(id + n, std::move(passkey));
        }
        return out;
    }

    void build() {
        fs::create_directories(dir);
        const Instant now = clock.now();
        directory::Draft draft;
        draft.federation = "bench";
        draft.issued = now;
        draft.expires = add(now, Period{.days = 1});
        draft.members = {ParticipantId("alpha")};
        draft.witness_policy = "quorum none\n";
        draft.participants = {
            must(apps::create_node(
                dir / "alpha", plan("alpha", directory::Kind::authority, "XA"), now)),
            must(apps::create_node(
                dir / "beta", plan("beta", directory::Kind::authority, "XB"), now)),
            must(apps::create_node(
                dir / "mail", plan("mail", directory::Kind::provider, "XB"), now)),
            must(apps::create_node(
                dir / "watch", plan("watch", directory::Kind::oversight, "XA"), now))};
        auto pack = std::make_shared<const law::Pack>(
            must(law::Pack::load(COMITY_SOURCE_DIR "/law", crypto::sha256)));
        draft.law_pack = pack->digest();
        auto file = must(apps::read_settings(dir / "alpha"));
        auto keys = must(apps::read_keys(dir / "alpha", file));
        const auto jws = crypto::sign_jws(
            directory::print_directory(draft), directory::directory_type, now,
            {keys.seal, keys.seal_certificate});
        store = must(store::SqliteStore::open((dir / "alpha/comity.db").string()));
        files = std::make_unique<store::FileStore>((dir / "alpha").string());
        node = std::make_unique<node::Node>(
            file.settings, std::move(keys), must(node::Law::make(pack)),
            node::Ports{*store, *files, peers, clock, {}});
        if (auto installed = node::install_directory(*node, jws); !installed)
            throw std::runtime_error(installed.error().text());
    }

    act::Envelope make_act(const json::Object& fields) {
        node::Intent intent;
        intent.procedure = "mla";
        intent.act = "request";
        intent.office = OfficeId("desk");
        intent.role = "issuing-officer";
        intent.person = PersonId("alpha-1");
        intent.fields = fields;
        intent.opening = act::Opening{
            ParticipantId("alpha"), ParticipantId("beta"), ParticipantId("mail"), {}, "access",
            OfficeId("desk")};
        const auto prepared = must(node::prepare_act(*node, intent));
        act::Approval approval{
            passkeys.at("alpha-1").sign(view(prepared.challenge)),
            must(node::roll_chain(
                *node,
                must(node::signing_entry(
                    *node, intent.person, passkeys.at("alpha-1").passkey().credential_id))))};
        act::Envelope out{
            act::seal_act(prepared.header, clock.now(), node->signer(), approval), {}, ""};
        store->read([&](node::StoreReader& reader) {
            out.parts = reader.find_draft(prepared.hash)->parts;
        });
        return out;
    }
};

/// Wall and processor time of work that is spread over threads.
struct Spent {
    double wall = 0;
    double cpu = 0;

    void operator+=(const Spent& other) {
        wall += other.wall;
        cpu += other.cpu;
    }
};

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Spent on_threads(
    std::size_t threads, std::size_t from, std::size_t until,
    const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{from};
    const double before = cpu_seconds();
    const double wall = bench::seconds([&] {
        std::vector<std::jthread> pool;
        for (std::size_t t = 0; t < threads; ++t)
            pool.emplace_back([&] {
                for (std::size_t i = next++; i < until; i = next++)
                    work(i);
            });
    });
    return {wall, cpu_seconds() - before};
}

/// What the cryptography of an act takes, read before the clock runs: no JSON, no copy of a text
/// is counted in its favour.
struct Bare {
    act::Sealed sealed;
    Bytes receipt;
};

Bare prepare_bare(const act::Envelope& envelope) {
    return {must(act::parse_sealed(envelope.seal)), Bytes(700, 'r')};
}

void bare(
    const node::Node& node, const crypto::Passkey& passkey, const Bare& act,
    const act::Envelope& envelope) {
    if (!crypto::verify_jws(act.sealed.seal)) throw std::runtime_error("seal");
    const auto& header = act.sealed.header_bytes;
    if (act::act_hash(header) != act.sealed.hash) throw std::runtime_error("act hash");
    if (!crypto::verify_assertion(
            passkey, act.sealed.approval->assertion, view(act::approval_challenge(header))))
        throw std::runtime_error("approval");
    for (const auto& [place, bytes] : envelope.parts)
        must(act::open_part_bytes(
            act.sealed.header.parts[place], bytes,
            {node.keys().sealing.key, node.keys().sealing.certificate}));
    bench::keep(node.keys().seal.sign_es256(act.receipt));
}

} // namespace

COMITY_BENCH(gate) {
    const std::size_t count = bench::much(4000);
    constexpr std::size_t rounds = 8;
    constexpr std::size_t callers = 64;
    Setting setting;
    setting.build();
    const auto text = must(apps::read_file(COMITY_SOURCE_DIR "/law/examples/request.json"));
    const auto fields =
        must(json::parse_object(text, limits::act_part_bytes)).at("fields").as_object();
    json::Object moved = fields;
    const auto year = add(setting.clock.now(), Period{.months = 11});
    moved["retention_end"] = to_text(year);
    moved["notice_plan"].as_object()["due_by"] =
        to_text(add(setting.clock.now(), Period{.days = 60}));
    std::vector<act::Envelope> acts;
    std::vector<Bare> prepared;
    for (std::size_t i = 0; i < count; ++i) {
        acts.push_back(setting.make_act(moved));
        prepared.push_back(prepare_bare(acts.back()));
    }
    const auto passkey = setting.passkeys.at("alpha-1").passkey();
    // In turns and with as many threads, so that what else the machine does falls on both alike.
    Spent limit;
    Spent gate;
    for (std::size_t round = 0; round < rounds; ++round) {
        const std::size_t from = count / rounds * round;
        const std::size_t until = count / rounds * (round + 1);
        limit += on_threads(callers, from, until, [&](std::size_t i) {
            bare(*setting.node, passkey, prepared[i], acts[i]);
        });
        gate += on_threads(callers, from, until, [&](std::size_t i) {
            must(node::pass_gate(*setting.node, acts[i], node::Way::keeper));
        });
    }
    const auto rate = [&](double seconds) {
        return static_cast<double>(count) / seconds;
    };
    bench::report(
        {"gate.acts", rate(gate.wall), "acts/s", rate(limit.wall), limit.wall / gate.wall,
         fmt::format(
             "a full request of {} parts, {} callers on two cores, durable; limit: its bare cryptography alone, in turns with as many threads",
             acts.front().parts.size(), callers)});
    bench::report(
        {"gate.processor_time", gate.cpu / count * 1e6, "us", limit.cpu / count * 1e6,
         limit.cpu / gate.cpu, "of both cores, for one act; limit: of its bare cryptography"});
}
