// Creating and reading a node's directory.
#include "apps/setup.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/plain_text.hpp"
#include "crypto/hash.hpp"
#include "node/enrol.hpp"
#include "node/founders.hpp"
#include "node/pad_record.hpp"
#include "node/tell_systems.hpp"
#include "post/message.hpp"
#include "procedure/explorer.hpp"
#include "record/note.hpp"
#include "record/policy.hpp"
#include "store/file_store.hpp"
#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <cstdlib>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 4> kinds = {"authority", "provider", "oversight", "witness"};

struct Made {
    crypto::PrivateKey key;
    crypto::Certificate certificate;
};

Made make_key(
    const NodePlan& plan, std::string common_name, crypto::CertificateUse use, Instant now) {
    Made out{crypto::PrivateKey::generate(), {}};
    crypto::CertificateOptions options;
    options.common_name = std::move(common_name);
    options.organisation = plan.name_en.substr(0, 64);
    options.country = plan.country;
    if (use == crypto::CertificateUse::tls) options.hosts = {plan.host, "sign." + plan.host};
    options.use = use;
    options.not_before = now - std::chrono::minutes{5};
    options.not_after = add(now, Period{.years = 2});
    out.certificate = crypto::make_certificate(out.key, options);
    return out;
}

void write_key(const fs::path& dir, const std::string& name, const Made& made) {
    write_new_file(dir / (name + ".key.pem"), made.key.to_pem(), true);
    write_new_file(dir / (name + ".cert.pem"), made.certificate.pem(), false);
}

directory::PinnedCertificate pin(const Made& made, Instant now) {
    return {made.certificate, {now - std::chrono::minutes{5}, std::nullopt}, std::nullopt};
}

std::string settings_text(const NodePlan& plan, const std::string& witness_name) {
    const node::Settings defaults;
    return fmt::format(
        "# Settings of this node. Every value is written out; change and restart.\n"
        "participant = \"{}\"\nfederation = \"{}\"\n\n"
        "# Where the node is reached, and where it listens.\nhost = \"{}\"\naddress = \"{}\"\nport = {}\n\n"
        "# Directory of the law pack.\nlaw = \"{}\"\n\n"
        "# Directory of the built pages; empty: the interface without pages.\npages = \"{}\"\n\n"
        "# Threads that serve requests.\nworkers = 2\nlog_requests = false\n\n"
        "# Milliseconds.\nrecord_beat = {}\nrecord_padding = {}\nrecord_promise = {}\nretry_first = {}\nretry_most = {}\n\n"
        "# Key name of this node's cosignatures; empty when it is no witness.\nwitness_name = \"{}\"\n\n"
        "# Offices whose sealing keys this node holds.\noffices = [{}]\n\n"
        "# Inner networks in which systems of webhooks may stand, such as \"10.20.0.0/16\"; without any, "
        "public addresses only.\nwebhook_networks = []\n"
        "# Certificates (PEM) by which they are known; empty: those of the machine.\nwebhook_ca = \"\"\n"
        "# The organisation's way out for them, http://host:port; empty: they are called directly.\n"
        "webhook_proxy = \"\"\n\n"
        "# Which release of the program runs here: the proof that came with it, and the policy that says "
        "whose releases are believed.\nrelease_proof = \"{}\"\nrelease_policy = \"{}\"\n\n"
        "# Systems of your own that are told that something happened, and nothing of what: as many as you "
        "like.\n# [[webhook]]\n# name = \"registry\"\n# url = \"https://registry.example/comity\"\n"
        "# events = [\"case.opened\", \"case.changed\", \"case.owed\", \"case.at-rest\"]\n\n"
        "# E-mail to people who wish for it: a link and a reference, never anything of a case.\n"
        "# [mail]\n# host = \"mail.example\"\n# port = 587\n# security = \"starttls\" # or \"tls\", usually on 465\n"
        "# user = \"comity\"\n# password_file = \"keys/mail.password\"\n# from = \"comity@ministry.example\"\n"
        "# domains = [\"ministry.example\"] # to which addresses may belong\n"
        "# pause_minutes = 15 # at least so long between two to one person\n# ca = \"\"\n\n"
        "# A program of this machine that translates what people read; nothing leaves the machine.\n"
        "# [translator]\n# name = \"Apertium\"\n# command = [\"/usr/bin/apertium\", \"{{pair}}\"]\n"
        "# pairs = {{ es-fr = \"es-fr\", fr-es = \"fr-es\" }}\n",
        plan.participant, plan.federation, plan.host, plan.address, plan.port, plan.law, plan.pages,
        defaults.record_beat.count(), node::padding_usual.count(), defaults.record_promise.count(),
        defaults.retry_first.count(), defaults.retry_most.count(), witness_name,
        [&] {
            std::string list;
            for (const auto& office : plan.offices)
                list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", office.id);
            return list;
        }(),
        plan.release_proof, plan.release_policy);
}

