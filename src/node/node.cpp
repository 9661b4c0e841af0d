// The node as a value: law, directory and keys behind it.
#include "node/node.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/gate_refusals.hpp"
#include "node/retry.hpp"
#include "node/roll_index.hpp"

#include <fmt/format.h>

namespace comity::node {

Result<std::shared_ptr<const Law>> Law::make(std::shared_ptr<const law::Pack> pack) {
    auto out = std::make_shared<Law>();
    TRY(auto library, law::Library::make(*pack));
    out->library_ = std::move(library);
    for (const auto& id : pack->procedures()) {
        TRY(auto procedure, procedure::Procedure::read(*pack->procedure_text(id), id + ".json"));
        for (const auto& act : procedure.acts())
            if (!act.form.empty() && !pack->form(act.form))
                return refuse(
                    Code::procedure_malformed,
                    say("{}: act {} names the form {}, which the pack does not have", id, act.name,
                        act.form));
        out->procedures_.emplace(id, std::move(procedure));
    }
    out->pack_ = std::move(pack);
    return std::shared_ptr<const Law>(std::move(out));
}

const procedure::Procedure* Law::find(std::string_view id) const {
    const auto at = procedures_.find(id);
    return at == procedures_.end() ? nullptr : &at->second;
}

std::shared_ptr<const procedure::Graph> Law::graph(
    std::string_view procedure, const procedure::Parameters& parameters) const {
    const auto* found = find(procedure);
    if (!found) return nullptr;
    // Only the combinations that the file tells apart make different graphs, but a case's category
    // is one of few, so the plain pair is key enough.
    const auto key = fmt::format("{} {} {}", procedure, parameters.category, parameters.third);
    const std::scoped_lock lock(mutex_);
    auto& slot = graphs_[key];
    if (!slot)
        slot = std::make_shared<const procedure::Graph>(procedure::Graph::make(*found, parameters));
    return slot;
}

Node::Node(Settings settings, Keys keys, std::shared_ptr<const Law> law, Ports ports)
    : settings_(std::move(settings)),
      keys_(std::move(keys)),
      law_(std::move(law)),
      ports_(std::move(ports)),
      roll_(std::make_unique<RollIndex>(ports_.store)),
      refused_(std::make_unique<GateRefusals>()),
      reach_(std::make_unique<Reach>(settings_)),
      offers_(std::make_unique<Offers>(settings_)) {
    if (!keys_.seal.empty())
        mark_key_ = crypto::hkdf_sha256(keys_.seal.to_pem(), {}, "comity marks v1", 32);
}

Node::~Node() = default;

void Node::log(
    std::string_view event, const std::vector<std::pair<std::string, std::string>>& fields) const {
    if (ports_.log) ports_.log(event, fields);
}

Result<std::shared_ptr<const directory::Directory>> Node::directory() const {
    const std::scoped_lock lock(mutex_);
    if (!directory_) return refuse(Code::not_initialised, say("no directory has been installed"));
    return directory_;
}

void Node::use_directory(std::shared_ptr<const directory::Directory> directory) {
    const std::scoped_lock lock(mutex_);
    directory_ = std::move(directory);
    known_chains_.clear();
}

directory::ChainMemory Node::chain_memory() const {
    // A bounded memory: forgetting costs a verification, never a wrong answer.
    constexpr std::size_t chains_max = 100'000;
    return {
        [this](const Digest& key) -> std::shared_ptr<const directory::SealedRollEntry> {
            const std::scoped_lock lock(mutex_);
            const auto at = known_chains_.find(key);
            return at == known_chains_.end() ? nullptr : at->second;
        },
        [this](const Digest& key, std::shared_ptr<const directory::SealedRollEntry> entry) {
            const std::scoped_lock lock(mutex_);
            if (known_chains_.size() >= chains_max) known_chains_.clear();
            known_chains_.emplace(key, std::move(entry));
        }};
}

Result<void> load_directory(Node& node) {
    std::optional<std::string> text;
    node.store().read([&](StoreReader& reader) { text = reader.directory(std::nullopt); });
    if (!text) return refuse(Code::not_initialised, say("no directory has been installed"));
    // What the store holds was accepted once, under the directory before it; here only its form
    // and its own signatures are read again.
    TRY(auto jws, crypto::parse_jws(*text, limits::directory_bytes * 2));
    TRY(auto directory, directory::Directory::read(jws.payload));
    for (const auto& signature : jws.signatures)
        TRY_VOID(crypto::verify_jws(signature));
    node.use_directory(std::make_shared<const directory::Directory>(std::move(directory)));
    return {};
}

std::shared_ptr<const procedure::Graph> graph_of(const Node& node, const casefile::Case& state) {
    auto graph = node.law().graph(state.procedure, casefile::parameters(state.opening));
    CHECK_THAT(graph != nullptr); // the case was admitted under this procedure
    return graph;
}

std::optional<casefile::Case> find_case(Node& node, StoreReader& reader, const CaseId& id) {
    const auto row = reader.find_case(id);
    if (!row) return std::nullopt;
    const auto object = json::parse_object(row->state, limits::envelope_bytes);
    if (!object)
        throw Fault(
            "the stored case " + id.str() + " is not readable: " + object.error().facts.text());
    auto state = casefile::read_case(
        *object, [&](std::string_view procedure, const procedure::Parameters& parameters) {
            return node.law().graph(procedure, parameters);
        });
    if (!state)
        throw Fault(
            "the stored case " + id.str() + " is not readable: " + state.error().facts.text());
    return std::move(*state);
}

} // namespace comity::node
