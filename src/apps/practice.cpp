// Building the practice world: plans, directory, people, processes.
#include "apps/practice.hpp"

#include "apps/now.hpp"
#include "apps/release.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/enrol.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace comity::apps {

namespace fs = std::filesystem;

namespace {

struct Cast {
    std::string_view person;
    std::string_view name; ///< invented, as everybody here
    std::string_view node;
    std::string_view office;
    std::string_view role;
    bool founder;
};

// Two administrators of each node begin its roll; they enrol everybody else. A third makes that
// each of the two can be enrolled by two others for signing in.
constexpr Cast cast[] = {
    {"arcadia-admin-1", "Henrik Salo", "arcadia-authority", "arcadia-central", "administrator",
     true},
    {"arcadia-admin-2", "Katja Meri", "arcadia-authority", "arcadia-central", "administrator",
     true},
    {"arcadia-admin-3", "Tomas Lind", "arcadia-authority", "arcadia-central", "administrator",
     false},
    {"arcadia-officer", "Ada Brandt", "arcadia-authority", "arcadia-cyber-unit", "issuing-officer",
     false},
    {"arcadia-deputy", "Elin Saar", "arcadia-authority", "arcadia-cyber-unit", "issuing-officer",
     false},
    {"arcadia-supervisor", "Bram Okafor", "arcadia-authority", "arcadia-cyber-unit",
     "supervising-officer", false},
    {"arcadia-duty", "Omar Haddad", "arcadia-authority", "arcadia-cyber-unit", "duty-officer",
     false},
    {"arcadia-judge", "Carmen Ruiz", "arcadia-authority", "arcadia-court", "judge", false},
    {"arcadia-clerk", "Sven Aaltonen", "arcadia-authority", "arcadia-central",
     "central-authority-officer", false},
    {"borealis-admin-1", "Nils Berg", "borealis-authority", "borealis-central", "administrator",
     true},
    {"borealis-admin-2", "Petra Novak", "borealis-authority", "borealis-central", "administrator",
     true},
    {"borealis-admin-3", "Luc Moreau", "borealis-authority", "borealis-central", "administrator",
     false},
    {"borealis-clerk", "Ivo Marin", "borealis-authority", "borealis-central",
     "central-authority-officer", false},
    {"borealis-deputy", "Mira Halonen", "borealis-authority", "borealis-central",
     "central-authority-officer", false},
    {"borealis-judge", "Jana Kessler", "borealis-authority", "borealis-court", "judge", false},
    {"cordia-admin-1", "Rosa Duarte", "cordia-authority", "cordia-central", "administrator", true},
    {"cordia-admin-2", "Yusuf Demir", "cordia-authority", "cordia-central", "administrator", true},
    {"cordia-admin-3", "Mina Park", "cordia-authority", "cordia-central", "administrator", false},
    {"cordia-clerk", "Lea Fontaine", "cordia-authority", "cordia-central",
     "central-authority-officer", false},
    {"nimbus-admin-1", "Paul Weiss", "nimbus-mail", "nimbus-legal", "administrator", true},
    {"nimbus-admin-2", "Irina Popa", "nimbus-mail", "nimbus-legal", "administrator", true},
    {"nimbus-admin-3", "Samir Nasser", "nimbus-mail", "nimbus-legal", "administrator", false},
    {"nimbus-officer", "Dina Costa", "nimbus-mail", "nimbus-legal", "response-officer", false},
    {"inspectorate-admin-1", "Eva Lindqvist", "inspectorate", "inspectors", "administrator", true},
    {"inspectorate-admin-2", "Marko Ilic", "inspectorate", "inspectors", "administrator", true},
    {"inspectorate-admin-3", "Amara Diallo", "inspectorate", "inspectors", "administrator", false},
    {"inspector", "Goran Petrov", "inspectorate", "inspectors", "inspector", false},
};

struct NodeCast {
    std::string_view node;
    directory::Kind kind;
    std::string_view country;
    std::string_view en;
    std::string_view fr;
    std::string_view ar;
    std::string_view host;
};

constexpr NodeCast node_cast[] = {
    {"arcadia-authority", directory::Kind::authority, "XA", "Arcadia", "Arcadie", "أركاديا",
     "arcadia.localhost"},
    {"borealis-authority", directory::Kind::authority, "XB", "Borealis", "Boréalie", "بورياليس",
     "borealis.localhost"},
    {"cordia-authority", directory::Kind::authority, "XC", "Cordia", "Cordie", "كورديا",
     "cordia.localhost"},
    {"nimbus-mail", directory::Kind::provider, "XB", "Nimbus Mail", "Nimbus Mail", "نيمبوس ميل",
     "nimbus.localhost"},
    {"inspectorate", directory::Kind::oversight, "XA", "The Joint Inspectorate",
     "L’Inspection commune", "هيئة التفتيش المشتركة", "inspectorate.localhost"},
};

struct OfficeCast {
    std::string_view node;
    std::string_view office;
    std::string_view en;
    std::string_view fr;
    std::string_view ar;
    std::vector<std::string> roles;
};

const std::vector<OfficeCast>& office_cast() {
    static const std::vector<OfficeCast> list = {
        {"arcadia-authority",
         "arcadia-cyber-unit",
         "Cybercrime Unit of Port Alder",
         "Brigade de cybercriminalité de Port Alder",
         "وحدة الجرائم الإلكترونية في بورت ألدر",
         {"issuing-officer", "supervising-officer", "duty-officer"}},
        {"arcadia-authority",
         "arcadia-court",
         "District Court of Port Alder",
         "Tribunal de district de Port Alder",
         "محكمة مقاطعة بورت ألدر",
         {"judge"}},
        {"arcadia-authority",
         "arcadia-central",
         "Central Authority of Arcadia",
         "Autorité centrale d’Arcadie",
         "السلطة المركزية لأركاديا",
         {"central-authority-officer", "administrator"}},
        {"borealis-authority",
         "borealis-court",
         "Central Court of Northport",
         "Tribunal central de Northport",
         "المحكمة المركزية في نورثبورت",
         {"judge"}},
        {"borealis-authority",
         "borealis-central",
         "Central Authority of Borealis",
         "Autorité centrale de Boréalie",
         "السلطة المركزية لبورياليس",
         {"central-authority-officer", "administrator"}},
        {"cordia-authority",
         "cordia-central",
         "Central Authority of Cordia",
         "Autorité centrale de Cordie",
         "السلطة المركزية لكورديا",
         {"central-authority-officer", "administrator"}},
        {"nimbus-mail",
         "nimbus-legal",
         "Legal response team of Nimbus Mail",
         "Service juridique de Nimbus Mail",
         "فريق الاستجابة القانونية في نيمبوس ميل",
         {"response-officer", "administrator"}},
        {"inspectorate",
         "inspectors",
         "Inspectors",
         "Inspecteurs",
         "المفتشون",
         {"inspector", "administrator"}},
    };
    return list;
}

json::Object print_passkey(const crypto::Passkey& passkey) {
    return {
        {"id", to_base64url(passkey.credential_id)},
        {"point", to_base64url(passkey.key.point())},
        {"rp_id", passkey.rp_id},
        {"origin", passkey.origin}};
}

} // namespace