// The first of these folders, counted from the program's own, in which `sign` lies.
std::string beside_program(std::initializer_list<const char*> folders, const char* sign) {
    std::error_code ec;
    const auto exe = fs::read_symlink("/proc/self/exe", ec);
    if (ec) return {};
    for (const auto* folder : folders)
        if (fs::exists(exe.parent_path() / folder / sign, ec))
            return fs::weakly_canonical(exe.parent_path() / folder).string();
    return {};
}

// What a participant or an office is called, by language; who reads another gets the English.
std::map<std::string, std::string> names_of(
    const std::string& en, const std::string& fr, const std::string& ar) {
    std::map<std::string, std::string> out{{"en", en}};
    if (!fr.empty()) out.emplace("fr", fr);
    if (!ar.empty()) out.emplace("ar", ar);
    return out;
}

node::FoundersPlan founders_plan(const NodePlan& plan) {
    node::FoundersPlan out;
    out.participant_names = names_of(plan.name_en, plan.name_fr, plan.name_ar);
    for (const auto& office : plan.offices)
        out.office_names[OfficeId(office.id)] =
            names_of(office.name, office.name_fr, office.name_ar);
    for (const auto& founder : plan.founders)
        out.founders.push_back(
            {PersonId(founder.person), founder.name, OfficeId(founder.office), founder.roles});
    return out;
}

// English is what every reader can fall back on; names stand in lists and headings.
Result<void> check_names(
    std::string_view english, std::string_view french, std::string_view arabic) {
    if (english.empty()) return refuse(Code::setting_invalid, "a name in English is missing");
    for (const auto name : {english, french, arabic})
        if (name.size() > limits::person_name_bytes || !is_plain(name))
            return refuse(
                Code::setting_invalid, fmt::format(
                                           "a name has at most {} bytes and stands on one line",
                                           limits::person_name_bytes));
    return {};
}

