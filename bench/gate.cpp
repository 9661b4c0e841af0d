// Acts through the whole gate, durable, beside the bare cryptography of the same acts: seal and
// approval verified, every part opened, a receipt signed.
#include "node/gate.hpp"

#include "apps/setup.hpp"
#include "base/limits.hpp"
#include "bench.hpp"
#include "crypto/hash.hpp"
#include "node/enrol.hpp"
#include "node/perform_act.hpp"
#include "store/file_store.hpp"
#include "store/sqlite_store.hpp"

#include <fmt/format.h>
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
        const ParticipantId&, const node::PeerCall&, std::string& problem) override {
        problem = "no peer here";
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
            must(node::roll_chain(*node, intent.person))};
        act::Envelope out{
            act::seal_act(prepared.header, clock.now(), node->signer(), approval), {}, ""};
        store->read([&](node::StoreReader& reader) {
            out.parts = reader.find_draft(prepared.hash)->parts;
        });
        return out;
    }
};

double on_threads(
    std::size_t threads, std::size_t count, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    return bench::seconds([&] {
        std::vector<std::jthread> pool;
        for (std::size_t t = 0; t < threads; ++t)
            pool.emplace_back([&] {
                for (std::size_t i = next++; i < count; i = next++)
                    work(i);
            });
    });
}

void bare(const node::Node& node, const crypto::Passkey& passkey, const act::Envelope& envelope) {
    const auto sealed = must(act::parse_sealed(envelope.seal));
    if (!crypto::verify_jws(sealed.seal)) throw std::runtime_error("seal");
    if (!crypto::verify_assertion(
            passkey, sealed.approval->assertion,
            view(act::approval_challenge(sealed.header_bytes))))
        throw std::runtime_error("approval");
    for (const auto& [place, bytes] : envelope.parts)
        must(act::open_part(
            sealed.header.parts[place], bytes, "request",
            {node.keys().sealing.key, node.keys().sealing.certificate}));
    bench::keep(act::sign_receipt(
        {"bench", sealed.header.case_id, sealed.hash, 1, node.self(), node.now(), "o", 1,
         node.now()},
        node.signer()));
}

} // namespace

COMITY_BENCH(gate) {
    constexpr std::size_t count = 3000;
    constexpr std::size_t callers = 32;
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
    for (std::size_t i = 0; i < count; ++i)
        acts.push_back(setting.make_act(moved));
    const auto passkey = setting.passkeys.at("alpha-1").passkey();
    const double limit = static_cast<double>(count) / on_threads(2, count, [&](std::size_t i) {
                             bare(*setting.node, passkey, acts[i]);
                         });
    const double value =
        static_cast<double>(count) / on_threads(callers, count, [&](std::size_t i) {
            must(node::pass_gate(*setting.node, acts[i], node::Way::keeper));
        });
    bench::report(
        {"gate.acts", value, "acts/s", limit, value / limit,
         fmt::format(
             "a full request of {} parts, {} callers on two cores, durable; limit: its bare cryptography on two threads",
             acts.front().parts.size(), callers)});
}