KeptPort::KeptPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const int on = 1;
    // Bound first and shared then, so that it is a port that nobody else shares.
    if (socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
        if (socket_ >= 0) ::close(socket_);
        throw Fault("no free port on loopback");
    }
    number_ = ntohs(address.sin_port);
}

KeptPort::~KeptPort() {
    ::close(socket_);
}

PracticeWorld::PracticeWorld(fs::path dir, std::string law)
    : dir_(std::move(dir)),
      time_(dir_),
      law_(std::move(law)),
      spawner_([this] { run_spawner(); }) {}

PracticeWorld::~PracticeWorld() {
    for (const auto& node : names_)
        stop(node, SIGTERM);
    {
        const std::scoped_lock lock(spawn_mutex_);
        spawn_stop_ = true;
    }
    spawn_wake_.notify_all();
    spawner_.join();
}

std::string PracticeWorld::name(const std::string& node) {
    for (const auto& item : node_cast)
        if (item.node == node) return std::string(item.en);
    return node;
}

std::string PracticeWorld::origin(const std::string& node, bool people) const {
    for (const auto& item : node_cast)
        if (item.node == node)
            return fmt::format("https://{}{}:{}", people ? "sign." : "", item.host, port(node));
    CHECK_THAT(false);
}

std::vector<std::string> PracticeWorld::people(const std::string& node) const {
    std::vector<std::string> out;
    for (const auto& item : cast)
        if (item.node == node) out.emplace_back(item.person);
    return out;
}