Result<void> check_plan(const NodePlan& plan) {
    TRY_VOID(check_names(plan.name_en, plan.name_fr, plan.name_ar));
    for (const auto& office : plan.offices)
        TRY_VOID(check_names(office.name, office.name_fr, office.name_ar));
    for (const auto& name : {plan.participant, plan.federation})
        if (!is_name(name))
            return refuse(Code::setting_invalid, fmt::format("\"{}\" is not a name", name));
    if (plan.country.size() != 2) return refuse(Code::setting_invalid, "country is two letters");
    if (plan.port < 1 || plan.port > 65'535)
        return refuse(Code::setting_invalid, "port is between 1 and 65535");
    if (plan.host.empty()) return refuse(Code::setting_invalid, "host is empty");
    if (plan.founders.size() != 2 || plan.founders[0].person == plan.founders[1].person)
        return refuse(Code::roll_two_people, "a node begins with two different people");
    if (plan.founders[0].passkey.has_value() != plan.founders[1].passkey.has_value())
        return refuse(
            Code::setting_invalid, "one founder has a passkey in the plan and the other has none");
    if (!plan.founders[0].passkey) return node::check_founders(founders_plan(plan));
    return {};
}

void store_founders(
    const NodePlan& plan, const node::Keys& keys, store::SqliteStore& store, Instant now,
    directory::Participant& participant) {
    if (!plan.founders[0].passkey) {
        store.write(
            [&](node::StoreWriter& writer) { node::plan_founders(writer, founders_plan(plan)); });
        return;
    }
    for (const auto& founder : plan.founders) {
        directory::RollEntry entry;
        entry.federation = plan.federation;
        entry.participant = ParticipantId(plan.participant);
        entry.person = PersonId(founder.person);
        entry.office = OfficeId(founder.office);
        entry.roles = founder.roles;
        entry.passkey = *founder.passkey;
        entry.valid_from = now - std::chrono::minutes{5};
        entry.valid_until = add(now, Period{.years = 2});
        entry.trained_until = add(now, Period{.years = 1});
        entry.founding = true;
        const std::string text = node::found(keys, entry, now);
        const Digest hash = directory::roll_entry_hash(directory::print_roll_entry(entry));
        participant.founders.push_back(hash);
        store.write(
            [&](node::StoreWriter& writer) { writer.put_roll({hash, entry.person, text, false}); });
    }
}

Result<crypto::Passkey> parse_passkey(const json::Object& object) {
    json::Reader in{object, "passkey"};
    crypto::Passkey out;
    out.credential_id = from_base64url(in.string("id")).value_or("");
    const auto point = from_base64url(in.string("point")).value_or("");
    out.rp_id = in.string("rp_id");
    out.origin = in.string("origin");
    TRY_VOID(in.done());
    TRY(out.key, crypto::PublicKey::from_point(point));
    return out;
}

// Every procedure is explored once when the node is created; `serve` asks again only when the
// pack's digest has changed.
Result<std::string> checked_pack(const std::string& law) {
    TRY(auto pack, law::Pack::load(law, crypto::sha256));
    for (const auto& id : pack.procedures()) {
        TRY(const auto procedure,
            procedure::Procedure::read(*pack.procedure_text(id), id + ".json"));
        TRY_VOID(procedure::check_all(procedure));
    }
    return pack.digest();
}

} // namespace

Result<Bytes> read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return refuse(Code::not_initialised, fmt::format("{} cannot be read", path.string()));
    return Bytes(std::istreambuf_iterator<char>(in), {});
}

void write_new_file(const fs::path& path, BytesView bytes, bool secret) {
    const int fd =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, secret ? 0600 : 0644);
    if (fd < 0) throw StorageFault("cannot create " + path.string());
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto n = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (n <= 0) break;
        done += static_cast<std::size_t>(n);
    }
    const bool ok = done == bytes.size() && ::fsync(fd) == 0;
    ::close(fd);
    if (!ok) throw StorageFault("cannot write " + path.string());
}

Result<NodePlan> parse_plan(std::string_view text) {
    TRY(const auto object, json::parse_object(text, limits::act_part_bytes));
    json::Reader in{object, "plan"};
    NodePlan out;
    out.participant = in.string("participant");
    out.federation = in.string("federation");
    const auto kind = in.string("kind");
    const auto at = std::find(kinds.begin(), kinds.end(), kind);
    if (at == kinds.end())
        in.complain("kind", "is not authority, provider, oversight or witness");
    else
        out.kind = static_cast<directory::Kind>(at - kinds.begin());
    out.country = in.string("country");
    out.oversees = in.strings_if("oversees");
    out.name_en = in.string("name_en");
    out.name_fr = in.string_if("name_fr").value_or("");
    out.name_ar = in.string_if("name_ar").value_or("");
    out.host = in.string("host");
    out.port = static_cast<int>(in.integer("port"));
    out.address = in.string_if("address").value_or("127.0.0.1");
    out.law = in.string_if("law").value_or(default_law_directory());
    out.pages = in.string_if("pages").value_or(default_pages_directory());
    out.witness = in.boolean_or("witness", false);
    out.languages = in.strings_if("languages");
    if (const auto* capabilities = in.object_if("capabilities")) out.capabilities = *capabilities;
    out.callback = in.string_if("callback").value_or("");
    out.release_proof = in.string_if("release_proof").value_or("");
    out.release_policy = in.string_if("release_policy").value_or("");
    for (const auto& item : in.array("offices")) {
        if (!item.is_object()) return refuse(Code::setting_invalid, "an office is not an object");
        json::Reader office{item.as_object(), "office"};
        OfficePlan plan{office.string("id"), office.string("name"), office.strings("roles")};
        plan.name_fr = office.string_if("name_fr").value_or("");
        plan.name_ar = office.string_if("name_ar").value_or("");
        out.offices.push_back(std::move(plan));
        TRY_VOID(office.done());
    }
    for (const auto& item : in.array("founders")) {
        if (!item.is_object()) return refuse(Code::setting_invalid, "a founder is not an object");
        json::Reader founder{item.as_object(), "founder"};
        FounderPlan plan{
            founder.string("person"), founder.string("office"), founder.strings("roles"), {}, {}};
        plan.name = founder.string_if("name").value_or("");
        const auto* passkey = founder.object_if("passkey");
        TRY_VOID(founder.done());
        if (passkey) {
            TRY(plan.passkey, parse_passkey(*passkey));
        }
        out.founders.push_back(std::move(plan));
    }
    TRY_VOID(in.done());
    return out;
}