std::string PracticeWorld::next_file_number() {
    return fmt::format("PA-CY-2026-{:05}", next_file_++);
}

NodePlan PracticeWorld::plan(const std::string& node) const {
    NodePlan out;
    for (const auto& item : node_cast) {
        if (item.node != node) continue;
        out.participant = node;
        out.federation = practice_federation;
        out.kind = item.kind;
        out.country = item.country;
        out.name_en = item.en;
        out.name_fr = item.fr;
        out.name_ar = item.ar;
        out.host = item.host;
        if (item.kind == directory::Kind::oversight) out.oversees = {"XA", "XB", "XC"};
        out.witness = item.kind == directory::Kind::oversight;
        if (item.kind == directory::Kind::authority)
            out.callback = "+99 1 555 0100 (duty desk, day and night)";
    }
    out.port = port(node);
    out.law = law_;
    out.pages = default_pages_directory();
    out.languages = {"en", "fr"};
    if (!out.pages.empty()) {
        out.release_proof = fs::absolute(dir_ / "releases/proof");
        out.release_policy = fs::absolute(dir_ / "releases/policy");
    }
    for (const auto& office : office_cast())
        if (office.node == node)
            out.offices.push_back(
                {std::string(office.office), std::string(office.en), office.roles,
                 std::string(office.fr), std::string(office.ar)});
    for (const auto& item : cast)
        if (item.node == node && item.founder)
            out.founders.push_back(
                {std::string(item.person),
                 std::string(item.office),
                 {std::string(item.role)},
                 people_.at(std::string(item.person)).authenticator.passkey()});
    return out;
}

// The program that plays is released in the practice world's own log, by two invented people.
Result<void> PracticeWorld::release() {
    if (default_pages_directory().empty()) return {}; // a release has pages
    const fs::path made = dir_ / "releases";
    fs::create_directories(made);
    std::string policy;
    std::vector<record::SigningKey> keys;
    for (const auto* name :
         {"releases.example/lena", "releases.example/viktor", "releases.example"}) {
        keys.push_back({name, crypto::Ed25519Key::generate()});
        policy += fmt::format(
            "{} {}\n", keys.size() < 3 ? "signer" : "log",
            record::log_key(name, keys.back().key).text());
    }
    policy += "quorum none\n";
    const char* commit = std::getenv("COMITY_COMMIT");
    TRY(const auto text, release_of(
                             {{"/proc/self/exe"}, law_, default_pages_directory()}, COMITY_VERSION,
                             commit && *commit ? commit : std::string(40, '0')));
    Bytes note = text.text();
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(note, sign_release(note, keys[i]));
    }
    TRY(const auto trusted, record::ReleasePolicy::parse(policy));
    TRY_VOID(begin_log(made / "log", keys[2]));
    TRY_VOID(add_to_log(made / "log", note, keys[2], trusted));
    TRY(const auto proof, prove_release(made / "log", note));
    write_new_file(made / "policy", policy, false);
    write_new_file(made / "proof", proof, false);
    return {};
}