Result<directory::Participant> create_node(const fs::path& dir, const NodePlan& plan, Instant now) {
    TRY_VOID(check_plan(plan));
    if (fs::exists(dir))
        return refuse(Code::already_exists, fmt::format("{} is there already", dir.string()));
    TRY(const auto pack_digest, checked_pack(plan.law));
    fs::create_directories(dir / "keys");
    fs::create_directories(dir / "record");
    fs::create_directories(dir / "evidence");
    fs::create_directories(dir / "vault");
    fs::permissions(dir / "vault", fs::perms::owner_all);
    fs::permissions(dir / "keys", fs::perms::owner_all);

    const auto seal = make_key(plan, plan.participant + " seal", crypto::CertificateUse::seal, now);
    const auto sealing =
        make_key(plan, plan.participant + " sealing", crypto::CertificateUse::sealing, now);
    const auto tls = make_key(plan, plan.host, crypto::CertificateUse::tls, now);
    const auto record = crypto::Ed25519Key::generate();
    write_key(dir / "keys", "seal", seal);
    write_key(dir / "keys", "sealing", sealing);
    write_key(dir / "keys", "tls", tls);
    write_new_file(dir / "keys/record.seed", to_hex(record.seed()), true);

    directory::Participant out;
    out.id = ParticipantId(plan.participant);
    out.kind = plan.kind;
    out.country = plan.country;
    out.oversees = plan.oversees;
    out.names = names_of(plan.name_en, plan.name_fr, plan.name_ar);
    out.host = plan.host;
    out.port = plan.port;
    out.seal = {pin(seal, now)};
    out.sealing = {pin(sealing, now)};
    out.tls = {pin(tls, now)};
    out.record.origin = plan.host + "/record";
    out.record.vkey = record::log_key(out.record.origin, record).text();
    out.languages = plan.languages;
    out.capabilities = plan.capabilities;
    out.callback = plan.callback;
    for (const auto& office : plan.offices) {
        const auto key = make_key(plan, office.id, crypto::CertificateUse::sealing, now);
        write_key(dir / "keys", "office-" + office.id, key);
        directory::Office entry{
            OfficeId(office.id),
            names_of(office.name, office.name_fr, office.name_ar),
            {},
            {pin(key, now)}};
        for (const auto& role : office.roles)
            entry.competences.push_back({role, {now - std::chrono::minutes{5}, std::nullopt}});
        out.offices.push_back(std::move(entry));
    }
    std::string witness_name;
    if (plan.witness) {
        const auto witness = crypto::Ed25519Key::generate();
        witness_name = plan.host + "/witness";
        write_new_file(dir / "keys/witness.seed", to_hex(witness.seed()), true);
        write_new_file(
            dir / "witness.vkey", record::witness_key(witness_name, witness).text() + "\n", false);
    }
    TRY(auto store, store::SqliteStore::create((dir / "comity.db").string()));
    node::Keys keys;
    keys.seal = seal.key;
    keys.seal_certificate = seal.certificate;
    store_founders(plan, keys, *store, now, out);
    store->write(
        [&](node::StoreWriter& writer) { writer.put_setting("law_checked", pack_digest); });
    write_new_file(dir / "record/vkey", out.record.vkey + "\n", false);
    write_new_file(
        dir / "participant.json", json::pretty(directory::print_participant(out)), false);
    // Last, because it makes the directory a node.
    write_new_file(dir / "node.toml", settings_text(plan, witness_name), false);
    return out;
}