Result<void> PracticeWorld::build() {
    const Instant now = system_now();
    fs::create_directories(practice_people(dir_));
    for (const auto& item : node_cast) {
        names_.emplace_back(item.node);
        ports_.try_emplace(std::string(item.node));
        for (const auto& person : cast) {
            if (person.node != item.node) continue;
            const std::string host(item.host);
            const auto people = origin(std::string(item.node), true);
            const auto make = [&](const std::string& rp, std::string_view ending) {
                auto key = crypto::SoftwareAuthenticator::create(rp, people);
                write_new_file(
                    practice_people(dir_) / fmt::format("{}{}", person.person, ending), key.save(),
                    true);
                return key;
            };
            people_.emplace(
                person.person, Person{
                                   std::string(person.person),
                                   std::string(person.name),
                                   std::string(person.node),
                                   std::string(person.office),
                                   {std::string(person.role)},
                                   make("sign." + host, ".passkey"),
                                   make(host, ".sign-in.passkey")});
        }
    }
    TRY_VOID(release());
    for (const auto& node : names_) {
        TRY(auto participant, create_node(dir_ / node, plan(node), now));
        participants_.push_back(std::move(participant));
        controls_.emplace(node, std::make_unique<Control>(dir_ / node));
        controls_.at(node)->patience(std::chrono::seconds{60});
    }
    TRY_VOID(make_directory());
    return enrol_people();
}

std::string PracticeWorld::last_words(const std::string& node) const {
    std::string log = read_file(dir_ / node / "node.log").value_or("");
    while (!log.empty() && log.back() == '\n')
        log.pop_back();
    return log.substr(log.rfind('\n') + 1);
}

Result<void> PracticeWorld::make_directory() {
    const Instant now = system_now();
    TRY(const auto pack, law::Pack::load(law_, crypto::sha256));
    directory::Draft draft;
    draft.federation = practice_federation;
    draft.issued = now;
    draft.expires = add(now, Period{.years = 1}); // stories let months pass
    draft.law_pack = pack.digest();
    draft.threshold = 2;
    draft.members = {
        ParticipantId("arcadia-authority"), ParticipantId("borealis-authority"),
        ParticipantId("cordia-authority")};
    draft.participants = participants_;
    draft.rules.extraordinary = {now + std::chrono::days{365}, 20, 90};
    TRY(auto vkey, read_file(dir_ / "inspectorate/witness.vkey"));
    write_new_file(dir_ / "witnesses", vkey, false);
    vkey.pop_back();
    draft.witness_policy = fmt::format("witness inspectorate {}\nquorum inspectorate\n", vkey);
    const Bytes payload = directory::print_directory(draft);
    std::string signed_directory;
    for (const auto& member : {"arcadia-authority", "borealis-authority"}) {
        TRY(const auto file, read_settings(dir_ / member));
        TRY(const auto keys, read_keys(dir_ / member, file));
        const crypto::JwsSigner signer{keys.seal, keys.seal_certificate};
        if (signed_directory.empty()) {
            signed_directory = crypto::sign_jws(payload, directory::directory_type, now, signer);
        } else {
            TRY(signed_directory, crypto::add_signature(
                                      signed_directory, directory::directory_type, now, signer,
                                      limits::directory_bytes * 2));
        }
    }
    write_new_file(dir_ / "directory.jws", signed_directory, false);
    for (const auto& node : names_)
        start(node);
    for (const auto& node : names_)
        if (const auto given = control(node).raw("POST", "/directory", signed_directory); !given)
            return refuse(
                given.error().code,
                fmt::format("{}; its log ends: {}", given.error().facts.text(), last_words(node)));
    return {};
}

Result<void> PracticeWorld::enrol_people() {
    const auto administrators = [this](const std::string& node) {
        std::vector<const Person*> out;
        for (const auto& id : people(node))
            if (people_.at(id).roles.front() == directory::administrator)
                out.push_back(&people_.at(id));
        return out;
    };
    for (const auto& item : cast) {
        const auto& person = people_.at(std::string(item.person));
        const auto by = administrators(person.node);
        if (!item.founder)
            TRY_VOID(enrol(
                person, person.authenticator, directory::Purpose::sign, *by.at(0), *by.at(1)));
    }
    for (const auto& item : cast) {
        const auto& person = people_.at(std::string(item.person));
        auto by = administrators(person.node);
        std::erase(by, &person); // nobody enrols themselves
        TRY_VOID(enrol(person, person.sign_in, directory::Purpose::sign_in, *by.at(0), *by.at(1)));
    }
    return {};
}