Result<void> name_founders(const fs::path& dir, const std::vector<Digest>& entries) {
    const fs::path file = dir / "participant.json";
    TRY(const auto text, read_file(file));
    TRY(const auto object, json::parse_object(text, limits::directory_bytes));
    TRY(auto participant, directory::parse_participant(object));
    participant.founders = entries;
    // Renamed into place: it is the old one or the new one.
    const fs::path next = dir / "participant.json.new";
    fs::remove(next);
    write_new_file(next, json::pretty(directory::print_participant(participant)), false);
    fs::rename(next, file);
    return {};
}

namespace {

Result<std::vector<std::string>> strings_of(const toml::table& table, std::string_view name) {
    std::vector<std::string> out;
    const auto* node = table.get(name);
    if (!node) return out;
    const auto* array = node->as_array();
    if (!array) return refuse(Code::setting_invalid, fmt::format("{} is a list of texts", name));
    for (const auto& item : *array) {
        const auto text = item.value<std::string>();
        if (!text) return refuse(Code::setting_invalid, fmt::format("{} holds texts", name));
        out.push_back(*text);
    }
    return out;
}

Result<void> check_members(
    const toml::table& table, std::string_view where, const std::set<std::string_view>& known) {
    for (const auto& [key, value] : table)
        if (!known.contains(key.str()))
            return refuse(
                Code::setting_invalid, fmt::format("{} is not a setting of {}", key.str(), where));
    return {};
}

Result<node::Webhook> read_webhook(const toml::table& table, const post::WebRules& rules) {
    TRY_VOID(check_members(table, "[[webhook]]", {"name", "url", "events"}));
    node::Webhook out;
    out.name = table["name"].value_or(std::string());
    out.url = table["url"].value_or(std::string());
    TRY(out.kinds, strings_of(table, "events"));
    if (!is_name(out.name))
        return refuse(Code::setting_invalid, fmt::format("a webhook's name \"{}\"", out.name));
    for (const auto& kind : out.kinds)
        if (std::find(node::webhook_kinds.begin(), node::webhook_kinds.end(), kind) ==
            node::webhook_kinds.end())
            return refuse(
                Code::setting_invalid, fmt::format(
                                           "\"{}\" is no event of a webhook; there are {}", kind,
                                           fmt::join(node::webhook_kinds, ", ")));
    TRY_VOID(post::check_url(rules, out.url));
    return out;
}

Result<void> read_webhooks(const toml::table& table, NodeFile& out) {
    TRY(const auto networks, strings_of(table, "webhook_networks"));
    for (const auto& text : networks) {
        TRY(auto network, post::Network::parse(text));
        out.web.networks.push_back(network);
    }
    out.web.ca_file = table["webhook_ca"].value_or(std::string());
    out.web.proxy = table["webhook_proxy"].value_or(std::string());
    if (!out.web.proxy.empty()) TRY_VOID(post::check_proxy(out.web.proxy));
    const auto* all = table.get("webhook");
    if (!all) return {};
    if (!all->is_array_of_tables() || all->as_array()->size() > limits::webhooks)
        return refuse(
            Code::setting_invalid,
            fmt::format("webhooks are up to {} tables: [[webhook]]", limits::webhooks));
    for (const auto& one : *all->as_array()) {
        TRY(auto webhook, read_webhook(*one.as_table(), out.web));
        for (const auto& other : out.settings.webhooks)
            if (other.name == webhook.name)
                return refuse(
                    Code::setting_invalid, fmt::format("two webhooks are called {}", other.name));
        out.settings.webhooks.push_back(std::move(webhook));
    }
    return {};
}

// The password lies in a file of its own, as keys do: settings are read by more people.
Result<void> read_mail(const toml::table& all, const fs::path& dir, NodeFile& out) {
    const auto* member = all.get("mail");
    if (!member) return {};
    if (!member->is_table()) return refuse(Code::setting_invalid, "mail is a table: [mail]");
    const auto& table = *member->as_table();
    TRY_VOID(check_members(
        table, "[mail]",
        {"host", "port", "security", "user", "password_file", "from", "domains", "pause_minutes",
         "ca"}));
    auto& server = out.mail;
    auto& rules = out.settings.mail;
    server.host = table["host"].value_or(std::string());
    server.port = table["port"].value_or(587);
    const auto security = table["security"].value_or(std::string("starttls"));
    server.tls_at_once = security == "tls";
    server.user = table["user"].value_or(std::string());
    server.from = table["from"].value_or(std::string());
    server.ca_file = table["ca"].value_or(std::string());
    TRY(rules.domains, strings_of(table, "domains"));
    const auto minutes = table["pause_minutes"].value_or(std::int64_t{15});
    if (server.host.empty() || server.host.find_first_of("/@?# \r\n") != std::string::npos ||
        server.port < 1 || server.port > 65'535 || (security != "starttls" && security != "tls") ||
        minutes < 1 || minutes > 24 * 60)
        return refuse(
            Code::setting_invalid,
            "[mail]: host, port, security (starttls or tls) or pause_minutes is out of range");
    if (!post::is_plain_address(server.from) || rules.domains.empty())
        return refuse(
            Code::setting_invalid, "[mail]: from is an address, and domains names at least one");
    if (const auto file = table["password_file"].value_or(std::string()); !file.empty()) {
        TRY(auto password, read_file(dir / file));
        while (!password.empty() && (password.back() == '\n' || password.back() == '\r'))
            password.pop_back();
        server.password = std::move(password);
    }
    rules.on = true;
    rules.pause = std::chrono::minutes{minutes};
    rules.link = fmt::format(
        "https://sign.{}{}/work?mine=true", out.host,
        out.port == 443 ? "" : fmt::format(":{}", out.port));
    return {};
}

Result<void> read_translator(const toml::table& all, NodeFile& out) {
    const auto* member = all.get("translator");
    if (!member) return {};
    if (!member->is_table())
        return refuse(Code::setting_invalid, "translator is a table: [translator]");
    const auto& table = *member->as_table();
    TRY_VOID(check_members(table, "[translator]", {"name", "command", "pairs"}));
    TRY(auto command, strings_of(table, "command"));
    std::map<std::string, std::string> pairs;
    if (const auto* named = table.get("pairs")) {
        if (!named->is_table())
            return refuse(Code::setting_invalid, "[translator]: pairs is a table");
        for (const auto& [pair, model] : *named->as_table())
            pairs.emplace(pair.str(), model.value_or(std::string()));
    }
    TRY(out.translator,
        TranslatorFile::make(table["name"].value_or(std::string()), std::move(command), pairs));
    return {};
}

} // namespace

Result<NodeFile> read_settings(const fs::path& dir) {
    TRY(const auto text, read_file(dir / "node.toml"));
    NodeFile out;
    try {
        const auto table = toml::parse(text, (dir / "node.toml").string());
        for (const auto& [key, value] : table) {
            static const std::set<std::string_view> known = {
                "participant",  "federation",    "host",           "address",
                "port",         "law",           "pages",          "workers",
                "log_requests", "record_beat",   "record_padding", "record_promise",
                "retry_first",  "retry_most",    "witness_name",   "offices",
                "webhook",      "mail",          "translator",     "webhook_networks",
                "webhook_ca",   "webhook_proxy", "release_proof",  "release_policy"};
            if (!known.contains(key.str()))
                return refuse(Code::setting_invalid, fmt::format("{} is not a setting", key.str()));
        }
        out.settings.participant = ParticipantId(table["participant"].value_or(std::string()));
        out.settings.federation = table["federation"].value_or(std::string());
        out.host = table["host"].value_or(std::string());
        out.address = table["address"].value_or(std::string("127.0.0.1"));
        out.port = table["port"].value_or(0);
        out.law = table["law"].value_or(default_law_directory());
        out.pages = table["pages"].value_or(default_pages_directory());
        out.workers = table["workers"].value_or(2u);
        out.log_requests = table["log_requests"].value_or(false);
        const auto milliseconds = [&](const char* name, Milliseconds otherwise) {
            return Milliseconds{table[name].value_or(static_cast<std::int64_t>(otherwise.count()))};
        };
        out.settings.record_beat = milliseconds("record_beat", out.settings.record_beat);
        out.record_padding = milliseconds("record_padding", node::padding_usual);
        out.settings.record_promise = milliseconds("record_promise", out.settings.record_promise);
        out.settings.retry_first = milliseconds("retry_first", out.settings.retry_first);
        out.settings.retry_most = milliseconds("retry_most", out.settings.retry_most);
        out.settings.witness_name = table["witness_name"].value_or(std::string());
        out.release_proof = table["release_proof"].value_or(std::string());
        out.release_policy = table["release_policy"].value_or(std::string());
        TRY_VOID(read_webhooks(table, out));
        TRY_VOID(read_mail(table, dir, out));
        TRY_VOID(read_translator(table, out));
    } catch (const toml::parse_error& error) {
        return refuse(
            Code::setting_invalid,
            fmt::format("node.toml, line {}: {}", error.source().begin.line, error.description()));
    }
    if (!is_name(out.settings.participant.str()) || !is_name(out.settings.federation))
        return refuse(Code::setting_invalid, "participant and federation are names");
    if (out.host.empty() || out.port < 1 || out.port > 65'535 || out.workers < 1 ||
        out.workers > 256)
        return refuse(Code::setting_invalid, "host, port or workers is missing or out of range");
    if (out.settings.record_beat < Milliseconds{10} || out.record_padding < node::padding_least ||
        out.record_padding > node::padding_most || out.settings.retry_first < Milliseconds{10} ||
        out.settings.retry_most < out.settings.retry_first)
        return refuse(Code::setting_invalid, "a time is out of range");
    if (out.release_proof.empty() != out.release_policy.empty())
        return refuse(
            Code::setting_invalid,
            "release_proof and release_policy are given together, or neither");
    return out;
}