Result<void> PracticeWorld::enrol(
    const Person& person, const crypto::SoftwareAuthenticator& key, directory::Purpose purpose,
    const Person& first, const Person& second) {
    const Instant now = system_now();
    json::Array roles;
    for (const auto& role : person.roles)
        roles.emplace_back(role);
    TRY(const auto prepared,
        control(person.node)
            .post(
                "/roll/prepare",
                {{"person", person.id},
                 {"office", person.office},
                 {"roles", std::move(roles)},
                 {"purpose", purpose == directory::Purpose::sign ? "sign" : "sign-in"},
                 {"by_first", first.id},
                 {"by_second", second.id},
                 {"passkey", print_passkey(key.passkey())},
                 {"valid_until", to_text(add(now, Period{.years = 1}))},
                 {"trained_until", to_text(add(now, Period{.years = 1}))}}));
    const auto challenge = digest_from_text(std::string_view(prepared.at("challenge").as_string()));
    CHECK_THAT(challenge.has_value());
    TRY_VOID(
        control(person.node)
            .post(
                "/roll/enrol",
                {{"entry", prepared.at("entry")},
                 {"name", person.name},
                 {"label", "Practice key"},
                 {"first", act::print_assertion(first.authenticator.sign(view(*challenge)))},
                 {"second", act::print_assertion(second.authenticator.sign(view(*challenge)))}})
            .map([](auto&&) {}));
    return {};
}

pid_t PracticeWorld::spawn(const std::string& node) const {
    const std::string path = (dir_ / node).string();
    const std::string log = (dir_ / node / "node.log").string();
    const auto exe = fs::read_symlink("/proc/self/exe").string();
    const char* arguments[] = {exe.c_str(), "practice-node", "--dir", path.c_str(), nullptr};
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) throw Fault("cannot start a process");
    if (pid > 0) return pid;
    // The node ends with the practice world, however that ends.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    ::setpgid(0, 0); // Ctrl-C is for the practice world, which stops its nodes in order
    const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd >= 0) ::dup2(fd, 2);
    ::execv(exe.c_str(), const_cast<char**>(arguments));
    ::_exit(127);
}

void PracticeWorld::run_spawner() {
    std::unique_lock lock(spawn_mutex_);
    for (;;) {
        spawn_wake_.wait(lock, [this] { return spawn_stop_ || !spawn_wanted_.empty(); });
        if (spawn_wanted_.empty()) return;
        for (auto& [node, promise] : spawn_wanted_) {
            try {
                promise.set_value(spawn(node));
            } catch (...) {
                promise.set_exception(std::current_exception());
            }
        }
        spawn_wanted_.clear();
    }
}

void PracticeWorld::start(const std::string& node) {
    std::promise<pid_t> promise;
    auto made = promise.get_future();
    {
        const std::scoped_lock lock(spawn_mutex_);
        spawn_wanted_.emplace_back(node, std::move(promise));
    }
    spawn_wake_.notify_all();
    const pid_t pid = made.get();
    const std::scoped_lock lock(mutex_);
    processes_[node] = pid;
}

void PracticeWorld::stop(const std::string& node, int signal) {
    pid_t pid = 0;
    {
        const std::scoped_lock lock(mutex_);
        const auto at = processes_.find(node);
        if (at == processes_.end()) return;
        pid = at->second;
        processes_.erase(at);
    }
    ::kill(pid, signal);
    for (int i = 0; i < 100; ++i) {
        if (::waitpid(pid, nullptr, WNOHANG) == pid) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
}

} // namespace comity::apps