namespace {

Result<node::SealingKey> read_pair(const fs::path& dir, const std::string& name) {
    TRY(const auto key, read_file(dir / (name + ".key.pem")));
    TRY(const auto certificate, read_file(dir / (name + ".cert.pem")));
    node::SealingKey out;
    TRY(out.key, crypto::PrivateKey::from_pem(key));
    TRY(out.certificate, crypto::Certificate::from_pem(certificate));
    if (!(out.key.public_key() == out.certificate.public_key()))
        return refuse(
            Code::setting_invalid,
            fmt::format("keys/{}: key and certificate do not belong together", name));
    return out;
}

Result<crypto::Ed25519Key> read_seed(const fs::path& path) {
    TRY(const auto text, read_file(path));
    const auto seed = from_hex(text);
    if (!seed)
        return refuse(Code::setting_invalid, fmt::format("{} is not hexadecimal", path.string()));
    return crypto::Ed25519Key::from_seed(*seed);
}

} // namespace

Result<node::Keys> read_keys(const fs::path& dir, const NodeFile& file) {
    node::Keys out;
    const fs::path keys = dir / "keys";
    TRY(auto seal, read_pair(keys, "seal"));
    out.seal = std::move(seal.key);
    out.seal_certificate = std::move(seal.certificate);
    TRY(out.sealing, read_pair(keys, "sealing"));
    constexpr std::string_view prefix = "office-";
    constexpr std::string_view suffix = ".key.pem";
    for (const auto& entry : fs::directory_iterator(keys)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
        const std::string stem = name.substr(0, name.size() - suffix.size());
        TRY(auto pair, read_pair(keys, stem));
        out.offices.emplace(OfficeId(stem.substr(prefix.size())), std::move(pair));
    }
    TRY(auto record, read_seed(keys / "record.seed"));
    out.record = std::move(record);
    if (!file.settings.witness_name.empty()) {
        TRY(auto witness, read_seed(keys / "witness.seed"));
        out.witness = std::move(witness);
    }
    return out;
}

std::string default_law_directory() {
    if (const char* given = std::getenv("COMITY_LAW")) return given;
    std::error_code ec;
    if (auto found = beside_program({"../share/comity/law", "../../law", "law"}, "procedures");
        !found.empty())
        return found;
    return fs::exists("law/procedures", ec) ? fs::absolute("law").string() : "law";
}

std::string default_pages_directory() {
    if (const char* given = std::getenv("COMITY_PAGES")) return given;
    return beside_program({"../share/comity/web", "../web"}, "manifest.json");
}

} // namespace comity::apps
